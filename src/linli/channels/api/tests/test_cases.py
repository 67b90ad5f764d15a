"""Handing in for a person, and following: what a partner may do, and what it never sees."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client

from linli.cases.casefile.engine import query_code
from linli.cases.casefile.models import Case, TrackAttempt
from linli.cases.casefile.queries.cases import answers, my_cases
from linli.cases.casefile.tests.factories import City, citizen, resident
from linli.channels.api.models import ApiReply
from linli.channels.api.tests.conftest import NUMBER, SUBMISSION, Partner, new_partner
from linli.channels.api.tests.test_door import is_problem
from linli.foundation.access.queries import actor_of
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

pytestmark = pytest.mark.django_db


def changed(**changes: Any) -> dict[str, Any]:
    """The submission with some answers or applicant fields changed (``applicant__name=...``, ``answers__sex=...``)."""
    body = deepcopy(SUBMISSION)
    for path, value in changes.items():
        part, _, key = path.partition("__")
        body[part][key] = value
    return body


def case_of(number: str) -> Case:
    with scoped(system_actor("test")):
        return Case.objects.get(number=number)


def count() -> int:
    with scoped(system_actor("test")):
        return Case.objects.count()


def test_a_partner_hands_in_for_a_person_the_register_knows(city: City, partner: Partner) -> None:
    person = resident(city, name="王秀兰", id_number=NUMBER)
    answer = partner.submit()
    assert answer.status_code == 201, answer.content.decode()
    receipt = answer.json()
    assert answer["Location"] == receipt["url"] == f"/api/v1/cases/{receipt['number']}"
    assert receipt["query_code"] == query_code(receipt["number"])
    case = case_of(receipt["number"])
    assert (case.channel, case.party_id, case.created_by) == ("api", person.id, partner.made.client.user_id)
    assert case.decision["verdict"]["passed"] is True
    with scoped(system_actor("test")):
        assert answers(case)["applicant_id_number"] == NUMBER and answers(case)["phone"] == "13800000001"
    with scoped(actor_of(citizen(person))) as scope:
        assert [c.number for c in my_cases(scope.actor)] == [receipt["number"]]


def test_whether_the_register_knows_the_person_is_not_told(city: City, partner: Partner) -> None:
    unknown = partner.submit().json()
    resident(city, name="王秀兰", id_number=NUMBER)
    known = partner.submit(key="key-00000002").json()
    assert set(unknown) == set(known)
    assert case_of(unknown["number"]).party_id is None
    assert set(partner.get(f"cases/{unknown['number']}").json()) == set(partner.get(f"cases/{known['number']}").json())


def test_the_name_must_belong_to_the_number(city: City, partner: Partner) -> None:
    resident(city, name="李四", id_number=NUMBER)
    assert case_of(partner.submit().json()["number"]).party_id is None


def test_a_repeated_call_is_answered_the_same_and_makes_no_second_case(city: City, partner: Partner) -> None:
    first, again = partner.submit(), partner.submit()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() and first["Location"] == again["Location"] and count() == 1
    with scoped(system_actor("test")):
        ApiReply.objects.all().delete()
    late = partner.submit()
    assert (late.status_code, late.json()) == (200, first.json()) and count() == 1


def test_the_same_key_with_another_body_is_a_conflict(city: City, partner: Partner) -> None:
    partner.submit()
    answer = partner.submit(changed(answers__bank_name="农业银行"))
    assert is_problem(answer, 409)["code"] == "IDEMPOTENCY_KEY_REUSED" and count() == 1


def test_two_partners_may_choose_the_same_key(city: City, partner: Partner) -> None:
    other = new_partner(name="Another")
    assert partner.submit().json()["number"] != other.submit().json()["number"]


def test_a_refused_call_may_be_corrected_under_its_key(city: City, partner: Partner) -> None:
    is_problem(partner.submit(changed(answers__sex="9")), 422)
    assert partner.submit().status_code == 201


def test_the_key_is_required(city: City, partner: Partner) -> None:
    assert is_problem(partner.submit(key=""), 400)["field"] == "Idempotency-Key"
    assert count() == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (changed(applicant__region="360502001000"), "applicant.region"),
        (changed(applicant__region="999999999999"), "applicant.region"),
        (changed(applicant__id_number="360599194503070028"), "applicant.id_number"),
        (changed(applicant__phone="12"), "applicant.phone"),
    ],
)
def test_the_person_must_be_identified(city: City, partner: Partner, body: dict[str, Any], field: str) -> None:
    assert is_problem(partner.submit(body), 422)["field"] == field
    assert count() == 0


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        (changed(answers__sex="9"), "sex", None),
        (changed(answers__bank_name=None), "bank_name", "REQUIRED"),
        (changed(answers__colour="red"), "colour", "UNKNOWN_FIELD"),
        (changed(answers__applicant_name="李四"), "applicant_name", "LOCKED"),
        (changed(answers__other_place=True), "other_place", None),
    ],
)
def test_answers_are_judged_like_the_form(city: City, partner: Partner, body: dict[str, Any], path: str, code: str | None) -> None:
    errors = {e["path"]: e for e in is_problem(partner.submit(body), 422)["errors"]}
    assert path in errors and (code is None or errors[path]["code"] == code)
    assert count() == 0


def test_wrong_content_is_refused_by_its_shape(city: City, partner: Partner) -> None:
    def post(body: str, kind: str = "application/json") -> Any:
        return Client().post("/api/v1/cases", body, kind, headers={**partner.headers, "Idempotency-Key": "key-00000001"})

    is_problem(post("{"), 400)
    is_problem(post(json.dumps(SUBMISSION), "text/plain"), 415)
    assert is_problem(post(json.dumps({"matter": "MZ06"})), 422)["errors"]
    assert is_problem(post(json.dumps({**SUBMISSION, "party_id": "x"})), 422)["errors"]
    is_problem(post(json.dumps({**SUBMISSION, "matter": "XX99"})), 404)
    assert count() == 0


def test_a_partner_follows_its_own_case_and_reads_nothing_of_the_person(city: City, partner: Partner) -> None:
    resident(city, name="王秀兰", id_number=NUMBER)
    number = partner.submit().json()["number"]
    answer = partner.get(f"cases/{number}")
    body = answer.json()
    assert (body["number"], body["state"], body["timeline"][0]["kind"]) == (number, "submitted", "submitted")
    assert not [secret for secret in ("王秀兰", NUMBER, "13800000001", "6222020000000000000") if secret in answer.content.decode()]


def test_anothers_case_does_not_exist(city: City, partner: Partner) -> None:
    number = partner.submit().json()["number"]
    other = new_partner(name="Another")
    assert is_problem(other.get(f"cases/{number}"), 404)["code"] == is_problem(other.get("cases/36050200100120260101000001"), 404)["code"]


def test_the_query_code_opens_one_case(city: City, partner: Partner) -> None:
    mine, second = partner.submit().json(), partner.submit(key="key-00000002").json()
    other = new_partner("cases:read", name="Another")
    assert other.get(f"cases/{mine['number']}", query_code=mine["query_code"]).json()["number"] == mine["number"]
    assert is_problem(other.get(f"cases/{second['number']}", query_code=mine["query_code"]), 422)["code"] == "TRACK_WRONG"
    assert is_problem(other.get(f"cases/{mine['number']}"), 404)


def test_guessing_a_query_code_locks_the_number_though_each_guess_is_refused(city: City, partner: Partner) -> None:
    receipt = partner.submit().json()
    other = new_partner("cases:read", name="Another")
    answers = [
        other.get(f"cases/{receipt['number']}", query_code="000000" if receipt["query_code"] != "000000" else "111111") for _ in range(6)
    ]
    assert [a.status_code for a in answers] == [422] * 5 + [429]
    with scoped(system_actor("test")):
        assert TrackAttempt.objects.count() == 5


def test_the_tail_of_an_id_number_opens_nothing_here(city: City, partner: Partner) -> None:
    receipt = partner.submit().json()
    other = new_partner("cases:read", name="Another")
    is_problem(other.get(f"cases/{receipt['number']}", query_code=NUMBER[-4:]), 422)
