"""Five levels, once, changed once within a day; a bad one asks for a reason and is called back by somebody who did not work on the case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile import actions as cases
from linli.cases.casefile.engine import query_code
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.tests.factories import City, _staff, small_city
from linli.cases.casefile.tests.test_portal_cases import hand_in
from linli.cases.casefile.tests.visitors import TEST, old_lady
from linli.cases.evaluation.actions import rate_case, record_callback, record_rectified
from linli.cases.evaluation.models import Evaluation
from linli.cases.evaluation.queries import facts_of, waiting
from linli.foundation.access import queries as access
from linli.foundation.access.models import Role
from linli.foundation.access.queries import actor_of
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.models import EventRow
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    made = small_city()
    Role(code="call_centre", name="call centre", permissions=["cases.view", "cases.claim", "evaluation.callback"], level=3).save()
    access.forget_roles()
    made.users["caller"] = _staff("caller", made.units["city"], "call_centre", everything=True)
    return made


def finish(city: City, case: Case) -> None:
    """To a decision (against it: what a grant writes back is another test's business)."""
    cases.accept_case(city.actor("clerk"), case_id=case.id)
    for who in ("reviewer", "decider"):
        with scoped(TEST):
            task = Task.objects.get(case=case, state="open")
        cases.complete_task(
            city.actor(who), task_id=task.id, outcome="agree" if who == "reviewer" else "disagree", opinion="as it should be"
        )


@pytest.fixture
def decided(city: City) -> tuple[Client, Actor, Case]:
    client, person, user = old_lady(city)
    case = hand_in(user, person)
    finish(city, case)
    return client, actor_of(user), case


def rating(case: Case) -> Evaluation:
    with scoped(TEST):
        return Evaluation.objects.get(case=case)


def test_the_page_has_five_answers_and_none_is_chosen(decided: tuple[Client, Actor, Case]) -> None:
    client, _, case = decided
    html = client.get(reverse("evaluation_rate", args=[case.id])).content.decode()
    assert html.count('name="score"') == 5
    assert "checked" not in html


def test_a_good_rating_needs_no_reason_and_closes(decided: tuple[Client, Actor, Case]) -> None:
    client, _, case = decided
    answer = client.post(reverse("evaluation_rate", args=[case.id]), {"score": "5"})
    assert answer.status_code == 302
    assert (rating(case).score, rating(case).state, rating(case).call_back_by) == (5, "closed", None)
    with scoped(TEST):
        assert EventRow.objects.filter(topic="evaluation.rated").count() == 1


def test_a_bad_rating_without_a_reason_is_not_taken(decided: tuple[Client, Actor, Case]) -> None:
    client, _, case = decided
    answer = client.post(reverse("evaluation_rate", args=[case.id]), {"score": "1", "comment": "slow"})
    assert answer.status_code == 422
    assert "slow" in answer.content.decode()
    with scoped(TEST):
        assert not Evaluation.objects.exists()


def test_a_rating_is_changed_once_within_a_day_and_then_stands(decided: tuple[Client, Actor, Case]) -> None:
    _, actor, case = decided
    rate_case(actor, case_id=case.id, score=2, tag_codes=["on_time"])
    rate_case(actor, case_id=case.id, score=4, tag_codes=[])
    assert (rating(case).score, rating(case).state) == (4, "closed")
    with pytest.raises(Conflict):
        rate_case(actor, case_id=case.id, score=1, tag_codes=["on_time"])


def test_after_a_day_a_rating_stands(decided: tuple[Client, Actor, Case]) -> None:
    _, actor, case = decided
    rate_case(actor, case_id=case.id, score=3, tag_codes=[])
    with scoped(TEST):
        row = Evaluation.objects.get(case=case)
        row.rated_at = timezone.now() - timedelta(hours=25)
        row.save(update_fields=["rated_at"])
    with pytest.raises(Conflict):
        rate_case(actor, case_id=case.id, score=5, tag_codes=[])


def test_a_running_case_cannot_be_rated(city: City) -> None:
    _, person, user = old_lady(city)
    case = hand_in(user, person)
    with pytest.raises(Refused):
        rate_case(actor_of(user), case_id=case.id, score=5, tag_codes=[])


def test_a_reason_the_matter_does_not_offer_is_not_kept(decided: tuple[Client, Actor, Case]) -> None:
    _, actor, case = decided
    with pytest.raises(Invalid):
        rate_case(actor, case_id=case.id, score=1, tag_codes=["invented"])


def test_who_opened_the_case_with_its_code_can_rate_it(decided: tuple[Client, Actor, Case]) -> None:
    _, _, case = decided
    visitor = Client()
    visitor.post("/track/", {"number": case.number, "secret": query_code(case.number)})
    answer = visitor.post(reverse("evaluation_rate", args=[case.id]), {"score": "4"})
    assert answer["Location"] == "/track/case/"
    assert rating(case).channel == "track"


def test_a_bad_rating_is_called_back_within_a_working_day_and_put_right(city: City, decided: tuple[Client, Actor, Case]) -> None:
    _, actor, case = decided
    rate_case(actor, case_id=case.id, score=1, tag_codes=["attitude"])
    one = rating(case)
    assert one.state == "new"
    assert one.call_back_by is not None
    assert one.call_back_by > one.rated_at
    assert [b.called_back_at for b in facts_of(one).bad_ratings] == [None]
    caller = city.actor("caller")
    with scoped(caller):
        assert [w.id for w in waiting(caller)] == [one.id]
    record_callback(caller, evaluation_id=one.id, verdict="valid", note="She was right, the clerk shouted.")
    assert rating(case).state == "valid"
    record_rectified(caller, evaluation_id=one.id, note="The clerk apologised in person.")
    [told] = facts_of(rating(case)).bad_ratings
    assert told.called_back_at is not None
    assert told.upheld
    assert told.rectified_at is not None


def test_who_worked_on_the_case_does_not_judge_its_rating(city: City, decided: tuple[Client, Actor, Case]) -> None:
    _, actor, case = decided
    rate_case(actor, case_id=case.id, score=2, tag_codes=["on_time"])
    decider = city.actor("decider")
    judge = decider.but(permissions=decider.permissions | {"evaluation.callback"})
    with pytest.raises(Refused) as refused:
        record_callback(judge, evaluation_id=rating(case).id, verdict="invalid", note="a misunderstanding")
    assert refused.value.code == "INVOLVED"


def test_a_verdict_needs_words(city: City, decided: tuple[Client, Actor, Case]) -> None:
    _, actor, case = decided
    rate_case(actor, case_id=case.id, score=2, tag_codes=["on_time"])
    with pytest.raises(Invalid):
        record_callback(city.actor("caller"), evaluation_id=rating(case).id, verdict="invalid", note="")
