"""After the case: one rating, one call-back, one explanation, one settlement, whoever else presses the button."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError
from tests.race.meeting import Overtaking, at_once, succeeded
from tests.race.people import WATCH, card_of

from linli.cases.casefile import actions
from linli.cases.casefile.models import Case
from linli.cases.casefile.tests.desk import fresh, handed_in, open_task
from linli.cases.casefile.tests.factories import City
from linli.cases.evaluation import actions as evaluation
from linli.cases.evaluation import policy as evaluation_policy
from linli.cases.evaluation.actions import rating
from linli.cases.evaluation.models import CallBack, Evaluation
from linli.cases.supervision import actions as supervision
from linli.cases.supervision.models import Card
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Refused

BAD: dict[str, Any] = {"score": 1, "tag_codes": ["attitude"]}


@pytest.fixture
def decided(city: City) -> tuple[Actor, Case]:
    """A case whose decision is against it."""
    resident, case = handed_in(city)
    actions.accept_case(city.actor("clerk"), case_id=case.id, promises=shown(case))
    actions.complete_task(city.actor("reviewer"), task_id=open_task(case).id, outcome="agree", opinion="as it should be")
    actions.complete_task(city.actor("decider"), task_id=open_task(case).id, outcome="disagree", opinion="not old enough")
    return resident, fresh(case)


def shown(case: Case) -> dict[str, str]:
    from linli.cases.casefile.models import Material

    with scoped(WATCH):
        return dict.fromkeys(Material.objects.filter(case=case, state="missing").values_list("key", flat=True), "shown")


def test_a_case_is_rated_from_two_devices(decided: tuple[Actor, Case], locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    resident, case = decided
    race = Overtaking()
    race.at(monkeypatch, rating, "within")
    results = at_once(
        lambda: evaluation.rate_case(resident, case_id=case.id, **BAD),
        race.second(lambda: evaluation.rate_case(resident, case_id=case.id, score=5, tag_codes=[])),
    )
    if not locked:
        assert any(isinstance(r, IntegrityError) for r in results), "without the lock one of the two sees an error page"
        return
    assert len(succeeded(results)) == 2  # the second one is the one change a rating may have
    with scoped(WATCH):
        kept = Evaluation.objects.get(case=case)
    assert (kept.score, kept.changed_at is None) == (5, False)
    with pytest.raises(Conflict):
        evaluation.rate_case(resident, case_id=case.id, score=3, tag_codes=[])


def test_two_call_back_about_the_same_rating(
    city: City, decided: tuple[Actor, Case], locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident, case = decided
    rated, race = evaluation.rate_case(resident, case_id=case.id, **BAD), Overtaking()
    race.at(monkeypatch, evaluation_policy, "can_call_back")
    results = at_once(
        lambda: evaluation.record_callback(city.actor("caller"), evaluation_id=rated.id, verdict="valid", note="She is right."),
        race.second(
            lambda: evaluation.record_callback(city.actor("caller2"), evaluation_id=rated.id, verdict="invalid", note="A mistake.")
        ),
    )
    with scoped(WATCH):
        told, state = CallBack.objects.filter(evaluation=rated).count(), Evaluation.objects.get(pk=rated.pk).state
    if not locked:
        assert (len(succeeded(results)), told) == (2, 2), "without the lock she is called twice, with two verdicts"
        return
    assert (len(succeeded(results)), told, state) == (1, 1, "valid")
    assert any(isinstance(r, Conflict) for r in results)


def test_a_rating_is_changed_while_somebody_calls_back(city: City, decided: tuple[Actor, Case], monkeypatch: pytest.MonkeyPatch) -> None:
    """Both need the case and the rating: whoever comes second waits for the first, and neither is killed as a deadlock."""
    resident, case = decided
    rated, race = evaluation.rate_case(resident, case_id=case.id, **BAD), Overtaking()
    race.at(monkeypatch, rating, "_checked")
    results = at_once(
        lambda: evaluation.rate_case(resident, case_id=case.id, score=5, tag_codes=[]),
        race.second(
            lambda: evaluation.record_callback(city.actor("caller"), evaluation_id=rated.id, verdict="valid", note="She is right.")
        ),
    )
    assert not isinstance(results[0], Exception)
    assert isinstance(results[1], Conflict), "what was changed to a good rating needs no call any more"
    with scoped(WATCH):
        assert (Evaluation.objects.get(pk=rated.pk).score, CallBack.objects.count()) == (5, 0)


def test_two_explain_the_same_card(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    card, race = card_of(handed_in(city)[1]), Overtaking()
    race.at(monkeypatch, supervision, "get_card")
    results = at_once(
        lambda: supervision.reply_card(city.actor("supervisor"), card_id=card.id, reply="The system was down."),
        race.second(lambda: supervision.reply_card(city.actor("supervisor2"), card_id=card.id, reply="The clerk was ill.")),
    )
    with scoped(WATCH):
        kept = Card.objects.get(pk=card.pk).reply
    if not locked:
        assert len(succeeded(results)) == 2, "without the lock one explanation is lost, and both are told that theirs was taken"
        return
    assert ([type(r) for r in results if isinstance(r, Exception)], kept) == ([Refused], "The system was down.")


def test_two_settle_the_same_card(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    card, race = card_of(handed_in(city)[1]), Overtaking()
    race.at(monkeypatch, supervision, "get_card")
    results = at_once(
        lambda: supervision.settle_card(city.actor("supervisor"), card_id=card.id, cancel=True),
        race.second(lambda: supervision.settle_card(city.actor("supervisor2"), card_id=card.id, cancel=False)),
    )
    if not locked:
        assert len(succeeded(results)) == 2, "without the lock the card is closed for one and cancelled for the other"
        return
    with scoped(WATCH):
        assert Card.objects.get(pk=card.pk).state == "cancelled"
    assert any(isinstance(r, Conflict) for r in results)
