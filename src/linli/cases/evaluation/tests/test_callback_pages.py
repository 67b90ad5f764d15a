"""The pages of those who call back: only for them, names masked in the list, the phone on the page of the call."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from linli.cases.casefile.tests.factories import City
from linli.cases.casefile.tests.test_portal_cases import hand_in
from linli.cases.casefile.tests.visitors import old_lady, signed_in
from linli.cases.evaluation.actions import rate_case
from linli.cases.evaluation.models import Evaluation
from linli.cases.evaluation.tests.test_rating import city, finish, rating
from linli.foundation.access.queries import actor_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("linli.cases.evaluation.tests.urls")]
__all__ = ["city"]


@pytest.fixture
def bad(city: City) -> Evaluation:
    _, person, user = old_lady(city)
    case = hand_in(user, person)
    finish(city, case)
    rate_case(actor_of(user), case_id=case.id, score=1, tag_codes=["attitude"], comment="He shouted.")
    return rating(case)


def test_the_list_names_nobody_and_the_page_shows_whom_to_call(city: City, bad: Evaluation) -> None:
    caller = signed_in(city.users["caller"])
    listed = caller.get(reverse("evaluation_callbacks")).content.decode()
    assert reverse("evaluation_desk_subject", args=[bad.id]) in listed
    assert "Wang Xiulan" not in listed
    page = caller.get(reverse("evaluation_desk_subject", args=[bad.id])).content.decode()
    assert "13800000001" in page
    assert "He shouted." in page


def test_what_the_call_found_is_noted_and_the_next_step_is_offered(city: City, bad: Evaluation) -> None:
    caller = signed_in(city.users["caller"])
    address = reverse("evaluation_desk_subject", args=[bad.id])
    assert caller.post(address, {"verdict": "valid", "note": ""}).status_code == 422
    assert caller.post(address, {"verdict": "valid", "note": "She is right."}).status_code == 302
    assert "data-row" in caller.get(reverse("evaluation_callbacks"), {"state": "valid"}).content.decode()
    assert caller.post(address, {"note": "An apology by phone."}).status_code == 302
    assert "An apology by phone." in caller.get(address).content.decode()


def test_other_staff_and_residents_do_not_get_there(city: City, bad: Evaluation) -> None:
    address = reverse("evaluation_desk_subject", args=[bad.id])
    assert signed_in(city.users["clerk"]).get(address).status_code == 403
    assert Client().get(address).status_code == 302
