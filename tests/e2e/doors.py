"""What the browser tests do again and again: signing in, filling in a page of a form, and the staff's part over plain HTTP."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, expect
from tests.e2e.living_city import LivingCity

from linli.channels.desk.engine import browser as http

CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESK: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
TIMEOUT_MS = 12_000
CODE_SECONDS = 30.0

ALLOWANCE = "MZ06"
UNEMPLOYMENT = "RS01"
ANSWERS = {
    "bank_account": "6222020000000000000",
    "bank_name": "中国农业银行新余渝水支行",
    "other_place": "false",
    "care_mode": "alone",
    "has_agent": "false",
}


def sign_in_desk(page: Page, username: str, password: str) -> None:
    page.goto("/desk/sign-in/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def sign_in_portal(page: Page, phone: str) -> None:
    """By the code that the demo's own gateway received."""
    if "/accounts/sign-in/" not in page.url:
        page.goto("/accounts/sign-in/")
    page.fill("[name=phone]", phone)
    known = codes(page, phone)
    page.press("[name=phone]", "Enter")
    page.wait_for_selector("[name=code]")
    page.fill("[name=code]", new_code(page, phone, known))
    page.press("[name=code]", "Enter")
    page.wait_for_url(lambda url: "/accounts/sign-in/" not in url)


def codes(page: Page, phone: str) -> list[str]:
    """Six-digit codes the gateway has received for a phone."""
    text = page.request.get("/local-gateway/").text()
    cards = re.findall(r"<strong>([^<]*)</strong>.*?data-sms-text>([^<]*)<", text, re.S)
    return [code for to, said in cards if to.strip()[-4:] == phone[-4:] for code in re.findall(r"(?<!\d)\d{6}(?!\d)", said)]


def new_code(page: Page, phone: str, known: list[str]) -> str:
    deadline = time.monotonic() + CODE_SECONDS
    while time.monotonic() < deadline:
        fresh = [code for code in codes(page, phone) if code not in known]
        if fresh:
            return fresh[0]
        page.wait_for_timeout(250)
    raise AssertionError("No code came by SMS.")


def fits(page: Page) -> None:
    """Nothing sticks out of the screen sideways."""
    wide, screen = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
    if wide > screen:
        culprits = page.evaluate(
            """() => [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
            .slice(0, 6).map(e => e.outerHTML.slice(0, 160))"""
        )
        raise AssertionError(f"{page.url} is {wide} px wide on a screen of {screen}: {culprits}")


def fill_page(page: Page, answers: Mapping[str, str]) -> None:
    """Answer what the page of a form still asks: by name, ticks and promises as given by hand."""
    for field in page.locator("#linli-form :is(input, select, textarea)[name]:visible").all():
        name, kind = field.get_attribute("name") or "", field.get_attribute("type") or ""
        if kind == "radio":
            if field.get_attribute("value") == answers.get(name):
                field.check()
        elif kind == "checkbox":
            field.check()
        elif name in answers and kind != "file":
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(answers[name])
            else:
                field.fill(answers[name])


def walk_form(page: Page, answers: Mapping[str, str], *, check: Any = None, pages: int = 12) -> None:
    """Page after page with the visible main button, until the receipt."""
    for _ in range(pages):
        if check:
            check(page)
        fill_page(page, answers)
        with page.expect_navigation():
            page.locator(".form-actions button").last.click()
        if "/receipt/" in page.url:
            return
    raise AssertionError(f"No receipt after {pages} pages, but {page.url}: {page.locator('main').inner_text()[:400]}")


class Office:
    """The staff over plain HTTP, sending only forms that stand on their pages."""

    def __init__(self, city: LivingCity) -> None:
        self.city = city
        self._browsers: dict[str, http.Browser] = {}

    def who(self, role: str) -> http.Browser:
        if role not in self._browsers:
            browser = http.Browser(self.city.base)
            page = browser.get("/desk/sign-in/")
            browser.submit(page.form("sign-in", "username"), {"username": getattr(self.city.cast, role), "password": self.city.password})
            self._browsers[role] = browser
        return self._browsers[role]

    def take(self, role: str, number: str, step: str, **values: Any) -> http.Page:
        """Open a case by its number and send the form of one step (`accept`, `complete`, `correct`, ...)."""
        browser = self.who(role)
        page = browser.get(f"/desk/cases/number/{number}/")
        http.expect(page.status == 200, f"the case {number}", page)
        form = page.form(f"/{step}/")
        ticks = {name: "on" for name in form.fields if name.startswith("seen-")}
        done = browser.submit(form, {**ticks, **values})
        http.expect(done.status == 200, f"the case after {step}", done)
        return done

    def receive(self, matter: str = ALLOWANCE) -> tuple[str, str]:
        """The mother comes to the counter herself; number and address of the accepted case."""
        clerk, mother = self.who("clerk"), self.city.cast.mother
        page = clerk.get("/desk/counter/")
        for form in page.tree.forms:
            if "/counter/next/" in (form.get("action") or ""):
                page = clerk.submit(form)
                break
        page = clerk.submit(page.form("counter/visitor", "who"), {"who": mother.id_number})
        page = clerk.get(f"/desk/counter/{matter}/")
        form = page.form("", "signature__name")
        known = {name: value for name, value in {**ANSWERS, "account_owner": mother.name}.items() if name in form.fields}
        ticks = {field.name: field.get("value", "on") for field in form.inputs if field.get("type") == "checkbox" and field.name}
        outside = {
            f.get("name"): f.get("value", "1") for f in page.tree.xpath("//*[@form='linli-form'][@type='checkbox' or @type='hidden']")
        }
        page = clerk.submit(form, {**ticks, **outside, **known, "signature__name": mother.name})
        http.expect("/taken/" in page.url, "the case handed in", page)
        number = re.search(r"\d{26}", page.text)
        assert number
        return number[0], page.url.removeprefix(self.city.base).removesuffix("taken/")


def badge_of(page: Page, text: str) -> None:
    expect(page.locator(".ui-badge", has_text=text).first).to_be_visible()
