"""One case opened with number and code: masked, nothing else, and guessing does not pay. And papers anybody may check."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile.engine import query_code
from linli.cases.casefile.models import Case, Paper, TrackAttempt
from linli.cases.casefile.tests.factories import City, small_city
from linli.cases.casefile.tests.test_portal_cases import hand_in
from linli.cases.casefile.tests.visitors import TEST, old_lady
from linli.foundation.scope.actions import scoped
from linli.lib.casenumber import CaseNumber

pytestmark = pytest.mark.django_db
TRACK = "/track/"


@pytest.fixture
def city() -> City:
    return small_city()


@pytest.fixture
def case(city: City) -> Case:
    _, person, user = old_lady(city)
    return hand_in(user, person)


def wrong_code(case: Case) -> str:
    return "000000" if query_code(case.number) != "000000" else "111111"


def test_number_and_code_open_one_masked_case(case: Case) -> None:
    client = Client()
    answer = client.post(TRACK, {"number": case.number, "secret": query_code(case.number)}, follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain == [("/track/case/", 302)]
    assert case.number in html
    assert "Wang Xiulan" not in html
    assert "138" not in html.replace(case.number, "")
    assert "/files/" not in html
    assert client.get(reverse("casefile_my_case", args=[case.id])).status_code == 302  # own cases still need an account


def test_the_last_four_of_the_id_number_open_it_too_and_spaces_do_not_matter(case: Case) -> None:
    spaced = " ".join(case.number[i : i + 4] for i in range(0, 26, 4))
    assert Client().post(TRACK, {"number": spaced, "secret": case.id_last4}).status_code == 302


def test_an_unknown_number_and_a_wrong_code_are_answered_alike(case: Case) -> None:
    nobody = str(CaseNumber(case.number[:12], timezone.localdate(), 99999))
    texts = []
    for number in (case.number, nobody):
        answer = Client().post(TRACK, {"number": number, "secret": wrong_code(case)})
        assert answer.status_code == 422
        html = answer.content.decode().replace(number, "NUMBER")
        texts.append(html[html.index("ui-error-summary") : html.index("</form>", html.index("ui-error-summary"))])
    assert texts[0] == texts[1]


def test_a_mistyped_number_is_told_without_counting(case: Case) -> None:
    last = "0" if case.number[-1] != "0" else "1"
    assert Client().post(TRACK, {"number": case.number[:-1] + last, "secret": "123456"}).status_code == 422
    assert not TrackAttempt.objects.exists()


def test_five_wrong_tries_close_the_number_even_for_the_right_code_and_from_elsewhere(case: Case) -> None:
    client = Client()
    for _ in range(5):
        assert client.post(TRACK, {"number": case.number, "secret": wrong_code(case)}).status_code == 422
    locked = Client(REMOTE_ADDR="10.0.0.9").post(TRACK, {"number": case.number, "secret": query_code(case.number)})
    assert locked.status_code == 429
    TrackAttempt.objects.update(at=timezone.now() - timedelta(minutes=31))
    assert Client().post(TRACK, {"number": case.number, "secret": query_code(case.number)}).status_code == 302


def test_an_address_that_guesses_over_many_numbers_is_closed(case: Case) -> None:
    now = timezone.now()
    TrackAttempt.objects.bulk_create([TrackAttempt(number=str(n), address="127.0.0.1", at=now) for n in range(30)])
    assert Client().post(TRACK, {"number": case.number, "secret": query_code(case.number)}).status_code == 429
    assert Client(REMOTE_ADDR="10.0.0.9").post(TRACK, {"number": case.number, "secret": query_code(case.number)}).status_code == 302


def test_closing_forgets_the_case_on_this_device(case: Case) -> None:
    client = Client()
    client.post(TRACK, {"number": case.number, "secret": query_code(case.number)})
    client.post("/track/close/")
    assert client.get("/track/case/").status_code == 302


def test_a_genuine_paper_is_confirmed_masked_and_a_void_one_is_called_void(case: Case) -> None:
    with scoped(TEST):
        paper = Paper.objects.get(case=case, kind="receipt")
    address = reverse("casefile_verify", args=[paper.verify_code])
    page = Client().get(address).content.decode()
    assert paper.number in page
    assert "ui-tone-success" in page
    assert "Wang Xiulan" not in page
    assert Client().get(reverse("casefile_verify", args=[paper.verify_code.lower()])).status_code == 200
    with scoped(TEST):
        paper.state = "void"
        paper.save(update_fields=["state"])
    assert "ui-tone-danger" in Client().get(address).content.decode()


def test_a_code_we_never_gave_out_is_answered_plainly() -> None:
    answer = Client().get(reverse("casefile_verify", args=["ABCDEFGHJK"]))
    assert answer.status_code == 404
    assert "ui-tone-danger" in answer.content.decode()
    assert Client().get(reverse("casefile_verify_form"), {"code": "ABCD EFGHJK"})["Location"] == "/verify/ABCDEFGHJK/"
