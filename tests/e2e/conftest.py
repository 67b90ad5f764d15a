"""One living city and one Chromium for all browser tests of a run; a context (a person with a device) for each test."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright  # noqa: E402
from tests.e2e.doors import CHROMIUM_FLAGS, DESK, PHONE, TIMEOUT_MS, Office, sign_in_desk, sign_in_portal  # noqa: E402
from tests.e2e.living_city import LivingCity, living_city  # noqa: E402

PEOPLE, CASES = 600, 200


@pytest.fixture(scope="session")
def city(cluster: Any) -> Iterator[LivingCity]:
    with living_city(cluster, people=PEOPLE, cases=CASES) as found:
        yield found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = os.environ.get("LINLI_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.fail("No Chromium: apt-get install chromium, or set LINLI_CHROMIUM to its program.")
    found = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
    yield found
    found.close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, city: LivingCity) -> Iterator[Open]:
    """`open_page(PHONE, storage_state=..., ...)`: a page of a context of its own; all are closed after the test."""
    contexts: list[BrowserContext] = []

    def make(device: dict[str, Any], **more: Any) -> Page:
        context = browser.new_context(base_url=city.base, locale="zh-CN", timezone_id="Asia/Shanghai", **{**device, **more})
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def states() -> dict[str, Any]:
    """Cookies of who has signed in already: an SMS code a minute and a slow password hash are paid once a person."""
    return {}


@pytest.fixture
def at_desk(open_page: Open, city: LivingCity, states: dict[str, Any]) -> Callable[..., Page]:
    """`at_desk("clerk")`: a page of somebody who works here, signed in."""

    def make(role: str, **more: Any) -> Page:
        username = getattr(city.cast, role)
        page = open_page(DESK, storage_state=states.get(username), **more)
        if username not in states:
            sign_in_desk(page, username, city.password)
            states[username] = page.context.storage_state()
        return page

    return make


@pytest.fixture
def at_home(open_page: Open, city: LivingCity, states: dict[str, Any]) -> Callable[..., Page]:
    """`at_home("daughter")`: a phone in the hand of a resident, signed in with a code by SMS."""

    def make(who: str, **more: Any) -> Page:
        phone = getattr(city.cast, who).phone
        if phone not in states:
            first = open_page(PHONE)
            sign_in_portal(first, phone)
            states[phone] = first.context.storage_state()
        return open_page(PHONE, storage_state=states[phone], **more)

    return make


@pytest.fixture(scope="session")
def office(city: LivingCity) -> Office:
    """The staff without a screen, for what happens elsewhere while a test looks at one person's pages."""
    return Office(city)
