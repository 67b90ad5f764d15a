"""Two who press at once: one is done, the other is told; with the lock taken out both are told they were first."""

from __future__ import annotations

from collections import Counter
from uuid import uuid4

import pytest
from django.db import IntegrityError
from tests.race.meeting import Overtaking, at_once, succeeded

from linli.cases.casefile import actions, policy
from linli.cases.casefile.actions import intake, opening, steps
from linli.cases.casefile.models import Case, Paper, Task, TimelineEntry
from linli.cases.casefile.tests.desk import FULL_ANSWERS, fresh, handed_in, open_task
from linli.cases.casefile.tests.factories import City, citizen, resident
from linli.cases.catalogue.queries import current_definition
from linli.foundation.access.queries import actor_of
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, LinliError, Refused

WATCH = system_actor("test.race", permissions=["audit.view"])


def audited(name: str) -> Counter[str]:
    with scoped(WATCH):
        return Counter(AuditEntry.objects.filter(action=name).values_list("outcome", flat=True))


def test_two_reviewers_complete_the_same_task(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    _, case = handed_in(city)
    actions.accept_case(city.actor("clerk"), case_id=case.id, promises=_all_shown(case))
    with scoped(WATCH):  # as after an earlier review: this step then writes nothing before it has read where the process stands
        Case.objects.filter(pk=case.pk).update(state="reviewing")
    task, race = open_task(case), Overtaking()
    race.at(monkeypatch, steps, "process_state")
    results = at_once(
        lambda: actions.complete_task(city.actor("reviewer"), task_id=task.id, outcome="agree"),
        race.second(lambda: actions.complete_task(city.actor("reviewer2"), task_id=task.id, outcome="agree")),
    )
    if not locked:
        assert len(succeeded(results)) == 2, "without the lock both are told that they reviewed it"
        return
    assert len(succeeded(results)) == 1
    assert [type(r) for r in results if isinstance(r, Exception)] == [Conflict]
    with scoped(WATCH):
        assert TimelineEntry.objects.filter(case=case, kind="step").count() == 1
        assert Task.objects.filter(case=case, state="open").count() == 1
    assert audited("cases.step_completed") == {"done": 1, "refused": 1}


def test_two_clerks_claim_the_same_task(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    _, case = handed_in(city)
    task, race = open_task(case), Overtaking()
    race.at(monkeypatch, policy, "holds")
    results = at_once(
        lambda: actions.claim_task(city.actor("clerk"), task_id=task.id),
        race.second(lambda: actions.claim_task(city.actor("clerk2"), task_id=task.id)),
    )
    if not locked:
        assert len(succeeded(results)) == 2, "without the lock both believe it is theirs"
        return
    assert len(succeeded(results)) == 1
    assert any(isinstance(r, Refused) for r in results)
    assert open_task(case).assignee_id == succeeded(results)[0].assignee_id


def test_accept_against_withdraw(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    resident_, case = handed_in(city)
    promises, race = _all_shown(case), Overtaking()
    race.at(monkeypatch, intake, "process_state")
    results = at_once(
        lambda: actions.accept_case(city.actor("clerk"), case_id=case.id, promises=promises),
        race.second(lambda: actions.withdraw_case(resident_, case_id=case.id)),
    )
    with scoped(WATCH):
        waiting = Task.objects.filter(case=case, state="open").count()
    if not locked:
        assert len(succeeded(results)) == 2
        assert (fresh(case).state, waiting) == ("accepted", 1), "without the lock a case that was taken back is worked on"
        return
    assert len(succeeded(results)) == 2  # accepted, then withdrawn: each at its turn
    assert (fresh(case).state, waiting) == ("withdrawn", 0)


def test_withdraw_against_accept(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    resident_, case = handed_in(city)
    promises, race = _all_shown(case), Overtaking()
    race.at(monkeypatch, policy, "can_withdraw")
    results = at_once(
        lambda: actions.withdraw_case(resident_, case_id=case.id),
        race.second(lambda: actions.accept_case(city.actor("clerk"), case_id=case.id, promises=promises)),
    )
    if not locked:
        assert len(succeeded(results)) == 2, "without the lock a notice of acceptance goes out for a case that was taken back before"
        return
    assert not isinstance(results[0], Exception)
    assert isinstance(results[1], LinliError)
    with scoped(WATCH):
        assert (fresh(case).state, Task.objects.filter(case=case, state="open").count()) == ("withdrawn", 0)


def test_two_clerks_accept_the_same_case(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    _, case = handed_in(city)
    promises, race = _all_shown(case), Overtaking()
    race.at(monkeypatch, policy, "holds")
    results = at_once(
        lambda: actions.accept_case(city.actor("clerk"), case_id=case.id, promises=promises),
        race.second(lambda: actions.accept_case(city.actor("clerk2"), case_id=case.id, promises=promises)),
    )
    if not locked:
        assert [r.code for r in results if isinstance(r, Conflict)] != ["NO_INTAKE"], "without the lock it is the engine that stumbles"
        return
    assert [r.code for r in results if isinstance(r, Conflict)] == ["NO_INTAKE"]
    with scoped(WATCH):
        assert Paper.objects.filter(case=case, kind="acceptance").count() == 1
    assert audited("cases.case_accepted") == {"done": 1, "refused": 1}


def test_mother_and_daughter_withdraw_at_once(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    resident_, case = handed_in(city)
    race = Overtaking()
    race.at(monkeypatch, policy, "can_withdraw")
    results = at_once(
        lambda: actions.withdraw_case(resident_, case_id=case.id), race.second(lambda: actions.withdraw_case(resident_, case_id=case.id))
    )
    with scoped(WATCH):
        told = TimelineEntry.objects.filter(case=case, kind="withdrawn").count()
    if not locked:
        assert [type(r) for r in results if isinstance(r, Exception)] != [Refused], "without the lock it is withdrawn twice"
        return
    assert ([type(r) for r in results if isinstance(r, Exception)], told) == ([Refused], 1)


@pytest.mark.parametrize("turns", [True, False], ids=["lock", "no lock"])
def test_the_same_form_sent_twice(turns: bool, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    actor, person = _citizen(city)
    if not turns:
        monkeypatch.setattr(opening, "_take_turns", lambda key: None)
    race = Overtaking()
    race.at(monkeypatch, opening, "locked_definition")
    results = at_once(lambda: _submit(actor, person, "k1"), race.second(lambda: _submit(actor, person, "k1")))
    with scoped(WATCH):
        assert Case.objects.count() == 1
    if not turns:
        assert any(isinstance(r, IntegrityError) for r in results), "without the turns one of the two sees an error page"
        return
    assert {r.case.id for r in results} == {results[0].case.id}
    assert sorted(r.repeated for r in results) == [False, True]


def test_eight_hand_in_at_once_and_get_eight_numbers(city: City) -> None:
    actor, person = _citizen(city)
    results = at_once(*[lambda n=n: _submit(actor, person, f"key-{n}") for n in range(8)])  # type: ignore[misc]
    numbers = [r.case.number for r in results]
    assert len(set(numbers)) == 8
    with scoped(WATCH):
        assert set(Case.objects.values_list("number", flat=True)) == set(numbers)
    assert audited("cases.case_submitted") == {"done": 8}


def test_a_number_drawn_without_its_row_lock_is_drawn_twice(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.cases.casefile.models import CaseSerial

    def read_then_write(region_code: str, now: object) -> int:
        row = CaseSerial.objects.filter(key="x").first()
        return (row.last if row else 0) + 1

    actor, person = _citizen(city)
    race = Overtaking()
    monkeypatch.setattr(opening, "next_serial", read_then_write)
    race.at(monkeypatch, opening, "next_serial")
    results = at_once(lambda: _submit(actor, person, "a"), race.second(lambda: _submit(actor, person, "b")))
    assert any(isinstance(r, IntegrityError) for r in results)


def _citizen(city: City) -> tuple[Actor, object]:
    person = resident(city)
    return actor_of(citizen(person, phone=f"139{uuid4().int % 10**8:08d}")), person


def _submit(actor: Actor, person: object, key: str) -> actions.Submitted:
    about = actions.Applicant(
        name=person.name, region_id=person.region_id, party_id=person.id, id_number="360599194503070023", phone="13800000001"
    )  # type: ignore[attr-defined]
    return actions.submit_case(
        actor, version_id=current_definition("MZ06").version_id, answers=FULL_ANSWERS, submission_key=key, applicant=about
    )


def _all_shown(case: Case) -> dict[str, str]:
    from linli.cases.casefile.models import Material

    with scoped(WATCH):
        return dict.fromkeys(Material.objects.filter(case=case, state="missing").values_list("key", flat=True), "shown")
