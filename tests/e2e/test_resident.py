"""A daughter applies for her mother of eighty-one, on a phone of 360 x 640."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from tests.e2e.doors import ALLOWANCE, ANSWERS, PHONE, Office, codes, fits, new_code, walk_form
from tests.e2e.living_city import LivingCity

Open = Callable[..., Page]


def answers_for(city: LivingCity) -> dict[str, str]:
    mother = city.cast.mother.name
    return {
        **ANSWERS,
        "account_owner": mother,
        "applicant_name": mother,
        "signature__name": mother,
        "has_agent": "true",
        "agent_relation": "child",
    }


def find_by_pinyin(page: Page) -> None:
    page.goto("/")
    fits(page)
    page.tap("input[name=q]")
    page.keyboard.type("gljt")
    page.locator("#suggestions a").first.tap()
    page.wait_for_url(f"**/matters/{ALLOWANCE}/")


def sign_in_on_the_way(page: Page, phone: str) -> None:
    page.wait_for_url("**/accounts/sign-in/**")
    fits(page)
    known = codes(page, phone)
    page.fill("[name=phone]", phone)
    page.locator("main form button[type=submit]").tap()
    page.wait_for_selector("[name=code]")
    fits(page)
    page.fill("[name=code]", new_code(page, phone, known))
    page.locator("main form button[type=submit]").tap()


def test_daughter_applies_for_her_mother_until_the_rating(
    open_page: Open, city: LivingCity, office: Office, states: dict[str, object]
) -> None:
    page, cast = open_page(PHONE), city.cast
    find_by_pinyin(page)
    fits(page)
    page.locator(f"a[href='/matters/{ALLOWANCE}/apply/']").first.tap()
    sign_in_on_the_way(page, cast.daughter.phone)
    page.wait_for_url(f"**/matters/{ALLOWANCE}/apply/**")
    states[cast.daughter.phone] = page.context.storage_state()
    fits(page)
    with page.expect_navigation():
        page.get_by_text(cast.mother.name).first.tap()
    walk_form(page, answers_for(city), check=fits)
    fits(page)
    number = re.search(r"\d{26}", page.locator("main").inner_text())
    assert number
    case_path = page.url.removesuffix("receipt/")
    office.take("clerk", number[0], "correct", items="银行卡开户行名称不完整")
    page.goto(case_path)
    fits(page)
    expect(page.get_by_text("银行卡开户行名称不完整").first).to_be_visible()
    answer_the_correction(page)
    for role, step, values in STEPS:
        office.take(role, number[0], step, **values)
    page.goto(case_path)
    fits(page)
    result_is_a_pdf(page)
    rate(page)


STEPS: list[tuple[str, str, dict[str, str]]] = [
    ("clerk", "accept", {}),
    ("reviewer", "complete", {"outcome": "agree", "opinion": "情况属实"}),
    ("decider", "complete", {"outcome": "agree", "opinion": "同意发放"}),
    ("clerk", "complete", {"outcome": "delivered", "opinion": "已送达"}),
]


def answer_the_correction(page: Page) -> None:
    page.locator("a[href$='/correct/']").tap()
    page.wait_for_url("**/correct/")
    fits(page)
    page.fill("[name=bank_name]", "中国农业银行股份有限公司新余渝水支行")
    page.locator(".form-actions button").last.tap()
    page.wait_for_url(lambda url: "/correct/" not in url)
    fits(page)


def result_is_a_pdf(page: Page) -> None:
    """The worker prints it a moment after the decision."""
    links = page.locator("a[href*='/files/'][target=_blank]")
    for _ in range(60):
        if links.count() >= 2:
            break
        page.wait_for_timeout(500)
        page.reload()
    bodies = [page.request.get(link.get_attribute("href") or "").body() for link in links.all()]
    assert bodies
    assert all(body.startswith(b"%PDF") for body in bodies)


def rate(page: Page) -> None:
    page.locator("a[href$='/rate/']").tap()
    page.wait_for_url("**/rate/")
    fits(page)
    page.locator("[name=score][value='5']").check()
    with page.expect_navigation():
        page.locator("main form button[type=submit]").tap()
    expect(page.locator("main")).not_to_contain_text("There is a problem")
    fits(page)


def test_without_javascript_she_gets_as_far_as_the_receipt(at_home: Open, city: LivingCity) -> None:
    page = at_home("daughter", java_script_enabled=False)
    page.goto("/matters/?q=gaoling")
    page.locator(f"a[href='/matters/{ALLOWANCE}/']").first.click()
    page.locator(f"a[href='/matters/{ALLOWANCE}/apply/']").first.click()
    with page.expect_navigation():
        page.get_by_text(city.cast.mother.name).first.click()
    if page.locator("a[href*='anyway=1']").count():  # she draws the allowance since the test before: told so first, and free to go on
        with page.expect_navigation():
            page.locator("a[href*='anyway=1']").click()
    walk_form(page, answers_for(city))
    assert re.search(r"\d{26}", page.locator("main").inner_text())


def test_large_type_fits_the_phone_on_every_page(at_home: Open) -> None:
    page = at_home("daughter")
    page.goto("/")
    page.locator("button[aria-pressed]").tap()
    expect(page.locator("html[data-elder]")).to_be_attached()
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 24
    for address in ("/", "/matters/", f"/matters/{ALLOWANCE}/", "/my/cases/", "/track/", "/accounts/", "/messages/"):
        page.goto(address)
        fits(page)
