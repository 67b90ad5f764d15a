"""What a careful office answers when something is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.doors import DESK, PHONE, Office, fill_page
from tests.e2e.living_city import LivingCity
from tests.e2e.test_resident import answers_for

Open = Callable[..., Page]
CARD = "MZ13"  # asks for a photograph
BIG = 25 * 1024 * 1024
GUESSES = 12


def test_a_wrong_id_number_is_refused_beside_its_field(at_desk: Open, city: LivingCity) -> None:
    page = at_desk("clerk")
    page.goto("/desk/counter/")
    if page.locator("form[action$='/counter/next/']").count():
        page.locator("form[action$='/counter/next/'] button").click()
    good = city.cast.visitor.id_number
    page.fill("[name=who]", good[:-1] + ("1" if good[-1] != "1" else "2"))
    page.press("[name=who]", "Enter")
    field = page.locator(".ui-field", has=page.locator("[name=who]"))
    expect(field.locator(".ui-error")).to_be_visible()
    expect(page.locator("[name=who]")).to_have_attribute("aria-invalid", "true")
    described = (page.locator("[name=who]").get_attribute("aria-describedby") or "").split()
    assert any(page.locator(f"#{name}.ui-error").count() for name in described)
    expect(page.locator(".ui-error-summary")).to_be_focused()


def photo_page(page: Page, city: LivingCity) -> None:
    """Through the form until the page that asks for the photograph."""
    page.goto(f"/matters/{CARD}/apply/?for={city.cast.mother.id}&anyway=1")
    for _ in range(6):
        if page.locator("input[type=file]:visible").count():
            return
        fill_page(page, {**answers_for(city), "card_type": "70", "receive_by": "electronic"})
        with page.expect_navigation():
            page.locator(".form-actions button").last.click()
    raise AssertionError("No page of the form asks for a file.")


def send_file(page: Page, path: Path) -> None:
    field = page.locator("input[type=file]:visible").first
    field.evaluate("e => e.removeAttribute('accept')")
    field.set_input_files(str(path))
    with page.expect_navigation():
        page.locator(".form-actions button").last.click()


@pytest.mark.parametrize(
    ("name", "content"),
    [("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(BIG)), ("photo.pdf", b"MZ\x90\x00" + b"This program cannot be run in DOS mode." * 20)],
    ids=["25 MB", "a program named pdf"],
)
def test_a_file_that_will_not_do_is_refused_and_the_answers_stay(
    at_home: Open, city: LivingCity, tmp_path: Path, name: str, content: bytes
) -> None:
    page = at_home("daughter")
    photo_page(page, city)
    wrong = tmp_path / name
    wrong.write_bytes(content)
    send_file(page, wrong)
    expect(page.locator("main [role=alert], main .ui-error-summary").first).to_be_visible()
    expect(page.locator(".form-file")).to_have_count(0)


def test_two_presses_make_one_case(at_home: Open, city: LivingCity) -> None:
    page = at_home("daughter", java_script_enabled=False)
    page.goto(f"/matters/MZ06/apply/?for={city.cast.mother.id}&anyway=1")
    until_review(page, city)
    # the second press is the same request sent again
    address = page.locator("#linli-form").get_attribute("action") or ""
    fields = page.locator("#linli-form input[type=hidden]").all()
    body = {field.get_attribute("name") or "": field.get_attribute("value") or "" for field in fields}
    where = [page.request.post(address, form=body, headers={"Referer": page.url}).url for _ in range(2)]
    assert "/receipt/" in where[0]
    assert where[0] == where[1]


def until_review(page: Page, city: LivingCity, answers: dict[str, str] | None = None) -> None:
    for _ in range(8):
        if page.locator(".form-review").count():
            return
        fill_page(page, {**answers_for(city), **(answers or {})})
        with page.expect_navigation():
            page.locator(".form-actions button").last.click()
    raise AssertionError("The form has no page to read everything over.")


def test_an_expired_session_keeps_the_draft(at_home: Open, city: LivingCity) -> None:
    page, bank = at_home("daughter"), "江西省农村信用社良山分社"
    address = f"/matters/MZ06/apply/?for={city.cast.mother.id}&anyway=1"
    page.goto(address)
    to_the_bank(page, city)
    fill_page(page, {**answers_for(city), "bank_name": bank})
    with page.expect_navigation():
        page.locator(".form-actions button").last.click()
    page.context.clear_cookies(name="sessionid")
    with page.expect_navigation():
        page.locator(".form-actions button").last.click()
    assert "/accounts/sign-in/" in page.url
    again = at_home("daughter")
    again.goto(address)
    until_review(again, city, {"bank_name": bank})
    expect(again.locator(".form-review", has_text=bank)).to_be_visible()


def to_the_bank(page: Page, city: LivingCity) -> None:
    """The page of the form that asks for the bank's name, which nothing knows yet."""
    for _ in range(8):
        if page.locator("[name=bank_name]:visible").count():
            return
        correct = page.locator("[name=_correct][value=bank_name]")
        button = correct if correct.count() else page.locator(".form-actions button").last
        fill_page(page, answers_for(city))
        with page.expect_navigation():
            button.click()
    raise AssertionError("The form does not ask for the bank.")


def test_a_case_number_of_another_region_is_not_found(at_desk: Open, office: Office) -> None:
    number, address = office.receive()
    page = at_desk("other_clerk")
    for where in (f"/desk/cases/number/{number}/", address):
        answer = page.goto(where)
        assert answer is not None
        assert answer.status == 404
        expect(page.locator("main")).not_to_contain_text(number)
        expect(page.locator("main a").first).to_be_visible()  # a way on


def test_guessing_the_query_code_locks_it(open_page: Open, office: Office) -> None:
    number, _ = office.receive()
    page, statuses = open_page(PHONE), []
    page.goto("/track/")
    for guess in range(GUESSES):
        page.fill("[name=number]", number)
        page.fill("[name=secret]", f"{guess:06d}")
        with page.expect_navigation() as got:
            page.locator("main form button[type=submit]").first.click()
        statuses.append(got.value.status)
        if statuses[-1] == 429:
            break
    assert statuses[-1] == 429
    assert set(statuses[:-1]) == {422}
    expect(page.locator("main .ui-error, main .ui-error-summary").first).to_be_visible()


def test_the_address_of_somebody_elses_case_answers_not_found(at_home: Open, office: Office) -> None:
    _, address = office.receive()
    page = at_home("bystander")
    for tail in ("", "receipt/", "correct/", "rate/", "withdraw/"):
        answer = page.goto(address.replace("/desk/cases/", "/my/cases/") + tail)
        assert answer is not None
        assert answer.status == 404
    nobody = page.goto(address)
    assert nobody is not None
    assert nobody.status == 404 or "sign-in" in page.url


def test_a_visitor_who_is_not_signed_in_is_led_to_the_door_and_back(open_page: Open, city: LivingCity, office: Office) -> None:
    _, address = office.receive()
    page = open_page(DESK)
    page.goto(address)
    assert "/desk/sign-in/" in page.url
    page.fill("[name=username]", city.cast.clerk)
    page.fill("[name=password]", city.password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile(re.escape(address)))
