"""The other shapes of matters, through to their end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from linli.cases.casefile import actions
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.tests.factories import City, citizen, resident, small_city
from linli.cases.catalogue.queries import current_definition
from linli.cases.supervision.models import Card, Clock
from linli.foundation.access.queries import actor_of
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import Conflict, Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return small_city()


def hand_in(city: City, code: str, answers: dict[str, Any] | None = None) -> Case:
    person = resident(city)
    return actions.submit_case(
        actor_of(citizen(person)),
        version_id=current_definition(code).version_id,
        answers=answers or {},
        submission_key=uuid4().hex,
        applicant=actions.Applicant(name=person.name, region_id=person.region_id, party_id=person.id),
    ).case


def open_task(case: Case, step: str = "") -> Task:
    with scoped(system_actor("test")):
        rows = Task.objects.filter(case=case, state="open")
        return rows.get(step_id=step) if step else rows.get()


def steps(case: Case) -> list[str]:
    with scoped(system_actor("test")):
        return sorted(Task.objects.filter(case=case, state="open").values_list("step_id", flat=True))


def fresh(case: Case) -> Case:
    with scoped(system_actor("test")):
        return Case.objects.get(pk=case.pk)


def all_given(case: Case) -> dict[str, str]:
    from linli.cases.casefile.models import Material

    with scoped(system_actor("test")):
        return {m.key: "shown" for m in Material.objects.filter(case=case, state="missing")}


def test_a_complaint_is_dispatched_answered_checked_and_delivered(city: City) -> None:
    case = hand_in(city, "TS01")
    actions.accept_case(city.actor("clerk"), case_id=case.id, promises=all_given(case))
    with pytest.raises(Invalid, match="HANDLING_UNIT"):
        actions.complete_task(city.actor("reviewer"), task_id=open_task(case).id, outcome="dispatched")
    actions.complete_task(city.actor("reviewer"), task_id=open_task(case).id, outcome="dispatched", unit_id=city.units["county_cl"].id)
    assert open_task(case).unit_name == "unit county_cl"
    verifier = city.actor("verifier")
    with pytest.raises(Invalid, match="REASON"):
        actions.complete_task(verifier, task_id=open_task(case).id, outcome="replied")
    actions.complete_task(verifier, task_id=open_task(case).id, outcome="replied", opinion="the lamp was mended on Monday")
    actions.complete_task(city.actor("reviewer"), task_id=open_task(case).id, outcome="redo", opinion="which lamp, and who?")
    assert open_task(case).unit_name == "unit county_cl"
    actions.complete_task(verifier, task_id=open_task(case).id, outcome="replied", opinion="lamp 12, mended by the county")
    actions.complete_task(city.actor("reviewer"), task_id=open_task(case).id, outcome="pass")
    assert fresh(case).decision["reason"] == "lamp 12, mended by the county"
    actions.complete_task(city.actor("clerk"), task_id=open_task(case).id, outcome="delivered")
    assert fresh(case).state == "delivered"


def test_an_instant_matter_ends_the_same_day(city: City) -> None:
    case = hand_in(city, "RS01")
    actions.accept_case(city.actor("clerk"), case_id=case.id, promises=all_given(case))
    actions.complete_task(city.actor("reviewer"), task_id=open_task(case).id, outcome="agree")
    actions.complete_task(city.actor("clerk"), task_id=open_task(case).id, outcome="delivered")
    assert fresh(case).state == "delivered"


def test_two_departments_work_in_parallel_and_both_are_waited_for(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    case = hand_in(city, "MZ09")
    actions.accept_case(city.actor("clerk"), case_id=case.id, promises=all_given(case))
    actions.complete_task(city.actor("reviewer"), task_id=open_task(case).id, outcome="agree")
    actions.complete_task(city.actor("clerk"), task_id=open_task(case).id, outcome="objection", opinion="the neighbour says she moved away")
    assert steps(case) == ["street_review"]
    actions.complete_task(city.actor("reviewer"), task_id=open_task(case).id, outcome="agree")
    later = timezone.now() + timedelta(days=12)
    monkeypatch.setattr(timezone, "now", lambda: later)
    actions.complete_task(city.actor("clerk"), task_id=open_task(case).id, outcome="no_objection")
    assert {open_task(case, s).unit_name for s in steps(case)} == {"unit county_cl", "unit county_mz"}
    first, second = steps(case)
    who = {"unit county_cl": "verifier", "unit county_mz": "decider"}
    one = open_task(case, first)
    actions.complete_task(city.actor(who[one.unit_name]), task_id=one.id, outcome="confirmed")
    assert steps(case) == [second]


def test_a_public_notice_stops_the_clock_and_must_hang_its_days(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    case = hand_in(city, "MZ01")
    actions.complete_task(city.actor("clerk"), task_id=open_task(case).id, outcome="done")
    actions.accept_case(city.actor("reviewer"), case_id=case.id, promises=all_given(case))
    for _ in range(8):
        task = open_task(case)
        if task.kind == "publicity":
            break
        actor = city.actor({"unit street": "reviewer", "unit home": "clerk"}[task.unit_name])
        if current_definition("MZ01").form_of_step(task.step_id):
            actions.save_step_form(actor, task_id=task.id, answers={})
        for name in ["reviewer", "reviewer2"] if task.people > 1 else []:
            actions.sign_task(city.actor(name), task_id=task.id)
        actions.complete_task(actor, task_id=task.id, outcome=_first_outcome(case, task))
    assert fresh(case).state == "suspended"
    with pytest.raises(Conflict, match="PUBLICITY_SHORT"):
        actions.complete_task(city.actor("clerk"), task_id=open_task(case).id, outcome="no_objection")
    later = timezone.now() + timedelta(days=9)
    monkeypatch.setattr(timezone, "now", lambda: later)
    actions.complete_task(city.actor("clerk"), task_id=open_task(case).id, outcome="no_objection")
    assert fresh(case).state == "reviewing"
    with scoped(system_actor("test")):
        clock = Clock.objects.get(subject_id=case.id)
        assert any("uspend" in r["msgid"] or "still" in r["msgid"] for r in clock.explanation)
        assert not Card.objects.filter(subject_id=case.id, rule="R13").exists()


def _first_outcome(case: Case, task: Task) -> str:
    return current_definition(case.matter_code).process.steps[task.step_id].outcomes[0]
