"""Who is who by keys alone: a pair is made one person, the old address leads to her, and both are people again."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from tests.e2e.test_accessible import sound
from tests.e2e.test_clerk import WATCH_POINTER, no_pointer

Open = Callable[..., Page]
KEY = re.compile(r"[0-9a-f-]{36}")


def test_no_barrier_on_the_pages_of_who_is_who(at_desk: Open) -> None:
    page = at_desk("officer")
    page.goto("/desk/who/")
    sound(page)
    page.locator("[data-rows] tr td:first-child a").first.click()
    sound(page)
    page.goto("/desk/who/")
    page.locator("section[aria-labelledby=mergers-title] tbody a").first.click()
    sound(page)
    page.goto("/desk/who/new/")
    page.locator("[name=name]").fill("王建国")
    page.locator("[name=birth_date]").fill("1960-05-17")
    page.locator("[name=community]").select_option(index=1)
    page.locator("button[name=enter]").first.click()
    sound(page)
    for address in ("/desk/imports/corrections/", "/desk/imports/corrections/collected/"):
        page.goto(address)
        sound(page)


def test_a_pair_becomes_one_person_and_two_again_by_keys(at_desk: Open) -> None:
    page = at_desk("officer")
    page.context.add_init_script(WATCH_POINTER)
    page.goto("/desk/who/")
    waiting = page.locator("[data-rows] tr").count()
    assert waiting >= 2, "the city has people twice"
    with page.expect_navigation():
        page.keyboard.press("r")
    address = page.url
    links = [link.get_attribute("href") or "" for link in page.locator("#sides-title").locator("xpath=../..").locator("thead a").all()]
    stays, goes = links
    with page.expect_navigation():
        page.keyboard.press("1")
    page.wait_for_url(lambda url: url != address)
    no_pointer(page)
    page.goto(goes)
    assert page.url.endswith(stays), "the old address leads to the one who stays"
    page.goto("/desk/who/")
    expect(page.locator("[data-rows] tr")).to_have_count(waiting - 1)
    page.locator("section[aria-labelledby=mergers-title] tbody a").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("[name=reason]").focus()
    page.keyboard.type("两人出生证明不同")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#split-title")).to_have_count(0)
    no_pointer(page)
    page.goto(goes)
    assert page.url.endswith(goes), "her own page again"
    page.goto("/desk/who/")
    expect(page.locator("[data-rows] tr")).to_have_count(waiting - 1)


def test_two_people_are_said_to_be_two_by_one_key(at_desk: Open) -> None:
    page = at_desk("officer")
    page.goto("/desk/who/")
    with page.expect_navigation():  # keys are heard by the page that is there
        page.locator("[data-rows] tr td:first-child a").last.click()
    address = page.url
    with page.expect_navigation():
        page.keyboard.press("n")
    page.wait_for_url(lambda url: url != address)
    page.goto(address)
    expect(page.locator("main form[method=post] button[name=decision]")).to_have_count(0)
