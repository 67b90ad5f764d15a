"""A grid worker's day on the phone: noted off line, the browser closed in between, sent once; and what may come in between."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from tests.e2e.doors import CHROMIUM_FLAGS, PHONE, TIMEOUT_MS, fits, sign_in_desk
from tests.e2e.living_city import LivingCity
from tests.e2e.test_accessible import sound

Open = Callable[..., Page]
DATABASES = "async () => (await indexedDB.databases()).map(one => one.name)"


class Phone:
    """A browser with a memory: it is closed and opened again, and loses its connection."""

    def __init__(self, playwright: Playwright, city: LivingCity, folder: Path) -> None:
        self._playwright, self._city, self._folder = playwright, city, folder
        self.open()

    def open(self, *, offline: bool = False) -> None:
        chromium = os.environ.get("LINLI_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
        self.context: BrowserContext = self._playwright.chromium.launch_persistent_context(
            str(self._folder),
            executable_path=chromium,
            args=CHROMIUM_FLAGS,
            base_url=self._city.base,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **PHONE,
        )
        self.context.set_default_timeout(TIMEOUT_MS)
        self.context.set_offline(offline)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()

    def restart(self, *, offline: bool) -> None:
        self.context.close()
        self.open(offline=offline)

    def sign_in(self, who: str) -> None:
        sign_in_desk(self.page, getattr(self._city.cast, who), self._city.password)
        self.today()

    def sign_out(self) -> None:
        self.today()
        self.page.locator("[data-field-leave] button").click()
        self.page.wait_for_url(lambda url: "/desk/field/" not in url)

    def today(self) -> None:
        """The list of the day, with everything kept that makes it work off line."""
        self.page.goto("/desk/field/")
        self.ready()
        if self.page.locator("[data-field-shell]").count() == 0:
            self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def ready(self) -> None:
        expect(self.page.locator("html[data-field=ready]")).to_be_attached()

    def waits(self, number: int) -> None:
        expect(self.page.locator("[data-field-status]")).to_have_attribute("data-waiting", str(number))

    def note_visit(self, text: str) -> None:
        """Of one person at the home: the others' visits stay due."""
        form = self.page.locator("[data-field-kind='visit.done']")
        for box in form.locator("[name=visits]").all()[1:]:
            box.uncheck()
        form.locator("[name=note]").fill(text)
        form.locator("button[type=submit]").click()

    def correct_phone(self, number: str) -> None:
        part = self.page.locator(".field-resident").first
        part.locator("summary").click()
        part.locator("[name=attribute]").select_option(index=0)
        part.locator("[name=value]").fill(number)
        part.locator("button[type=submit]").click()

    def first_place(self) -> str:
        return self.page.locator("[data-field-list] a").first.get_attribute("href") or ""


@pytest.fixture
def phone(playwright: Playwright, city: LivingCity, tmp_path: Path) -> Iterator[Phone]:
    found = Phone(playwright, city, tmp_path / "phone")
    yield found
    found.context.close()


def ended(at_desk: Open) -> str:
    """What the clerk sees of visits that ended."""
    page = at_desk("clerk")
    page.goto("/desk/collection/visits/?state=done")
    return page.locator("main").inner_text()


def test_noted_off_line_survives_a_restart_and_is_sent_once(phone: Phone, at_desk: Open) -> None:
    phone.sign_in("walker")
    place = phone.first_place()
    phone.context.set_offline(True)
    phone.page.goto(place)
    expect(phone.page.locator("[data-field-shell] [data-field-place]")).to_be_visible()
    fits(phone.page)
    phone.note_visit("离线走访甲")
    phone.waits(1)
    phone.correct_phone("13977770001")
    phone.waits(2)
    phone.page.reload()
    phone.ready()
    phone.waits(2)
    assert "离线走访甲" not in str(phone.page.evaluate(RAW)), "what lies on the phone cannot be read"
    phone.restart(offline=True)
    phone.page.goto("/desk/field/")
    phone.ready()
    phone.waits(2)
    phone.context.set_offline(False)
    phone.page.evaluate("window.dispatchEvent(new Event('online'))")
    phone.waits(0)
    assert ended(at_desk).count("离线走访甲") == 1
    phone.page.goto(place)
    expect(phone.page.locator(".field-resident").first).to_contain_text("139****0001")


RAW = """async () => {
  const db = await new Promise((done) => { const r = indexedDB.open("linli-field"); r.onsuccess = () => done(r.result); });
  const rows = await new Promise((done) => { const r = db.transaction("queue").objectStore("queue").getAll(); r.onsuccess = () => done(r.result); });
  const keys = await new Promise((done) => { const r = db.transaction("keys").objectStore("keys").getAll(); r.onsuccess = () => done(r.result); });
  db.close();
  if (keys.some((key) => key.extractable)) throw new Error("a key can be read out");
  return rows.map((row) => JSON.stringify(row) + new TextDecoder().decode(row.data));
}"""


def test_an_expired_session_keeps_the_queue_until_the_same_worker_signs_in(phone: Phone, at_desk: Open) -> None:
    phone.sign_in("walker")
    phone.page.goto(phone.first_place())
    phone.ready()
    phone.context.clear_cookies()
    phone.note_visit("会话过期乙")
    expect(phone.page.locator("[data-field-alert] a")).to_be_visible()
    phone.waits(1)
    # somebody else on the same phone sees nothing of it and does not send it
    phone.sign_in("other_walker")
    phone.waits(0)
    expect(phone.page.locator("main")).not_to_contain_text("会话过期乙")
    assert "会话过期乙" not in ended(at_desk)
    phone.sign_out()
    phone.sign_in("walker")
    phone.waits(0)
    assert ended(at_desk).count("会话过期乙") == 1


def test_an_answer_that_got_lost_is_asked_for_again_and_nothing_is_done_twice(phone: Phone, at_desk: Open) -> None:
    phone.sign_in("walker")
    phone.page.goto(phone.first_place())
    phone.ready()

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    phone.page.route("**/desk/field/sync/", lose)
    phone.note_visit("回执丢失丙")
    phone.waits(1)
    expect(phone.page.locator("[data-field-status]")).to_have_attribute("data-standing", "off")
    phone.page.unroute("**/desk/field/sync/")
    phone.page.reload()
    phone.ready()
    phone.waits(0)
    assert ended(at_desk).count("回执丢失丙") == 1


def test_a_value_that_changed_meanwhile_is_shown_and_decided(phone: Phone, at_desk: Open) -> None:
    phone.sign_in("walker")
    place = phone.first_place()
    phone.page.goto(place)
    phone.ready()
    person = phone.page.locator(".field-resident [name=person]").first.get_attribute("value")
    phone.context.set_offline(True)
    phone.correct_phone("13977770003")
    phone.waits(1)
    clerk = at_desk("clerk")
    clerk.goto(f"/desk/people/{person}/values/phone/")
    clerk.locator("[name=value]").fill("13677770009")
    clerk.locator("[name=reason]").fill("窗口当面核对")
    with clerk.expect_navigation():
        clerk.locator("form.ui-form button[type=submit], main form[method=post] button[type=submit]").last.click()
    phone.context.set_offline(False)
    phone.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.page.locator("[data-field-noted] [data-state=conflict]")).to_be_visible()
    phone.waits(0)
    phone.page.goto("/desk/field/notes/")
    phone.ready()
    held = phone.page.locator(".field-held").first
    expect(held).to_contain_text("13977770003")
    expect(held).to_contain_text("136****0009")
    sound(phone.page)
    phone.page.set_viewport_size(PHONE["viewport"])
    with phone.page.expect_navigation():
        held.locator("button[value='1']").click()
    expect(phone.page.locator(".field-held")).to_have_count(0)


def test_somebody_who_moved_away_meanwhile_is_told_and_kept(phone: Phone, at_desk: Open, cluster: Any, city: LivingCity) -> None:
    phone.sign_in("walker")
    phone.page.goto(phone.first_place())
    phone.ready()
    person = phone.page.locator(".field-resident [name=person]").first.get_attribute("value")
    phone.context.set_offline(True)
    phone.correct_phone("13977770004")
    phone.waits(1)
    elsewhere = (
        f"SELECT r.id, r.path FROM regions_region r, people_person p WHERE p.id = '{person}'"
        " AND r.level = 'grid' AND left(r.path, 20) <> left(p.region_path, 20) LIMIT 1"
    )
    moved = f"UPDATE people_person p SET region_id = e.id, region_path = e.path FROM ({elsewhere}) e WHERE p.id = '{person}'"
    cluster.psql(moved, city.database)
    phone.context.set_offline(False)
    phone.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.page.locator("[data-field-noted] [data-state=conflict]")).to_be_visible()
    phone.waits(0)
    phone.page.goto("/desk/field/notes/")
    expect(phone.page.locator(".field-held")).to_contain_text("13977770004")


def test_a_revoked_phone_is_emptied_at_its_next_contact(phone: Phone, at_desk: Open) -> None:
    phone.sign_in("other_walker")
    assert "linli-field" in phone.page.evaluate(DATABASES)
    name = phone.page.evaluate("document.querySelector('meta[name=field-user]').content")
    assert name
    admin = at_desk("sysadmin")
    admin.goto("/desk/admin/phones/")
    sound(admin)
    row = admin.locator("[data-row]").first  # the latest heard of
    row.locator("form button").click()
    with admin.expect_navigation():
        admin.locator("dialog[open] button").last.click()
    phone.context.clear_cookies()  # also when nobody is signed in
    phone.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.page.locator("[data-field-alert] a")).to_be_visible()
    expect(phone.page.locator("[data-field-list]")).to_have_count(0)
    assert "linli-field" not in phone.page.evaluate(DATABASES)


def test_no_barrier_on_the_pages_of_visits(at_desk: Open, phone: Phone) -> None:
    phone.sign_in("walker")
    sound(phone.page)
    phone.page.goto(phone.first_place())
    phone.ready()
    for part in phone.page.locator("main details > summary").all():
        part.click()
    sound(phone.page)
    phone.page.goto("/desk/field/shell/")
    sound(phone.page)
    page = at_desk("clerk")
    for address in ("/desk/collection/", "/desk/collection/visits/", "/desk/collection/notes/"):
        page.goto(address)
        sound(page)
