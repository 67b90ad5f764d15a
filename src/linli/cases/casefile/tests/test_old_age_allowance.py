"""One matter from hand-in to delivery: rights, clock, trail, papers."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from linli.cases.casefile import actions
from linli.cases.casefile.models import Case, Paper, Task, TimelineEntry
from linli.cases.casefile.queries.cases import get_case
from linli.cases.casefile.tests.factories import OLD_AGE_ANSWERS, City, citizen, resident, small_city
from linli.cases.catalogue.queries import current_definition
from linli.cases.supervision.actions import sweep
from linli.cases.supervision.models import Card, Clock
from linli.foundation.access.queries import actor_of
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return small_city()


def submit(city: City, key: str = "") -> tuple[Actor, Case]:
    person = resident(city)
    actor = actor_of(citizen(person))
    done = actions.submit_case(
        actor,
        version_id=current_definition("MZ06").version_id,
        answers=OLD_AGE_ANSWERS,
        submission_key=key or uuid4().hex,
        applicant=actions.Applicant(
            name=person.name, region_id=person.region_id, party_id=person.id, id_number="360599194503070023", phone="13800000001"
        ),
    )
    return actor, done.case


def task_of(case: Case) -> Task:
    with scoped(system_actor("test")):
        return Task.objects.get(case=case, state="open")


def accept(city: City, case: Case) -> Case:
    return actions.accept_case(city.actor("clerk"), case_id=case.id)


def state(case: Case) -> str:
    with scoped(system_actor("test")):
        return Case.objects.values_list("state", flat=True).get(pk=case.pk)


def test_a_case_goes_from_hand_in_to_delivery(city: City) -> None:
    _, case = submit(city)
    assert len(case.number) == 26
    assert task_of(case).unit_name == "unit home"
    accept(city, case)
    assert task_of(case).unit_name == "unit street"
    actions.complete_task(city.actor("reviewer"), task_id=task_of(case).id, outcome="agree", opinion="alive, not paid elsewhere")
    assert task_of(case).unit_name == "unit county_mz"
    actions.complete_task(city.actor("decider"), task_id=task_of(case).id, outcome="agree")
    assert state(case) == "closed"
    actions.complete_task(city.actor("clerk"), task_id=task_of(case).id, outcome="delivered")
    assert state(case) == "delivered"
    with scoped(system_actor("test")):
        assert not Task.objects.filter(case=case, state="open").exists()
        assert list(Paper.objects.filter(case=case).order_by("issued_at", "number").values_list("kind", flat=True)) == [
            "receipt",
            "acceptance",
            "decision",
            "result",
            "delivery",
        ]
        kinds = list(TimelineEntry.objects.filter(case=case).order_by("at", "id").values_list("kind", flat=True))
        assert kinds == ["submitted", "accepted", "step", "decided", "delivered"]
        names = list(AuditEntry.objects.filter(outcome="done").order_by("seq").values_list("action", flat=True))
    assert [n for n in names if n.startswith("cases.")] == [
        "cases.case_submitted",
        "cases.case_accepted",
        "cases.step_completed",
        "cases.step_completed",
        "cases.step_completed",
    ]


def test_the_same_submission_key_gives_the_same_case(city: City) -> None:
    actor, case = submit(city, key="k1")
    again = actions.submit_case(
        actor,
        version_id=case.version_id,
        answers=OLD_AGE_ANSWERS,
        submission_key="k1",
        applicant=actions.Applicant(name="x", region_id=case.region_id, party_id=case.party_id),
    )
    assert again.repeated and again.case.id == case.id
    with scoped(system_actor("test")):
        assert AuditEntry.objects.filter(action="cases.case_submitted").count() == 1, "what changed nothing is not noted a second time"


def test_the_neighbouring_community_does_not_see_the_case(city: City) -> None:
    _, case = submit(city)
    with scoped(city.actor("stranger")) as scope, pytest.raises(NotFound):
        get_case(scope.actor, case.id)
    with pytest.raises(NotFound):
        actions.accept_case(city.actor("stranger"), case_id=case.id)


def test_nobody_applies_for_a_person_without_a_mandate(city: City) -> None:
    person = resident(city)
    actor = actor_of(citizen(None, assurance=0, phone="13900000009"))
    with pytest.raises(Refused, match="NO_MANDATE"):
        actions.submit_case(
            actor,
            version_id=current_definition("MZ06").version_id,
            answers={},
            submission_key="x",
            applicant=actions.Applicant(name="x", region_id=person.region_id, party_id=person.id),
        )


def test_who_reviewed_does_not_decide(city: City) -> None:
    _, case = submit(city)
    accept(city, case)
    task = task_of(case)
    actions.complete_task(city.actor("reviewer"), task_id=task.id, outcome="agree")
    decider = city.actor("decider")
    with scoped(system_actor("test")):
        Task.objects.filter(case=case, step_id="street_review").update(done_by=decider.user_id)
    with pytest.raises(Refused, match="MAKER_DECIDES"):
        actions.complete_task(decider, task_id=task_of(case).id, outcome="agree")


def test_a_relative_stands_aside(city: City) -> None:
    _, case = submit(city)
    clerk = city.users["clerk"]
    clerk.person_id = case.party_id
    clerk.save()
    with pytest.raises(Refused, match="RELATIVE"):
        accept(city, case)


def test_a_correction_stops_the_intake_and_the_answer_starts_it_again(city: City) -> None:
    actor, case = submit(city)
    with pytest.raises(Invalid, match="CORRECTION_EMPTY"):
        actions.correct_case(city.actor("clerk"), case_id=case.id, items=[" "])
    actions.correct_case(city.actor("clerk"), case_id=case.id, items=["photo of the bank card"])
    with scoped(system_actor("test")):
        assert not Task.objects.filter(case=case, state="open").exists()
        assert not Clock.objects.get(subject_id=case.id).rungs.filter(rule="R01").exists()
    actions.answer_correction(actor, case_id=case.id, answers={"bank_name": "Bank"})
    assert state(case) == "submitted"
    accept(city, case)
    assert state(case) == "accepted"


def test_a_second_correction_needs_a_new_finding_and_costs_a_yellow_card(city: City) -> None:
    actor, case = submit(city)
    actions.correct_case(city.actor("clerk"), case_id=case.id, items=["a"])
    actions.answer_correction(actor, case_id=case.id, answers={})
    with pytest.raises(Invalid, match="CORRECTION_AGAIN"):
        actions.correct_case(city.actor("clerk"), case_id=case.id, items=["b"])
    actions.correct_case(city.actor("clerk"), case_id=case.id, items=["b"], why_again="the account turned out closed")
    with scoped(system_actor("test")):
        assert list(Card.objects.filter(subject_id=case.id).values_list("rule", "colour")) == [("R05", "yellow")]


def test_silence_is_acceptance_and_a_red_card(city: City) -> None:
    _, case = submit(city)
    late = timezone.now() + timedelta(days=30)
    assert sweep(now=late) >= 1
    with scoped(system_actor("test")):
        fresh = Case.objects.get(pk=case.pk)
        assert fresh.deemed_accepted and fresh.accepted_at == fresh.submitted_at and fresh.state == "accepted"
        assert ("R01", "red") in set(Card.objects.filter(subject_id=case.id).values_list("rule", "colour"))
    before = _cards()
    sweep(now=late)
    assert _cards() >= before


def _cards() -> int:
    with scoped(system_actor("test")):
        return Card.objects.count()


def test_a_step_sent_back_is_done_again(city: City) -> None:
    _, case = submit(city)
    accept(city, case)
    actions.complete_task(city.actor("reviewer"), task_id=task_of(case).id, outcome="agree")
    actions.return_task(city.actor("decider"), task_id=task_of(case).id, step_id="street_review", reason="date of birth not checked")
    assert task_of(case).step_id == "street_review"
    actions.complete_task(city.actor("reviewer"), task_id=task_of(case).id, outcome="agree")
    assert task_of(case).step_id == "county_decide"


def test_a_task_done_by_a_colleague_is_a_conflict(city: City) -> None:
    _, case = submit(city)
    accept(city, case)
    task = task_of(case)
    actions.complete_task(city.actor("reviewer"), task_id=task.id, outcome="agree")
    with pytest.raises(Conflict, match="TASK_DONE"):
        actions.complete_task(city.actor("reviewer2"), task_id=task.id, outcome="agree")


def test_the_applicant_withdraws_before_the_decision_only(city: City) -> None:
    actor, case = submit(city)
    accept(city, case)
    actions.withdraw_case(actor, case_id=case.id)
    assert state(case) == "withdrawn"
    with pytest.raises(Refused):
        actions.withdraw_case(actor, case_id=case.id)


def test_a_refusal_to_grant_needs_a_reason(city: City) -> None:
    _, case = submit(city)
    accept(city, case)
    actions.complete_task(city.actor("reviewer"), task_id=task_of(case).id, outcome="agree")
    with pytest.raises(Invalid, match="REASON"):
        actions.complete_task(city.actor("decider"), task_id=task_of(case).id, outcome="disagree")
    actions.complete_task(
        city.actor("decider"), task_id=task_of(case).id, outcome="disagree", opinion="receives the allowance in another city"
    )
    assert task_of(case).step_id == "deliver_refusal"
