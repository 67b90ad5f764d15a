"""A clerk at the counter who never touches the mouse: the ID card reader types, the rest is keys."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from tests.e2e.doors import DESK, UNEMPLOYMENT, Office, sign_in_desk
from tests.e2e.living_city import LivingCity

Open = Callable[..., Page]

# Keyboard clicks have detail 0; whatever a mouse, pen or finger does is kept over page loads and read at the end of the test.
WATCH_POINTER = """
for (const kind of ["pointerdown", "pointerup", "mousedown", "mouseup", "touchstart", "wheel", "click", "dblclick", "contextmenu"])
  addEventListener(kind, e => {
    if (kind === "click" && e.detail === 0) return;
    localStorage.setItem("pointer-seen", (localStorage.getItem("pointer-seen") || "") + `${kind} on ${e.target.outerHTML.slice(0, 80)}; `);
  }, true);
"""
MOST_TABS = 120
LEAVE_DATE = ("2026", "03", "02")


def active(page: Page, what: str) -> str:
    return str(page.evaluate(f"(() => {{ const e = document.activeElement; return {what} ?? ''; }})()"))


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field of that name has the focus."""
    for _ in range(MOST_TABS):
        if active(page, "e.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches the field {name} on {page.url}")


def choose(page: Page, name: str, value: str) -> None:
    """A radio button, or an entry of a list, by arrow keys."""
    tab_to(page, name)
    if active(page, "e.type") == "radio":
        page.keyboard.press("Space")
    for _ in range(20):
        if active(page, "e.value") == value:
            break
        page.keyboard.press("ArrowDown")
    assert (active(page, "e.name"), active(page, "e.value")) == (name, value)
    page.wait_for_timeout(150)  # the form redraws itself where an answer opens another question
    page.wait_for_function("!document.body.hasAttribute('aria-busy')")
    assert active(page, "e.name") == name, "the focus was lost when the form drew itself anew"


def write(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.type(text)


def write_date(page: Page, name: str, year: str, month: str, day: str) -> None:
    """Into a date field, whose order of parts is the browser's."""
    tab_to(page, name)
    wanted = f"{year}-{month}-{day}"
    for parts in ((month, day, year), (year, month, day)):
        for part in parts:
            page.keyboard.type(part)
            if part == year and parts[0] == year:
                page.keyboard.press("ArrowRight")
        if active(page, "e.value") == wanted:
            return
        page.keyboard.press("Shift+Tab")
        tab_to(page, name)
    raise AssertionError(f"The date field {name} does not take {wanted} from the keyboard: {active(page, 'e.value')}")


def no_pointer(page: Page) -> None:
    assert page.evaluate("localStorage.getItem('pointer-seen')") is None


def test_a_visitor_is_served_with_the_keyboard_alone(open_page: Open, city: LivingCity) -> None:
    page = open_page(DESK)
    page.context.add_init_script(WATCH_POINTER)
    sign_in_desk(page, city.cast.clerk, city.password)
    page.keyboard.press("Alt+n")
    page.wait_for_url("**/desk/counter/")
    page.keyboard.type(city.cast.visitor.id_number)  # what a card reader sends ...
    page.keyboard.press("Enter")  # ... ends with Enter
    expect(page.locator("h1")).to_contain_text(city.cast.visitor.name)
    page.keyboard.type("sydj")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/counter/{UNEMPLOYMENT}/")
    tick_the_papers(page)
    fill_in(page, city.cast.visitor.name)
    page.keyboard.press("Alt+a")
    page.wait_for_url("**/taken/**")
    number = re.search(r"\d{26}", page.locator("main").inner_text())
    assert number
    print_the_receipt(page, number[0])
    page.keyboard.press("Alt+n")
    page.wait_for_url("**/desk/counter/")
    expect(page.locator("#visitor-who")).to_be_focused()
    expect(page.locator("main")).not_to_contain_text(city.cast.visitor.name)
    no_pointer(page)


def tick_the_papers(page: Page) -> None:
    for box in page.locator("[name^=seen-]").all():
        tab_to(page, box.get_attribute("name") or "")
        page.keyboard.press("Space")


def fill_in(page: Page, name: str) -> None:
    choose(page, "ever_employed", "true")
    write(page, "last_employer", "新余市某某纺织有限公司")
    write_date(page, "leave_date", *LEAVE_DATE)
    choose(page, "leave_reason", "contract_ended")
    choose(page, "has_proof", "true")
    choose(page, "able_and_willing", "true")
    write(page, "job_intent", "缝纫工")
    choose(page, "has_agent", "false")
    tab_to(page, "truth")
    page.keyboard.press("Space")
    tab_to(page, "signature__name")
    if not active(page, "e.value"):
        page.keyboard.type(name)
    page.keyboard.press("Tab")  # to "I confirm that this is the signature"
    page.keyboard.press("Space")


def print_the_receipt(page: Page, number: str) -> None:
    """The focus stands on the receipt already: Enter opens it as paper."""
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    paper = opened.value
    paper.wait_for_load_state("load")
    paper.emulate_media(media="print")
    expect(paper.locator("body")).to_contain_text(number)
    expect(paper.locator(".paper-qr svg")).to_be_visible()
    no_pointer(paper)
    paper.close()


def test_the_inbox_is_worked_through_with_keys(at_desk: Open, office: Office) -> None:
    number, _ = office.receive()
    page = at_desk("reviewer")
    page.context.add_init_script(WATCH_POINTER)
    page.goto("/desk/")
    page.keyboard.press("Alt+i")
    page.wait_for_url("**/desk/inbox/**")
    page.goto("/desk/inbox/?box=unit")
    page.keyboard.press("j")
    expect(page.locator("[data-row] :focus")).to_have_count(1)
    for _ in range(page.locator("[data-row]").count()):
        if active(page, "e.getAttribute('aria-label')") == number:
            break
        page.keyboard.press("j")
    row = page.locator("[data-row]", has=page.get_by_label(number))
    page.keyboard.press("c")
    expect(row.locator("button", has_text="放回")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.goto("/desk/inbox/?box=mine")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/**")
    page.keyboard.press("?")
    expect(page.locator("#keyboard-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keyboard-help")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    no_pointer(page)
