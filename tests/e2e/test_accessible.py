"""axe finds nothing against WCAG 2.0 to 2.2, levels A and AA, on full, wrong and open pages, on a phone and on a desk; and nothing sticks out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.e2e.doors import ALLOWANCE, PHONE, UNEMPLOYMENT, Office, fits
from tests.e2e.living_city import LivingCity

Open = Callable[..., Page]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
SCREENS = [(360, 640), (1366, 768)]
WIDTHS = pytest.mark.parametrize("screen", SCREENS, ids=["360", "1366"])

PUBLIC = [
    "/",
    "/matters/",
    "/matters/?q=zzzz",
    f"/matters/{ALLOWANCE}/",
    "/matters/MZ01/",
    "/track/",
    "/verify/",
    "/accounts/sign-in/",
    "/nothing/",
]
RESIDENT = ["/", "/accounts/", "/my/cases/", "/messages/", "/accounts/mandates/"]
CLERK = [
    "/desk/",
    "/desk/inbox/",
    "/desk/inbox/?box=all",
    "/desk/search/?q=36",
    "/desk/account/",
    "/desk/counter/visitor/new/",
    "/desk/nothing/",
]
SUPERVISOR = ["/desk/supervision/", "/desk/supervision/?list=1", "/desk/supervision/performance/", "/desk/supervision/cards/"]
DECIDER = ["/desk/", "/desk/inbox/?box=unit", "/desk/inbox/?box=all"]


def sound(page: Page) -> None:
    """No violation and nothing wider than the screen."""
    found = Axe().run(page, options=RULES).response["violations"]
    told = [f"{v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])} times)" for v in found]
    assert not told, f"{page.url}: {told}"
    fits(page)


def visit(page: Page, addresses: list[str]) -> None:
    for address in addresses:
        page.goto(address)
        sound(page)


@WIDTHS
def test_portal_without_signing_in(open_page: Open, screen: tuple[int, int]) -> None:
    page = open_page({"viewport": {"width": screen[0], "height": screen[1]}})
    visit(page, PUBLIC)
    page.goto("/track/")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".ui-error").first).to_be_visible()
    sound(page)


@WIDTHS
def test_portal_of_a_resident(at_home: Open, city: LivingCity, office: Office, screen: tuple[int, int]) -> None:
    page = at_home("daughter")
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    visit(page, RESIDENT)
    page.goto(f"/matters/{ALLOWANCE}/apply/")
    sound(page)
    page.goto(f"/matters/{ALLOWANCE}/apply/?for={city.cast.mother.id}&anyway=1")
    sound(page)
    page.goto(f"/matters/{UNEMPLOYMENT}/apply/?for={city.cast.daughter.id}&anyway=1")
    for _ in range(3):  # with empty and with wrong answers
        with page.expect_navigation():
            page.locator(".form-actions button").last.click()
        sound(page)


@WIDTHS
def test_workbench_of_a_clerk(at_desk: Open, city: LivingCity, office: Office, screen: tuple[int, int]) -> None:
    _, address = office.receive()
    page = at_desk("clerk")
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    visit(page, [*CLERK, address, f"{address}taken/"])
    page.goto("/desk/counter/")
    if page.locator("form[action$='/counter/next/']").count():
        page.locator("form[action$='/counter/next/'] button").click()
    page.fill("[name=who]", "36059919450925138")
    page.press("[name=who]", "Enter")
    expect(page.locator(".ui-error").first).to_be_visible()
    sound(page)
    page.fill("[name=who]", city.cast.visitor.id_number)
    page.press("[name=who]", "Enter")
    expect(page.locator("#counter-q")).to_be_visible()
    sound(page)
    page.goto(f"/desk/counter/{UNEMPLOYMENT}/")
    sound(page)
    with page.expect_navigation():
        page.locator("#linli-form .form-actions button").last.click()
    sound(page)


@WIDTHS
def test_workbench_dialogs(at_desk: Open, office: Office, screen: tuple[int, int]) -> None:
    _, address = office.receive()
    page = at_desk("clerk")
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    page.goto(address)
    page.keyboard.press("?")
    expect(page.locator("#keyboard-help")).to_be_visible()
    sound(page)
    page.keyboard.press("Escape")
    page.locator("[data-dialog-open=reveal]").click()
    expect(page.locator("dialog[open]")).to_be_visible()
    sound(page)
    page.keyboard.press("Escape")
    page.evaluate("document.querySelectorAll('details.case-move').forEach(panel => { panel.open = true; })")
    sound(page)
    if page.locator(".desk-burger").is_visible():
        page.locator(".desk-burger").click()
        sound(page)


@WIDTHS
def test_workbench_of_a_decider_and_a_supervisor(at_desk: Open, office: Office, screen: tuple[int, int]) -> None:
    number, address = office.receive()
    office.take("reviewer", number, "complete", outcome="agree", opinion="情况属实")
    for role, addresses in (("decider", [*DECIDER, address]), ("supervisor", SUPERVISOR)):
        page = at_desk(role)
        page.set_viewport_size({"width": screen[0], "height": screen[1]})
        visit(page, addresses)
    page.goto("/desk/supervision/cards/")
    page.locator("a[id^=card-]").first.click()
    sound(page)


def test_large_type_has_no_barrier_either(open_page: Open) -> None:
    page = open_page(PHONE)
    page.goto("/")
    page.locator("button[aria-pressed]").tap()
    expect(page.locator("html[data-elder]")).to_be_attached()
    visit(page, ["/", f"/matters/{ALLOWANCE}/", "/track/"])
