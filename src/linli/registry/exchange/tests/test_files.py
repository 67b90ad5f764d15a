"""Files of a subscription: what they hold, whose they are, that they end, that nobody is offered half of one."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pyarrow.parquet as pq
import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.foundation.audit.models import AuditEntry
from linli.foundation.files.engine import path_of
from linli.foundation.files.engine.proofs import check_digest, check_document
from linli.foundation.files.models import StoredFile
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import Conflict, Invalid, Refused
from linli.registry.exchange.actions import handing, ordering
from linli.registry.exchange.actions.subscriptions import suspend
from linli.registry.exchange.engine import writing
from linli.registry.exchange.models import DataFile, Given, Item, Resource, Subscription
from linli.registry.exchange.queries import feed
from linli.registry.exchange.queries.files import folder, next_day
from linli.registry.exchange.tests.conftest import JOB, Office, Program, program
from linli.registry.exchange.tests.test_pages import desk, text
from linli.registry.people import queries as people

WATCH = system_actor("test.watch", permissions=["audit.view"])
FORMS = ("csv", "xlsx", "parquet")


@pytest.fixture
def reader(office: Office) -> Program:
    return program()


@pytest.fixture(autouse=True)
def state(settings: LazySettings, tmp_path: Path) -> None:
    settings.STATE_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"


def order(reader: Program, sub: Subscription, form: str, key: str = "") -> Any:
    headers = {"Authorization": f"Bearer {reader.token}", "Purpose": reader.purpose, "Idempotency-Key": key or uuid4().hex}
    return Client().post(f"/api/v1/exchange/{sub.pk}/files", json.dumps({"form": form}), "application/json", headers=headers)


def delivered(reader: Program, sub: Subscription, form: str) -> dict[str, Any]:
    """Ordered at the interface and written by the job."""
    asked = order(reader, sub, form)
    assert asked.status_code == 201, asked.content
    handing.build(asked.json()["id"])
    told = reader.get(f"/{sub.pk}/files/{asked.json()['id']}").json()
    assert told["state"] == "ready", told
    return dict(told)


def content(reader: Program, sub: Subscription, told: dict[str, Any]) -> bytes:
    answer = reader.get(f"/{sub.pk}/files/{told['id']}/content")
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def rows_of(form: str, data: bytes) -> list[dict[str, Any]]:
    """What a reader that is not ours finds; by names at the interface, headings of a workbook by place."""
    if form == "csv":
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    if form == "parquet":
        return [
            {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()} for row in pq.read_table(io.BytesIO(data)).to_pylist()
        ]
    [sheet] = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def titles() -> dict[str, str]:
    return {**dict(Item.objects.filter(resource__entity="person").values_list("title", "name")), "id": "id"}


def snapshot(reader: Program, sub: Subscription) -> list[dict[str, Any]]:
    return list(reader.get(f"/{sub.pk}/records").json()["records"])


@pytest.mark.parametrize("form", FORMS)
def test_a_file_says_exactly_what_the_snapshot_says(form: str, office: Office, reader: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing, "PORTION", 3)
    for n in range(10):
        office.person(f"人{n}", "Beihu" if n % 2 else "Donghu", phone=f"1380000000{n}", ethnicity="01", education="")
    office.person("=HYPERLINK(1)", "Beihu", live_address="a,b\n\"c\" <d> & 'e'", birth_date=None)
    sub = office.subscribed(reader)
    told = delivered(reader, sub, form)
    found = rows_of(form, content(reader, sub, told))
    if form == "xlsx":
        found = [{titles()[name]: value for name, value in row.items()} for row in found]
    expected = snapshot(reader, sub)
    assert len(expected) == told["rows"] == 6
    plain = [{name: value or None for name, value in row.items()} for row in found]
    if form == "csv":
        plain = [{name: value.removeprefix("'") if value else value for name, value in row.items()} for row in plain]
    assert sorted(plain, key=lambda row: str(row["id"])) == sorted(expected, key=lambda row: row["id"])
    outside = {"人0", "人2", "13800000001", "01"}
    assert not outside & {str(value) for row in found for value in row.values()}
    assert {tuple(sorted(row)) for row in plain} == {tuple(sorted(("id", *sub.fields)))}


@pytest.mark.parametrize("form", FORMS)
def test_what_became_more_sensitive_is_in_no_file_and_a_file_that_holds_it_is_not_given(form: str, office: Office, reader: Program) -> None:
    office.person()
    sub = office.subscribed(reader)
    before = delivered(reader, sub, form)
    with scoped(JOB):
        item = Item.objects.get(resource__entity="person", name="id_number")
        item.level = 4
        item.save()
    answer = reader.get(f"/{sub.pk}/files/{before['id']}/content")
    assert answer.status_code == 409 and answer.json()["code"] == "FILE_OUTDATED"
    after = delivered(reader, sub, form)
    assert b"360599194503070027" not in content(reader, sub, after)
    assert [i["name"] for i in reader.get(f"/{sub.pk}/files/{after['id']}/manifest").json()["manifest"]["fields"]] == [
        "name",
        "birth_date",
        "live_address",
    ]


def test_the_file_is_signed_and_one_changed_byte_shows(office: Office, reader: Program) -> None:
    office.person()
    sub = office.subscribed(reader)
    told = delivered(reader, sub, "csv")
    data = content(reader, sub, told)
    digest = hashlib.sha256(data).hexdigest()
    assert digest == told["sha256"] and len(data) == told["size"]
    answer = reader.get(f"/{sub.pk}/files/{told['id']}/content")
    assert answer["Repr-Digest"] == f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"
    assert answer["Linli-File-Signature"] == told["signature"] and "no-store" in answer["Cache-Control"]
    answer.close()
    assert check_digest(digest, told["signature"]).genuine
    broken = bytes([data[0] ^ 1]) + data[1:]
    assert not check_digest(hashlib.sha256(broken).hexdigest(), told["signature"]).genuine
    document = reader.get(f"/{sub.pk}/files/{told['id']}/manifest").json()
    assert document["manifest"]["sha256"] == digest and document["manifest"]["office"] == "新余市医疗保障局"
    kept = json.dumps(document).encode()
    verdict = check_document(kept)
    assert verdict is not None and verdict.genuine and (digest in [value for _, value in verdict.lines])
    changed = check_document(kept.replace(b'"rows": 1', b'"rows": 2'))
    assert changed is not None and not changed.genuine and changed.lines == ()
    swapped = check_document(json.dumps({**document, "signature": told["signature"]}).encode())
    assert swapped is not None and not swapped.genuine, "the signature of the bytes is none of the description"


def test_the_public_page_says_so_in_words(office: Office, reader: Program) -> None:
    office.person()
    sub = office.subscribed(reader)
    told = delivered(reader, sub, "parquet")
    data = content(reader, sub, told)
    page, visitor = reverse("files_genuine"), Client(headers={"accept-language": "en"})
    assert visitor.get(page).status_code == 200

    def said(**values: Any) -> str:
        return text(visitor.post(page, values))

    def upload(name: str, body: bytes) -> io.BytesIO:
        file = io.BytesIO(body)
        file.name = name
        return file

    assert "Genuine: this city" in said(file=upload("a.parquet", data), signature=told["signature"])
    assert "Not genuine" in said(file=upload("a.parquet", data[:-1] + bytes([data[-1] ^ 1])), signature=told["signature"])
    assert "Genuine: this city" in said(sha256=told["sha256"].upper(), signature=told["signature"])
    assert "Not genuine" in said(sha256=told["sha256"], signature=told["signature"][:-2] + "AA")
    manifest = reader.get(f"/{sub.pk}/files/{told['id']}/manifest").content
    shown = said(file=upload("m.json", manifest))
    assert "Genuine: this city" in shown and "新余市医疗保障局" in shown
    assert visitor.post(page, {}).status_code == 422
    for strange in (b"[" * 50_000, b'{"manifest": {"a": "\\ud800"}, "signature": "x"}', b"\xff\xfe", b'{"report": 1, "signature": 2}'):
        assert "Not genuine" in said(file=upload("x.json", strange), signature="é" * 43)
    officer = desk(office, "officer")
    assert "Genuine: this city" in text(
        officer.post(reverse("files_desk_genuine"), {"sha256": told["sha256"], "signature": told["signature"]})
    )


def test_an_order_is_the_same_order_however_often_it_is_sent(office: Office, reader: Program) -> None:
    office.person()
    sub = office.subscribed(reader)
    first, second = order(reader, sub, "csv", "order-0001"), order(reader, sub, "csv", "order-0001")
    assert (first.status_code, second.status_code) == (201, 200) and first.json() == second.json()
    assert order(reader, sub, "xlsx", "order-0001").json()["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert order(reader, sub, "csv", "order-0002").json()["code"] == "FILE_UNDER_WAY"
    with scoped(JOB):
        assert DataFile.objects.count() == 1
    handing.build(first.json()["id"])
    handing.build(first.json()["id"])
    with scoped(WATCH):
        assert AuditEntry.objects.filter(action="exchange.file_given", outcome="done").count() == 1
        assert DataFile.objects.get().tries == 1 and StoredFile.objects.count() == 1
    assert order(reader, sub, "csv", "order-0002").status_code == 201
    assert order(reader, sub, "pdf").status_code == 422


def test_one_entry_on_the_trail_and_everybody_in_it_reads_who_was_given_her_data(office: Office, reader: Program) -> None:
    here, there = office.person("在内"), office.person("在外", "Donghu")
    sub = office.subscribed(reader)
    told = delivered(reader, sub, "xlsx")
    with scoped(WATCH):
        [entry] = AuditEntry.objects.filter(action="exchange.file_given")
        assert entry.subject_id == str(sub.pk) and entry.notes["count"] == 1 and entry.notes["fields"] == told_fields(sub)
        assert entry.notes["recipient"] == sub.office and entry.notes["legal_basis"] == sub.legal_basis
        assert entry.notes["sha256"] == told["sha256"]
        assert set(Given.objects.values_list("person_id", flat=True)) == {here.pk}
    with scoped(JOB):
        assert [look.who for look in people.looks_at(JOB, here.pk)] == [sub.office]
        assert people.looks_at(JOB, there.pk) == []
    content(reader, sub, told)
    with scoped(WATCH):
        assert AuditEntry.objects.filter(action="exchange.file_fetched", actor_kind="partner").count() == 1
    page = text(desk(office, "officer").get(reverse("exchange_desk_subscription", args=[sub.pk])))
    assert "a file (xlsx) 1" in page and "can be fetched" in page and "1 ×" in page


def told_fields(sub: Subscription) -> list[str]:
    return list(feed.use_of(sub).fields)


def test_only_its_own_program_gets_a_file_and_only_while_it_may(office: Office, reader: Program) -> None:
    office.person()
    sub, stranger = office.subscribed(reader), program("Somebody else")
    other = office.subscribed(stranger)
    told = delivered(reader, sub, "csv")
    for path in ("", "/manifest", "/content"):
        for key in (sub.pk, other.pk):
            assert stranger.get(f"/{key}/files/{told['id']}{path}").status_code == 404, (key, path)
    assert stranger.get(f"/{sub.pk}/files").status_code == 404 and stranger.get(f"/{other.pk}/files").json() == []
    assert order(stranger, sub, "csv").status_code == 404
    reader.purpose = "school"
    assert reader.get(f"/{sub.pk}/files/{told['id']}/content").json()["code"] == "PURPOSE_DIFFERS"
    reader.purpose = "medical-insurance"
    with scoped(JOB):
        stored = StoredFile.objects.get()
    for door in (reverse("files_desk_download", args=[stored.pk]), reverse("files_download", args=[stored.pk])):
        assert desk(office, "officer").get(door).status_code in (302, 404), "nobody at the desk gets the records"
    suspend(office.actor("officer"), subscription_id=sub.pk, decision="未按用途使用")
    assert reader.get(f"/{sub.pk}/files/{told['id']}/content").status_code == 403
    assert order(reader, sub, "csv").status_code == 403


def test_a_file_ends_and_its_bytes_go(office: Office, reader: Program) -> None:
    office.person()
    sub = office.subscribed(reader)
    told = delivered(reader, sub, "csv")
    with scoped(JOB):
        row = DataFile.objects.get()
        assert row.file_id and row.ends_at
        bytes_at = path_of(row.file_id)
        assert timedelta(days=6) < row.ends_at - timezone.now() <= timedelta(days=7) and bytes_at.stat().st_size == told["size"]
        DataFile.objects.update(ends_at=timezone.now())
    answer = reader.get(f"/{sub.pk}/files/{told['id']}/content")
    assert answer.status_code == 410 and answer.json()["code"] == "FILE_OVER"
    assert handing.remove_over(handing.JOB, now=timezone.now()) == 1 and handing.remove_over(handing.JOB, now=timezone.now()) == 0
    with scoped(JOB):
        assert DataFile.objects.get().state == "gone" and not StoredFile.objects.exists()
    assert not bytes_at.exists() and reader.get(f"/{sub.pk}/files/{told['id']}").json()["state"] == "gone"


def test_a_file_never_outlives_its_subscription(office: Office, reader: Program) -> None:
    office.person()
    sub = office.subscribed(reader, until=timezone.localdate() + timedelta(days=2))
    delivered(reader, sub, "csv")
    with scoped(JOB):
        ends = DataFile.objects.get().ends_at
        assert ends and timezone.localdate(ends - timedelta(seconds=1)) == sub.until


class Killed(BaseException):
    """The power went."""


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first job dies at its second portion."""
    monkeypatch.setattr(handing, "PORTION", 2)
    pages: list[int] = []
    real = feed.records

    def read(*args: Any, **kwargs: Any) -> Any:
        pages.append(1)
        if len(pages) == 2:
            raise Killed
        return real(*args, **kwargs)

    monkeypatch.setattr(feed, "records", read)


@pytest.mark.parametrize("form", FORMS)
def test_a_killed_job_offers_nothing_and_another_begins_anew(form: str, office: Office, reader: Program, dying: None) -> None:
    for n in range(5):
        office.person(f"人{n}")
    sub = office.subscribed(reader)
    asked = order(reader, sub, form).json()
    with pytest.raises(Killed):
        handing.build(asked["id"])
    (folder() / f"{asked['id']}.1.part").write_bytes(b"half of it")  # a process that is killed tidies nothing away
    told = reader.get(f"/{sub.pk}/files/{asked['id']}").json()
    assert told["state"] == "building"
    assert reader.get(f"/{sub.pk}/files/{asked['id']}/content").json()["code"] == "FILE_NOT_READY"
    with scoped(JOB):
        assert not StoredFile.objects.exists() and not Given.objects.exists()
    handing.build(asked["id"])
    assert handing.take_up(timezone.now()) == 0, "its lease is not over: it may still be at work"
    with scoped(JOB):
        DataFile.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert handing.take_up(timezone.now()) == 1
    handing.build(asked["id"])
    told = reader.get(f"/{sub.pk}/files/{asked['id']}").json()
    assert (told["state"], told["rows"]) == ("ready", 5) and len(rows_of(form, content(reader, sub, told))) == 5
    handing.take_up(timezone.now())
    assert list(folder().glob("*")) == []


def test_a_try_that_was_overtaken_changes_nothing(office: Office, reader: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    office.person()
    sub = office.subscribed(reader)
    asked = order(reader, sub, "csv").json()
    real = handing._write

    def slow(row: DataFile, *args: Any) -> Any:
        done = real(row, *args)
        with scoped(JOB):
            DataFile.objects.update(tries=2)  # another job thought this one dead
        return done

    monkeypatch.setattr(handing, "_write", slow)
    handing.build(asked["id"])
    with scoped(JOB):
        assert DataFile.objects.get().state == "building" and not StoredFile.objects.exists()


def test_what_breaks_off_three_times_is_red_and_can_be_ordered_again(
    office: Office, reader: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.person()
    sub = office.subscribed(reader)
    asked = order(reader, sub, "csv").json()
    with scoped(JOB):
        DataFile.objects.update(state="building", tries=3, lease_until=timezone.now() - timedelta(minutes=1))
    assert handing.take_up(timezone.now()) == 0
    page = desk(office, "officer").get(reverse("exchange_desk_subscription", args=[sub.pk])).content.decode()
    assert "could not be written" in page and "broke off three times" in page and "ui-tone-danger" in page
    assert reader.get(f"/{sub.pk}/files/{asked['id']}/content").json()["code"] == "FILE_FAILED"
    monkeypatch.setattr(writing.CsvWriter, "close", lambda self: (_ for _ in ()).throw(OSError("no space left")))
    again = order(reader, sub, "csv").json()
    handing.build(again["id"])
    assert reader.get(f"/{sub.pk}/files/{again['id']}").json()["error"] == "FILE_DISK"
    assert list(folder().glob("*")) == []


def test_a_use_that_ended_meanwhile_is_not_written(office: Office, reader: Program) -> None:
    office.person()
    sub = office.subscribed(reader)
    asked = order(reader, sub, "csv").json()
    suspend(office.actor("officer"), subscription_id=sub.pk, decision="未按用途使用")
    handing.build(asked["id"])
    with scoped(JOB):
        row = DataFile.objects.get()
        assert (row.state, row.error) == ("failed", "SUBSCRIPTION_NOT_IN_FORCE") and not Given.objects.exists()


def test_the_desk_orders_and_files_come_regularly(office: Office, reader: Program) -> None:
    office.person()
    officer, sub = desk(office, "officer"), office.subscribed(reader)
    at = {"order": reverse("exchange_desk_file_order", args=[sub.pk]), "cycle": reverse("exchange_desk_file_cycle", args=[sub.pk])}
    assert desk(office, "head").post(at["order"], {"form": "csv"}).status_code == 403
    assert officer.post(at["order"], {"form": "csv"}).status_code == 303
    shown = text(officer.post(at["order"], {"form": "csv"}, follow=True))
    assert "being written for this subscription" in shown and "waits to be written" in shown and "officer" in shown
    with scoped(JOB):
        handing.build(DataFile.objects.get().pk)
        key = DataFile.objects.get().pk
    manifest = officer.get(reverse("exchange_desk_file_manifest", args=[sub.pk, key]))
    assert json.loads(manifest.content)["manifest"]["form"] == "csv"
    today = timezone.localdate()
    assert ordering.order_due(handing.JOB, today=today) == 0
    assert officer.post(at["cycle"], {"form": "parquet"}).status_code == 303
    assert ordering.order_due(handing.JOB, today=today) == 1 and ordering.order_due(handing.JOB, today=today) == 0
    with scoped(JOB):
        row = DataFile.objects.get(cause="cycle")
        handing.build(row.pk)
    assert ordering.order_due(handing.JOB, today=today) == 0, "one a day is enough of what changes all the time"
    assert ordering.order_due(handing.JOB, today=today + timedelta(days=1)) == 1
    with scoped(JOB):
        Resource.objects.filter(entity="person").update(cycle="never")
    with pytest.raises(Invalid):
        ordering.set_cycle(office.actor("officer"), subscription_id=sub.pk, form="csv")
    with pytest.raises(Refused):
        ordering.order_from_desk(office.actor("head"), subscription_id=sub.pk, form="csv")
    suspend(office.actor("officer"), subscription_id=sub.pk, decision="未按用途使用")
    with pytest.raises(Conflict):
        ordering.order_from_desk(office.actor("officer"), subscription_id=sub.pk, form="csv")
    assert ordering.order_due(handing.JOB, today=today + timedelta(days=9)) == 0


def test_a_cycle_ends_on_the_same_day_of_another_month() -> None:
    day = date(2026, 1, 31)
    assert [next_day(cycle, day) for cycle in ("daily", "weekly", "monthly", "yearly", "never")] == [
        date(2026, 2, 1),
        date(2026, 2, 7),
        date(2026, 2, 28),
        date(2027, 1, 31),
        None,
    ]


def test_a_workbook_goes_on_on_another_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    path = tmp_path / "a.xlsx"
    writer = writing.WorkbookWriter(path, [writing.Column("id", "id", "uuid"), writing.Column("name", "姓名 & <名>", "string")])
    writer.write([{"id": str(n), "name": f" 人\x01{n} "} for n in range(7)])
    writer.close()
    sheets = openpyxl.load_workbook(path).worksheets
    assert [sheet.max_row for sheet in sheets] == [4, 4, 2]
    assert all([cell.value for cell in sheet[1]] == ["id", "姓名 & <名>"] for sheet in sheets)
    assert [cell.value for cell in sheets[2][2]] == ["6", " 人6 "]


def test_numbers_and_days_are_typed_in_parquet_and_texts_are_no_formulas_in_csv(tmp_path: Path) -> None:
    columns = [writing.Column("id", "id", "uuid"), writing.Column("at", "日期", "date"), writing.Column("n", "数", "number")]
    records: list[dict[str, Any]] = [{"id": "=1+1", "at": "2026-02-28", "n": "-114.93"}, {"id": "+86138", "at": None, "n": None}]
    for form in ("csv", "parquet"):
        writer = writing.WRITERS[form](tmp_path / form, columns)
        writer.write(records)
        writer.close()
    assert pq.read_table(tmp_path / "parquet").to_pylist() == [
        {"id": "=1+1", "at": date(2026, 2, 28), "n": -114.93},
        {"id": "+86138", "at": None, "n": None},
    ]
    assert pq.read_schema(tmp_path / "parquet").field("at").metadata[b"title"].decode() == "日期"
    assert (tmp_path / "csv").read_bytes().decode("utf-8-sig").splitlines() == ["id,at,n", "'=1+1,2026-02-28,-114.93", "+86138,,"]
