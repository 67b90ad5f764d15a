"""The demo city is worth looking at: people have names of their own, things happen on different days, and what is listed can be opened."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import Page
from tests.e2e.doors import Office
from tests.e2e.living_city import LivingCity

from linli.channels.desk.engine.browser import Browser

CHINA = timezone(timedelta(hours=8))
OFFICE_HOURS = (8, 18)
SEEDED = "c.submitted_at < date_trunc('day', now() AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai'"
"""Cases of the city as it was built; what other tests did today is not the demo's."""
CHILDREN = ("2", "3")
"""First digits of GB/T 4761: sons and daughters of the head."""
IN_LAW = ("28", "38")
EXAMPLES = ("张三", "李四", "王五", "测试", "某", "演示")


@pytest.fixture(scope="module")
def rows(cluster: Any, city: LivingCity) -> Iterator[psycopg.Connection[Any]]:
    """The city's database, read as its superuser: whatever stands in it may end up on a page."""
    with psycopg.connect(cluster.dsn("postgres", city.database), autocommit=True) as link:
        yield link


def asked(rows: psycopg.Connection[Any], sql: str) -> list[Any]:
    return rows.execute(sql.encode()).fetchall()


def test_names_are_people_s_names_and_seldom_the_same(rows: psycopg.Connection[Any]) -> None:
    names = Counter(name for (name,) in asked(rows, "SELECT name FROM people_person"))
    people = names.total()
    assert people >= 500
    assert len(names) > people * 0.85, names.most_common(5)
    assert names.most_common(1)[0][1] <= max(4, people * 0.005), names.most_common(5)
    assert not [name for name in names if any(word in name for word in EXAMPLES)]
    assert not [name for name in names if not all("\u4e00" <= c <= "\u9fff" or c == "·" for c in name)]
    assert sum(len(name) in (2, 3, 4) for name in names) > len(names) * 0.97
    surnames = Counter(name[0] for name in names.elements())
    assert len(surnames) >= 30
    assert surnames.most_common(1)[0][1] < people * 0.2, surnames.most_common(3)


def test_staff_have_names_of_their_own(rows: psycopg.Connection[Any]) -> None:
    names = Counter(name for (name,) in asked(rows, "SELECT name FROM accounts_user WHERE kind = 'staff'"))
    assert names.most_common(1)[0][1] <= max(3, names.total() * 0.005), names.most_common(5)


def test_households_are_families(rows: psycopg.Connection[Any]) -> None:
    """No name twice in a house, children bear the name of a parent, and parents are older than their children."""
    houses: dict[UUID, list[tuple[str, str, date]]] = {}
    for house, *member in asked(
        rows,
        "SELECT m.household_id, m.relation, p.name, p.birth_date FROM households_membership m JOIN people_person p ON p.id = m.person_id WHERE m.until IS NULL",
    ):
        houses.setdefault(house, []).append((member[0], member[1], member[2]))
    assert len(houses) >= 150
    twins = [members for members in houses.values() if len({name for _, name, _ in members}) < len(members)]
    assert not twins, twins[:3]
    assert Counter(len(members) for members in houses.values()).most_common(1)[0][1] < len(houses) * 0.6
    own, others, younger = 0, [], []
    for members in houses.values():
        parents = [(name, born) for relation, name, born in members if relation == "02" or relation[0] == "1"]
        heads = [born for relation, _, born in members if relation == "02"]
        for relation, name, born in members:
            if relation[0] not in CHILDREN or relation in IN_LAW or not parents:
                continue
            own += name[0] in {parent[0] for parent, _ in parents}
            others += [] if name[0] in {parent[0] for parent, _ in parents} else [name]
            younger += [name] if heads and born and heads[0] and (born - heads[0]).days < 14 * 365 else []
    assert own > 9 * len(others), f"children with a stranger's surname: {others[:5]}"
    assert not younger, f"children about as old as the head of the household: {younger[:5]}"


def test_birthdays_and_days_of_handing_in_are_spread(rows: psycopg.Connection[Any]) -> None:
    born = Counter(day for (day,) in asked(rows, "SELECT birth_date FROM people_person WHERE birth_date IS NOT NULL"))
    assert born.most_common(1)[0][1] <= max(3, born.total() * 0.005), born.most_common(3)
    assert Counter((day.month, day.day) for day in born.elements())[1, 1] < born.total() * 0.03
    moments = [at.astimezone(CHINA) for (at,) in asked(rows, f"SELECT c.submitted_at FROM casefile_case c WHERE {SEEDED}")]
    days = Counter(at.date() for at in moments)
    assert len(set(moments)) > len(moments) * 0.95
    assert len(days) >= 40
    assert days.most_common(1)[0][1] < len(moments) * 0.12, days.most_common(3)
    assert len({(at.hour, at.minute) for at in moments}) > len(moments) * 0.4


def test_offices_work_on_working_days_and_in_order(rows: psycopg.Connection[Any]) -> None:
    special = dict(asked(rows, "SELECT date, is_workday FROM calendar_exception"))
    wrong, late, today = [], [], datetime.now(CHINA).date()
    for number, channel, *times in asked(
        rows,
        "SELECT number, channel, submitted_at, accepted_at, decided_at, delivered_at, deemed_accepted FROM casefile_case c WHERE " + SEEDED,
    ):
        submitted, *steps, deemed = times
        known = [at for at in (submitted, *steps) if at is not None]
        late += [] if known == sorted(known) else [number]
        office = [at for at in steps if at is not None and not deemed] + ([submitted] if channel == "counter" else [])
        for at in (at.astimezone(CHINA) for at in office):
            if at.date() == today:
                continue
            works = special.get(at.date(), at.weekday() < 5)
            if not works or not OFFICE_HOURS[0] <= at.hour < OFFICE_HOURS[1]:
                wrong.append((number, at.isoformat()))
    assert not late, f"decided before it was accepted, or accepted before it was handed in: {late[:5]}"
    assert not wrong, f"{len(wrong)} steps while every office is shut: {wrong[:5]}"


def test_nothing_has_happened_tomorrow(rows: psycopg.Connection[Any]) -> None:
    for table, column in (
        ("casefile_case", "submitted_at"),
        ("casefile_timeline", "at"),
        ("casefile_task", "opened_at"),
        ("casefile_paper", "issued_at"),
    ):
        assert asked(rows, f"SELECT count(*) FROM {table} WHERE {column} > now()") == [(0,)], table
    assert asked(rows, "SELECT count(*) FROM people_person WHERE birth_date > current_date") == [(0,)]


def test_every_paper_that_was_handed_in_opens_as_what_it_is(rows: psycopg.Connection[Any], city: LivingCity) -> None:
    bare = asked(
        rows,
        "SELECT m.key, count(*) FROM casefile_material m JOIN casefile_case c ON c.id = m.case_id"
        f" WHERE m.state = 'given' AND m.file_id IS NULL AND {SEEDED} GROUP BY m.key",
    )
    assert not bare, f"listed as given, but there is nothing to open: {bare}"
    files = asked(
        rows, "SELECT m.key, f.id, f.name, f.size, f.sha256, f.content_type FROM casefile_material m JOIN files_file f ON f.id = m.file_id"
    )
    assert len(files) >= 20, "the city has hardly any paper"
    bytes_of: dict[tuple[str, str], tuple[bytes, str, str]] = {}
    for key, file, name, size, digest, kind in files:
        content = disk(city, file).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (size, digest), name
        bytes_of.setdefault((key, digest), (content, kind, name))
    for content, kind, name in bytes_of.values():
        check(content, kind, name)
    photographs = {digest for key, digest in bytes_of if key == "photo"}
    assert len(photographs) >= 4, "everybody has the same face"


def disk(city: LivingCity, file: UUID) -> Path:
    """Where files.engine.path_of keeps it."""
    return city.home / "state" / "files" / file.hex[-2:] / file.hex[-4:-2] / file.hex


def check(content: bytes, kind: str, name: str) -> None:
    if kind == "application/pdf":
        assert name.endswith(".pdf")
        assert content.startswith(b"%PDF-")
        assert content.rstrip().endswith(b"%%EOF")
        assert len(content) > 3_000, f"{name} is a blank sheet"
        return
    assert (kind, name[-4:]) == ("image/jpeg", ".jpg")
    image = Image.open(io.BytesIO(content))
    image.load()
    assert image.format == "JPEG"
    assert min(image.size) >= 300
    assert len(image.convert("RGB").getcolors(maxcolors=image.width * image.height) or []) > 300, f"{name} shows nothing"


def test_papers_of_seeded_cases_open(rows: psycopg.Connection[Any], office: Office) -> None:
    """A receipt, an acceptance, a decision of some case: the desk opens each as PDF, though nobody has printed it before."""
    browser = office.who("supervisor")
    for kind in ("receipt", "acceptance", "decision"):
        [(case, paper)] = asked(rows, f"SELECT case_id, id FROM casefile_paper WHERE kind = '{kind}' ORDER BY issued_at LIMIT 1")
        page = browser.get(f"/desk/cases/{case}/papers/{paper}/")
        assert page.status == 200, f"{kind}: {page.status}"
        assert page.content.startswith(b"%PDF-"), kind


def test_surveys_that_were_done_can_be_read(rows: psycopg.Connection[Any], office: Office) -> None:
    """No completed step lacks its form; the case page shows one, its photographs open, and its sheet is printed with what stands in it."""
    done = f"t.state = 'done' AND t.matter_code = 'MZ01' AND t.step_id IN ('survey', 'opinion') AND {SEEDED}"
    tasks = f"FROM casefile_task t JOIN casefile_case c ON c.id = t.case_id LEFT JOIN casefile_step_form f ON f.task_id = t.id WHERE {done}"
    [(all_of_them, bare)] = asked(rows, f"SELECT count(*), count(*) FILTER (WHERE f.complete IS NOT TRUE) {tasks}")
    assert all_of_them >= 4, "hardly any case is past its survey"
    assert bare == 0
    assert asked(rows, f"SELECT count(*) {tasks} AND f.saved_at NOT BETWEEN t.opened_at AND t.done_at") == [(0,)]
    [(case, name)] = asked(rows, f"SELECT c.id, f.saved_by_name {tasks} AND f.name = 'survey' ORDER BY t.done_at DESC LIMIT 1")
    browser = office.who("supervisor")
    page = browser.get(f"/desk/cases/{case}/")
    [card] = page.tree.xpath("//section[.//h2[normalize-space()='家庭经济状况入户调查表']]")
    text = card.text_content()
    assert name in text
    for label in ("入户日期", "核实月收入", "住房性质", "主要困难", "调查意见", "被调查人签字"):
        assert label in text, label
    [opinion] = page.tree.xpath("//section[.//h2[normalize-space()='审核意见表']]") or [None]
    assert opinion is None or "理由概述" in opinion.text_content()
    [(paper,)] = asked(rows, f"SELECT id FROM casefile_paper WHERE case_id = '{case}' AND kind = 'survey'")
    sheet = browser.get(f"/desk/cases/{case}/papers/{paper}/")
    assert sheet.status == 200
    assert sheet.content.startswith(b"%PDF-")
    photographs = card.xpath(".//a[contains(@href, '/files/')]/@href")
    assert len(photographs) == 2
    assert {browser.get(href).content[:3] for href in photographs} == {b"\xff\xd8\xff"}


def test_reminders_name_their_step_in_words(rows: psycopg.Connection[Any]) -> None:
    steps = [row[0] for row in rows.execute("SELECT params->>'step' FROM supervision_card WHERE params ? 'step'").fetchall()]
    assert steps and not [step for step in steps if "#" in step]


LISTS = """SELECT m.user_id, u.kind, u.person_id, array_agg(m.created_at) FROM notices_message m JOIN accounts_user u ON u.id = m.user_id
    WHERE m.channel = 'inapp' AND m.created_at < date_trunc('day', now() AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai' GROUP BY 1, 2, 3"""
"""Lists of messages as the city was built; what other tests did today is not the demo's."""
Entry = tuple[datetime, str]


def seeded(texts: list[tuple[str, str]]) -> list[Entry]:
    """Moments and texts of a page, without those of today."""
    today = datetime.now(CHINA).date()
    return [(at, text) for when, text in texts if (at := datetime.fromisoformat(when)).astimezone(CHINA).date() < today]


def test_residents_and_offices_have_messages(rows: psycopg.Connection[Any]) -> None:
    lists = asked(rows, LISTS)
    kinds = Counter(kind for _, kind, _, _ in lists)
    assert kinds["citizen"] >= 10 and kinds["staff"] >= 5, kinds
    assert not [user for user, _, _, moments in lists if len(set(moments)) < len(moments)], "two messages at one moment"
    assert asked(rows, "SELECT count(*) FROM notices_message WHERE created_at > now() OR read_at > now() OR read_at < created_at") == [(0,)]
    before_today = "created_at < date_trunc('day', now() AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai'"
    states = dict(asked(rows, f"SELECT state, count(*) FROM notices_message WHERE {before_today} GROUP BY 1"))
    assert set(states) == {"sent"}, states
    waiting = asked(
        rows,
        "SELECT count(*) FROM procrastinate_jobs j JOIN notices_message m ON m.id::text = j.args->>'message_id' WHERE j.queue_name = 'messages'"
        f" AND m.{before_today}",
    )
    assert waiting == [(0,)], "what was told long ago is sent again"
    told = asked(
        rows,
        f"SELECT read_at IS NULL, count(*) FROM notices_message WHERE channel = 'inapp' AND user_id IS NOT NULL AND {before_today} GROUP BY 1",
    )
    assert {new for new, _ in told} == {True, False}, "all of them are new, or none is"


def test_the_lists_of_offices_can_be_read(rows: psycopg.Connection[Any], city: LivingCity) -> None:
    """Every message says something else, and nobody's name stands in it."""
    names = {name for (name,) in asked(rows, "SELECT DISTINCT applicant FROM casefile_case WHERE length(applicant) > 2")}
    users = {user for user, kind, _, _ in asked(rows, LISTS) if kind == "staff"}
    known = sorted(username for key, username in asked(rows, "SELECT id, username FROM accounts_user WHERE kind = 'staff'") if key in users)
    for username in known[:: max(1, len(known) // 3)]:
        browser = Browser(city.base)
        form = browser.get("/desk/sign-in/").form("sign-in", "username")
        browser.submit(form, {"username": username, "password": city.password})
        page = browser.get("/desk/messages/")
        cards = page.tree.xpath("//div[contains(@class, 'card-body')][.//time]")
        found = seeded([(card.xpath(".//time/@datetime")[0], card.text_content()) for card in cards])
        assert found, username
        assert [at for at, _ in found] == sorted({at for at, _ in found}, reverse=True)
        texts = [" ".join(text.split()) for _, text in found]
        assert not [text for text in texts if "{{" in text or "于到期" in text]
        assert not [(name, text) for text in texts for name in names if name in text]


def test_a_resident_finds_what_she_was_told(rows: psycopg.Connection[Any], city: LivingCity, at_home: Callable[..., Page]) -> None:
    page = at_home("applicant")
    page.goto("/messages/")
    cards = page.locator(".card-body:has(time)").all()
    found = seeded([(card.locator("time").get_attribute("datetime") or "", card.inner_text()) for card in cards])
    assert found
    texts = Counter("\n".join(line for line in text.splitlines() if not line.startswith("20")) for _, text in found)
    assert texts.most_common(1)[0][1] == 1, texts.most_common(1)
    others = {name for (name,) in asked(rows, "SELECT DISTINCT applicant FROM casefile_case WHERE length(applicant) > 2")}
    assert not [name for name in others - {city.cast.applicant.name} if any(name in text for text in texts)]
    page.locator(".card-body:has(time) form button").first.click()
    page.wait_for_url("**/my/cases/**")


def test_the_delivery_log_shows_what_was_delivered(office: Office) -> None:
    page = office.who("sysadmin").get("/desk/messages/log/?state=sent")
    lines = page.tree.xpath("//tr[@data-row]")
    assert page.status == 200
    assert len(lines) >= 20
    assert not [line.text_content() for line in lines if not line.xpath("./td[4]")[0].text_content().count("*")]
