"""The data officer's day: a list is brought, checked, loaded, a doubtful row decided by keys alone, and the file is taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from tests.e2e.living_city import LivingCity
from tests.e2e.test_accessible import sound
from tests.e2e.test_clerk import WATCH_POINTER, no_pointer

from linli.registry.people.engine.numbers import id_number

Open = Callable[..., Page]
JOBS_MS = 40_000
HEADING = "姓名,身份证号,性别,联系电话"
NEWCOMER = id_number("19880807", 995)  # the population takes its serial numbers from the beginning
NAME = "城南社区补录名单.csv"


def write_list(folder: Path, city: LivingCity) -> Path:
    """Somebody new, a number that the register gives to another name, and one that does not exist."""
    path = folder / NAME
    visitor = city.cast.visitor.id_number
    rows = [
        f"欧阳新民,{NEWCOMER},,16012345678",
        f"司马相如,{visitor},,",
        f"{city.cast.bystander.name},{city.cast.bystander.id_number[:17]}Y,,",
    ]
    path.write_text("\n".join([HEADING, *rows]), encoding="gb18030")
    return path


def bring(page: Page, path: Path) -> None:
    page.goto("/desk/imports/")
    page.keyboard.press("Alt+n")
    page.wait_for_url("**/desk/imports/new/")
    page.locator("[name=layout]").select_option("self")
    page.locator("[name=file]").set_input_files(path)
    page.locator("[name=community]").select_option(index=1)
    page.locator("form.ui-form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/desk/imports/[0-9a-f-]{36}/$"))


def step(page: Page, name: str) -> Locator:
    """The button or link of the next step; the page fetches it by itself when the job has come so far."""
    return page.locator(f"[action$='/{name}/'] button, a[href$='/{name}/']")


def tiles(page: Page) -> list[str]:
    return page.locator(".ui-tile-value").all_inner_texts()


def test_a_list_is_checked_loaded_reviewed_by_keys_and_taken_back(at_desk: Open, city: LivingCity, tmp_path: Path) -> None:
    page = at_desk("officer")
    bring(page, write_list(tmp_path, city))
    address = page.url
    expect(step(page, "load")).to_be_visible(timeout=JOBS_MS)
    assert tiles(page) == ["1", "0", "0", "1", "1"], "new, same, changed, doubtful, refused"
    step(page, "load").click()
    expect(step(page, "undo")).to_be_visible(timeout=JOBS_MS)
    decide_by_keys(page)
    page.goto(address)
    assert tiles(page) == ["1", "0", "0", "1", "1"]
    step(page, "undo").click()
    page.wait_for_url("**/undo/")
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_url(address)
    expect(page.locator("#state-title ~ .ui-tone-neutral")).to_be_visible(timeout=JOBS_MS)  # taken back
    expect(step(page, "undo")).to_have_count(0)
    expect(step(page, "load")).to_have_count(0)


def decide_by_keys(page: Page) -> None:
    """Past the city's own rows to the one just brought; it is the first of those shown. Then on to the next."""
    page.context.add_init_script(WATCH_POINTER)
    page.goto("/desk/imports/doubts/")
    for _ in range(40):
        if NAME in page.locator("main").inner_text():
            break
        with page.expect_navigation():
            page.keyboard.press("s")
    expect(page.locator("main")).to_contain_text("司马相如")
    address = page.url
    with page.expect_navigation():
        page.keyboard.press("1")
    page.wait_for_url(lambda url: url != address)
    expect(page.locator("main")).not_to_contain_text(NAME)
    no_pointer(page)
    page.goto(address)
    expect(page.locator("main form[method=post] button[name=person]")).to_have_count(0)


def test_somebody_new_is_entered_by_one_key(at_desk: Open, city: LivingCity, tmp_path: Path) -> None:
    page = at_desk("officer")
    path = tmp_path / NAME.replace("补录", "新增")
    path.write_text(f"{HEADING}\n诸葛亮明,{city.cast.daughter.id_number},,", encoding="utf-8")
    bring(page, path)
    step(page, "load").click(timeout=JOBS_MS)
    expect(step(page, "undo")).to_be_visible(timeout=JOBS_MS)
    page.goto("/desk/imports/doubts/")
    while path.name not in page.locator("main").inner_text():
        with page.expect_navigation():
            page.keyboard.press("s")
    address = page.url
    with page.expect_navigation():
        page.keyboard.press("n")
    page.wait_for_url(lambda url: url != address)
    expect(page.locator("main")).not_to_contain_text(path.name)


def test_no_barrier_on_the_pages_of_files(at_desk: Open) -> None:
    page = at_desk("officer")
    page.goto("/desk/imports/")
    rows = page.locator("[data-rows] tr")
    assert rows.count() >= 4, "the city has brought files itself"
    sound(page)
    files = [row.get_attribute("href") or "" for row in rows.locator("td:first-child a").all()]
    for file in files:
        page.goto(file)
        sound(page)
        for verdict in ("refused", "doubtful"):
            page.goto(f"{file}?verdict={verdict}")
            sound(page)
        page.goto(file)
        if step(page, "undo").count():
            page.goto(f"{file}undo/")
            sound(page)
    page.goto("/desk/imports/doubts/")
    sound(page)
    page.goto("/desk/imports/new/")
    page.locator("form.ui-form button[type=submit]").click()
    expect(page.locator(".ui-error").first).to_be_visible()
    sound(page)
