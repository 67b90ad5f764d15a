"""Reviewer and decider: claiming, opinions, sending back, being second, and not deciding what one reviewed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from tests.e2e.doors import Office

Open = Callable[..., Page]
OPINION = "入户核实，情况属实，建议按八十周岁档发放。"


def complete(page: Page, outcome: str, opinion: str) -> None:
    """The step's panel stands open already."""
    form = page.locator("form[action$='/complete/']")
    form.locator(f"[name=outcome][value={outcome}]").check()
    form.locator("[name=opinion]").fill(opinion)
    form.locator("button[type=submit]").click()


def test_a_reviewer_claims_reviews_and_the_opinion_is_kept(at_desk: Open, office: Office) -> None:
    number, _ = office.receive()
    page = at_desk("reviewer")
    page.goto(f"/desk/inbox/?box=unit&text={number}")
    row = page.locator("[data-row]", has=page.get_by_label(number))
    row.locator("button[type=submit]").click()
    expect(page.locator("[data-row]", has=page.get_by_label(number)).locator("form[action$='/release/']")).to_be_visible()
    page.get_by_label(number).click()
    complete(page, "agree", OPINION)
    expect(page.locator(".case-opinion", has_text=OPINION)).to_be_visible()
    expect(page.locator("form[action$='/complete/']")).to_have_count(0)


def test_a_decider_sends_back_to_the_reviewer(at_desk: Open, office: Office) -> None:
    number, _ = office.receive()
    office.take("reviewer", number, "complete", outcome="agree", opinion=OPINION)
    page = at_desk("decider")
    page.goto(f"/desk/cases/number/{number}/")
    panel = page.locator("details.case-move", has=page.locator("form[action$='/return/']"))
    panel.locator("summary").click()
    panel.locator("[name=reason]").fill("请补充入户核实的日期")
    panel.locator("button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("请补充入户核实的日期")
    back = at_desk("reviewer")
    back.goto(f"/desk/cases/number/{number}/")
    expect(back.locator("form[action$='/complete/']")).to_be_visible()


def test_who_comes_second_is_told_and_loses_nothing(at_desk: Open, office: Office) -> None:
    number, _ = office.receive()
    slow = at_desk("reviewer")
    slow.goto(f"/desk/cases/number/{number}/")
    office.take("colleague", number, "complete", outcome="agree", opinion="同意")
    complete(slow, "agree", OPINION)
    expect(slow.locator("[role=alert]").first).to_be_visible()
    expect(slow.locator("textarea[readonly]")).to_have_value(OPINION)


def test_a_claimed_task_shows_who_has_it(at_desk: Open, office: Office) -> None:
    number, _ = office.receive()
    slow, quick = at_desk("reviewer"), at_desk("colleague")
    for page in (slow, quick):
        page.goto(f"/desk/inbox/?box=unit&text={number}")
    quick.locator("[data-row]", has=quick.get_by_label(number)).locator("button[type=submit]").click()
    expect(quick.locator("[data-row]", has=quick.get_by_label(number)).locator("form[action$='/release/']")).to_be_visible()
    name = quick.locator(".desk-person span").inner_text()
    row = slow.locator("[data-row]", has=slow.get_by_label(number))
    with contextlib.suppress(PlaywrightTimeout):  # the live list may be quicker than the click: then there is nothing left to press
        row.locator("form[action$='/claim/'] button[type=submit]").click(timeout=3000)
    expect(slow.locator("main")).to_contain_text(name)


def test_a_decider_cannot_decide_what_he_reviewed(at_desk: Open, office: Office) -> None:
    number, _ = office.receive()
    page = at_desk("decider")  # who helps out as reviewer
    page.goto(f"/desk/cases/number/{number}/")
    complete(page, "agree", OPINION)
    expect(page.locator(".case-opinion", has_text=OPINION)).to_be_visible()
    expect(page.locator("form[action$='/complete/']")).to_have_count(0)
    expect(page.locator(".ui-notice").first).to_be_visible()
