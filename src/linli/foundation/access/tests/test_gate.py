"""What a gate answers to each kind of actor, and how a refusal looks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from linli.foundation.gate import Answer, Gate, citizen, desk, public, sign_in_page
from linli.foundation.types import ANONYMOUS, Actor, ActorKind, RegionRange
from linli.lib.errors import Refused

CLERK = Actor(ActorKind.STAFF, ranges=(RegionRange.below("0000100001"),), permissions=frozenset({"cases.view"}))
ADMINISTRATOR = Actor(ActorKind.STAFF, permissions=frozenset({"admin.roles", "cases.view"}))
RESIDENT = Actor(ActorKind.CITIZEN, user_id=UUID(int=1), assurance=1)
TRACKER = Actor(ActorKind.TRACKER, case_id=UUID(int=2))


def blank(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@pytest.mark.parametrize(
    ("gate", "actor", "answer"),
    [
        (Gate(), ANONYMOUS, Answer.OPEN),
        (desk("cases.view"), ANONYMOUS, Answer.SIGN_IN),
        (desk("cases.view"), TRACKER, Answer.SIGN_IN),
        (desk("cases.view"), RESIDENT, Answer.MISSING),
        (desk("cases.view"), CLERK, Answer.OPEN),
        (desk("cases.decide"), CLERK, Answer.REFUSED),
        (desk("admin.roles"), CLERK, Answer.REFUSED),
        (desk("admin.roles"), ADMINISTRATOR, Answer.OPEN),
        (desk("audit.view"), ADMINISTRATOR, Answer.REFUSED),
        (desk("cases.view"), ADMINISTRATOR, Answer.MISSING),  # even with the permission: no region, no business
        (desk(), ADMINISTRATOR, Answer.OPEN),
        (citizen(), ANONYMOUS, Answer.SIGN_IN),
        (citizen(), CLERK, Answer.MISSING),
        (citizen(assurance=1), RESIDENT, Answer.OPEN),
        (citizen(assurance=2), RESIDENT, Answer.REFUSED),
        (citizen(), TRACKER, Answer.SIGN_IN),
        (citizen(assurance=1, tracker=True), TRACKER, Answer.OPEN),
    ],
)
def test_answers(gate: Any, actor: Actor, answer: Answer) -> None:
    declared: Gate = gate if isinstance(gate, Gate) else gate(lambda request: HttpResponse()).gate
    assert declared.answer(actor) == answer


def ask(view: Any, actor: Actor, method: str = "GET", **headers: str) -> HttpResponse:
    request: Any = RequestFactory().generic(method, "/desk/cases/?page=2", headers=headers)
    request.actor = actor
    response: HttpResponse = view(request)
    return response


@desk("cases.view")
def page(request: Any) -> HttpResponse:
    return HttpResponse("rows")


def test_somebody_who_is_not_signed_in_comes_back_after_signing_in() -> None:
    door = sign_in_page(staff=True)
    assert ask(page, ANONYMOUS)["Location"] == f"{door}?next=%2Fdesk%2Fcases%2F%3Fpage%3D2"
    late = ask(page, ANONYMOUS, "POST", referer="http://testserver/desk/cases/7/")
    assert late["Location"] == f"{door}?next=%2Fdesk%2Fcases%2F7%2F"
    foreign = ask(page, ANONYMOUS, "POST", referer="http://evil.example/desk/")
    assert foreign["Location"] == f"{door}?next=%2F"
    resident = ask(citizen()(blank), ANONYMOUS)
    assert resident["Location"] == "/accounts/sign-in/?next=%2Fdesk%2Fcases%2F%3Fpage%3D2"


def test_refusals_say_what_to_do_next() -> None:
    assert ask(page, CLERK).content == b"rows"
    with pytest.raises(Http404):
        ask(page, RESIDENT)
    with pytest.raises(Refused) as refused:
        ask(page, CLERK.but(permissions=frozenset()))
    assert refused.value.hint
    with pytest.raises(Refused, match="ASSURANCE_TOO_LOW"):
        ask(citizen(assurance=2)(blank), RESIDENT)


def test_a_gate_survives_other_decorators_and_keeps_the_name() -> None:
    @public
    def open_page(request: Any) -> HttpResponse:
        """Its docstring."""
        return HttpResponse()

    assert open_page.gate == Gate()  # type: ignore[attr-defined]
    assert open_page.__doc__ == "Its docstring."
