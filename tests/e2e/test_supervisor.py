"""The supervisor's board: it moves by itself, leads down to the cases, and its cards are settled."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.doors import Office

Open = Callable[..., Page]
LIVE_MS = 25_000  # a stream answers at once; without one the page asks every 15 s


def test_the_board_moves_when_somebody_elsewhere_does(at_desk: Open, office: Office) -> None:
    page = at_desk("supervisor")
    page.goto("/desk/supervision/")
    number, address = office.receive()
    expect(page.locator(f"#board a[href='{address}']").first).to_be_visible(timeout=LIVE_MS)
    before = page.locator(f"#board li:has(a[href='{address}'])").count()
    office.take("reviewer", number, "complete", outcome="agree", opinion="情况属实")
    expect(page.locator(f"#board li:has(a[href='{address}'])").nth(before)).to_be_visible(timeout=LIVE_MS)


def test_it_leads_down_to_a_street_and_to_the_cases_behind_a_number(at_desk: Open, office: Office) -> None:
    office.receive()
    page = at_desk("supervisor")
    page.goto("/desk/supervision/")
    for _ in range(3):
        page.locator("tbody a[id^=board-]").first.click()
        page.wait_for_url("**at=**")
    rows = int(page.locator("[data-row] .numeric a").first.inner_text())
    page.locator("[data-row] .numeric a").first.click()
    page.wait_for_url("**list=1**")
    assert page.locator("[data-row]").count() == min(rows, 30)
    page.locator("[data-row] a").first.click()
    page.wait_for_url("**/desk/cases/**")


def test_a_card_is_opened_and_settled(at_desk: Open) -> None:
    page = at_desk("supervisor")
    page.goto("/desk/supervision/cards/")
    links = page.locator("a[id^=card-]")
    if not links.count():
        pytest.fail("The demo city has no card; the supervisor has nothing to settle.")
    for address in [link.get_attribute("href") or "" for link in links.all()]:
        page.goto(address)
        forms = page.locator("section[id^=move-] form, form.ui-form")
        if forms.count():
            break
    form = forms.first
    for field in form.locator("textarea").all():
        field.fill("已核实，承办人已限期办结并说明原因。")
    for choices in form.locator(".ui-choices").all():
        choices.locator("input").first.check()
    form.locator("button[type=submit]").click()
    expect(page.locator(".ui-error-summary")).to_have_count(0)
