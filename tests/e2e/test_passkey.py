"""Passkeys in Chromium with a virtual authenticator. Browsers take no IP address for them, so the city is visited as localhost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect
from tests.e2e.doors import DESK, PHONE, TIMEOUT_MS, sign_in_desk, sign_in_portal
from tests.e2e.living_city import LivingCity
from tests.e2e.test_accessible import sound

Open = Callable[..., Page]
NEWCOMER = "13900007788"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def at_localhost(browser: Browser, city: LivingCity) -> Iterator[Callable[[dict[str, Any]], Page]]:
    contexts: list[BrowserContext] = []

    def make(device: dict[str, Any]) -> Page:
        base = city.base.replace("127.0.0.1", "localhost")
        context = browser.new_context(base_url=base, locale="zh-CN", timezone_id="Asia/Shanghai", **device)
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def with_device(page: Page) -> tuple[CDPSession, str]:
    """Plug an authenticator into the page: (session to talk to it, its id)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]


def press_passkey(page: Page) -> None:
    with page.expect_navigation():
        page.locator("form[data-passkey] button[type=submit]").click()


def add_passkey(page: Page, name: str) -> None:
    page.fill("form[data-passkey=create] [name=name]", name)
    press_passkey(page)


def remove_passkey(page: Page) -> None:
    """With the question asked in the page's own dialog."""
    page.locator("form[data-confirm][action$='/remove/'] button").first.click()
    with page.expect_navigation():
        page.locator("#ui-confirm button[value=yes]").click()


def sign_out(page: Page, address: str) -> None:
    page.goto(address)
    with page.expect_navigation():
        page.locator("main form[action$='sign-out/'] button").click()


def test_a_resident_signs_in_with_a_passkey_until_it_is_removed(at_localhost: Callable[..., Page]) -> None:
    page = at_localhost(PHONE)
    session, device = with_device(page)
    sign_in_portal(page, NEWCOMER)
    page.goto("/accounts/")
    page.click("main a[href='/accounts/passkeys/']")
    sound(page)
    add_passkey(page, "我的手机")
    expect(page.locator("main .ui-list")).to_contain_text("我的手机")
    made = session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert len(made) == 1 and made[0]["isResidentCredential"] and made[0]["rpId"] == "localhost"
    sign_out(page, "/accounts/")
    page.goto("/accounts/sign-in/?next=/accounts/passkeys/")
    sound(page)
    press_passkey(page)
    page.wait_for_url("**/accounts/passkeys/")
    sound(page)
    remove_passkey(page)
    expect(page.locator("main .ui-list form")).to_have_count(0)
    sign_out(page, "/accounts/")
    page.goto("/accounts/sign-in/")
    press_passkey(page)  # the device still has it, the city does not
    expect(page.locator("#toasts .ui-tone-danger")).to_be_visible()
    page.goto("/accounts/")
    assert "/accounts/sign-in/" in page.url


def test_a_device_that_has_one_already_and_a_person_who_says_no_are_told_so(at_localhost: Callable[..., Page]) -> None:
    page = at_localhost(PHONE)
    session, device = with_device(page)
    sign_in_portal(page, "13900007799")
    page.goto("/accounts/passkeys/")
    add_passkey(page, "我的手机")
    page.fill("form[data-passkey=create] [name=name]", "又一次")
    page.locator("form[data-passkey] button[type=submit]").click()
    problem = page.locator("[data-passkey-problem]")
    expect(problem).not_to_be_empty()
    already = problem.inner_text()
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    sign_out(page, "/accounts/")
    page.goto("/accounts/sign-in/")
    page.locator("form[data-passkey] button[type=submit]").click()
    expect(problem).not_to_be_empty()
    assert problem.inner_text() != already


def test_staff_use_a_passkey_as_second_step_and_alone_with_the_keyboard(at_localhost: Callable[..., Page], city: LivingCity) -> None:
    page = at_localhost(DESK)
    with_device(page)
    username = city.cast.colleague
    sign_in_desk(page, username, city.password)
    page.goto("/desk/account/passkeys/")
    sound(page)
    add_passkey(page, "办公电脑")
    try:
        assert page.locator("main code").count() == 10
        sign_out(page, "/desk/account/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", city.password)
        page.press("[name=password]", "Enter")
        page.wait_for_selector("[name=code]")
        sound(page)
        press_passkey(page)
        page.wait_for_url("**/desk/")
        sign_out(page, "/desk/account/")
        page.locator("form[data-passkey] button[type=submit]").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.wait_for_url("**/desk/")
    finally:
        page.goto("/desk/account/passkeys/")
        remove_passkey(page)
    sign_out(page, "/desk/account/")
    sign_in_desk(page, username, city.password)


def test_at_another_address_no_button_promises_what_the_browser_refuses(open_page: Open) -> None:
    page = open_page(PHONE)
    page.goto("/accounts/sign-in/")
    expect(page.locator("form[data-passkey]")).to_have_count(0)
