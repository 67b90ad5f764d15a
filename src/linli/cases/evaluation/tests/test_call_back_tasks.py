"""A bad rating is work: a task in the inbox of the office that calls, on a clock of its own, which those who worked on the case do not meet."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from linli.cases.casefile import actions as cases
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.queries import inbox
from linli.cases.casefile.tests.factories import City, _staff, card_for
from linli.cases.casefile.tests.test_portal_cases import hand_in
from linli.cases.casefile.tests.visitors import TEST, old_lady, signed_in
from linli.cases.evaluation.actions import rate_case, record_callback, record_rectified
from linli.cases.evaluation.models import CallBack
from linli.cases.evaluation.tasks import tell_cards
from linli.cases.evaluation.tests.test_rating import city, decided, finish, rating
from linli.cases.supervision.actions import sweep
from linli.cases.supervision.models import Card, Clock, Rung
from linli.foundation.access.queries import actor_of
from linli.foundation.messages.actions import load_templates
from linli.foundation.messages.models import Message
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.types import Event
from linli.foundation.types import Actor, Level
from linli.lib.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.urls("linli.cases.evaluation.tests.urls")]
__all__ = ["city", "decided"]


@pytest.fixture
def bad(city: City) -> Case:
    _, person, user = old_lady(city)
    case = hand_in(user, person)
    finish(city, case)
    rate_case(actor_of(user), case_id=case.id, score=1, tag_codes=["attitude"], comment="He shouted.")
    return case


def task_of(case: Case) -> Task:
    with scoped(TEST):
        return Task.objects.get(case=case, kind="callback", state="open")


def boxes(actor: Actor, case: Case) -> list[str]:
    """In which boxes of the inbox somebody finds the call."""
    with scoped(actor):
        return [
            name
            for name in ("mine", "unit", "all")
            if any(
                t.kind == "callback" and t.case_id == case.id for t in inbox.page(actor, name, inbox.Filters(), now=timezone.now()).tasks
            )
        ]


def test_the_call_waits_in_the_inbox_of_the_calling_office_and_in_nobody_elses(city: City, bad: Case) -> None:
    task = task_of(bad)
    assert (task.unit_id, task.due_at) == (city.units["city"].id, rating(bad).call_back_by)
    assert boxes(city.actor("caller"), bad) == ["unit", "all"]
    for name in ("clerk", "reviewer", "decider", "supervisor"):
        assert boxes(city.actor(name), bad) == [], name
    worked = signed_in(city.users["clerk"]).get(reverse("case_desk_subject", args=[bad.id])).content.decode()
    assert reverse("evaluation_desk_subject", args=[rating(bad).id]) not in worked and task.name not in worked
    called = signed_in(city.users["caller"]).get(reverse("case_desk_subject", args=[bad.id])).content.decode()
    assert reverse("evaluation_desk_subject", args=[rating(bad).id]) in called


def test_a_call_is_claimed_done_and_mended_and_nothing_stays_open(city: City, bad: Case) -> None:
    other = city.users["caller2"] = _staff("caller2", city.units["city"], "call_centre", everything=True)
    client, caller = signed_in(city.users["caller"]), city.actor("caller")
    page = reverse("evaluation_desk_subject", args=[rating(bad).id])
    assert client.post(reverse("casefile_desk_claim", args=[task_of(bad).id]), {"back": page})["Location"] == page
    assert boxes(caller, bad)[0] == "mine"
    with pytest.raises(Refused, match="TASK_TAKEN"):
        record_callback(actor_of(other), evaluation_id=rating(bad).id, verdict="valid", note="She is right.")
    assert client.post(page, {"verdict": "valid", "note": "She is right, he shouted."}).status_code == 302
    mending = task_of(bad)
    assert mending.assignee_id == caller.user_id and mending.step_id == "rectify"
    assert mending.due_at is not None and mending.due_at > rating(bad).rated_at + timedelta(days=4)
    record_rectified(caller, evaluation_id=rating(bad).id, note="He apologised to her in person.")
    with scoped(TEST):
        done = list(Task.objects.filter(case=bad, kind="callback").order_by("opened_at"))
        assert [(t.state, t.outcome, t.done_by) for t in done] == [
            ("done", "valid", caller.user_id),
            ("done", "rectified", caller.user_id),
        ]
        assert list(CallBack.objects.order_by("at").values_list("note", flat=True)) == [
            "She is right, he shouted.",
            "He apologised to her in person.",
        ]
        assert not Rung.objects.filter(rule="R12", claimed_at=None).exists()


def test_a_late_call_gets_a_card_to_the_calling_office_once_and_a_call_in_time_none(city: City, bad: Case) -> None:
    due = rating(bad).call_back_by
    assert due is not None
    sweep(now=due - timedelta(seconds=1))
    with scoped(TEST):
        assert not Card.objects.filter(rule="R12").exists()
    for _ in range(2):
        sweep(now=due + timedelta(seconds=1))
    with scoped(TEST):
        card = Card.objects.get(rule="R12")
    assert (card.colour, card.subject_kind, card.subject_number) == ("yellow", "evaluation", bad.number)
    assert card.unit_id == city.units["city"].id
    assert (
        reverse("evaluation_desk_subject", args=[card.subject_id])
        in signed_in(city.users["caller"]).get(reverse("supervision_desk_card", args=[card.id])).content.decode()
    )
    record_callback(city.actor("caller"), evaluation_id=rating(bad).id, verdict="invalid", note="She meant another office.")
    sweep(now=due + timedelta(days=60))
    with scoped(TEST):
        assert not Card.objects.filter(rule="R12", colour="red").exists(), "nothing has to be mended"


def test_a_better_second_thought_takes_the_call_and_its_clock_away(city: City, decided: tuple[object, Actor, Case]) -> None:
    _, actor, case = decided
    rate_case(actor, case_id=case.id, score=2, tag_codes=["on_time"])
    rate_case(actor, case_id=case.id, score=4, tag_codes=[])
    with scoped(TEST):
        assert list(Task.objects.filter(case=case, kind="callback").values_list("state", flat=True)) == ["cancelled"]
        clock = Clock.objects.get(subject_kind="evaluation")
        assert not Rung.objects.filter(clock=clock).exists()


def test_delivering_the_result_leaves_the_call_open_and_the_case_keeps_its_own_clock(city: City, bad: Case) -> None:
    with scoped(TEST):
        delivery = Task.objects.get(case=bad, state="open", kind="deliver")
        assert Clock.objects.get(subject_id=bad.id).unit_id == delivery.unit_id
    cases.complete_task(city.actor("clerk"), task_id=delivery.id, outcome="delivered")
    assert task_of(bad).state == "open"


def test_the_calling_office_is_called_into_a_sensitive_case(city: City, decided: tuple[object, Actor, Case]) -> None:
    _, actor, case = decided
    with scoped(TEST):
        Case.objects.filter(pk=case.pk).update(level=Level.SPECIAL)
    rate_case(actor, case_id=case.id, score=1, tag_codes=["attitude"])
    record_callback(city.actor("caller"), evaluation_id=rating(case).id, verdict="no_basis", note="Explained what the law says.")
    assert rating(case).state == "no_basis"


def test_the_office_that_called_too_late_is_told_of_its_card_and_why(city: City, bad: Case) -> None:
    with scoped(TEST):
        load_templates(TEST, folder=Path(settings.PACKS_DIR) / "national" / "messages")
        card = card_for(bad, unit_id=city.units["city"].id, reason="Suspended", subject_kind="evaluation")
        tell_cards(Event(uuid4(), "supervision.cards_raised", {"cards": str(card.pk)}, ""))
        told = Message.objects.filter(key="supervision.card_issued", user_id=city.users["caller"].pk)
        assert bad.number in told.get().body and gettext("Suspended") in told.get().body
