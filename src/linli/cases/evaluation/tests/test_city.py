"""The synthetic city is rated like a real one: every level, words that differ, few bad ones, and calls that still wait."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from linli.cases.casefile.actions.stamping import stamp_cases
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.tasks.past import OFFICE_DAYS
from linli.cases.casefile.tests.factories import City
from linli.cases.casefile.tests.test_stamping import settle
from linli.cases.evaluation.actions import record_callback
from linli.cases.evaluation.actions.city import export_lines, rate_city
from linli.cases.evaluation.engine import voices as engine
from linli.cases.evaluation.models import CallBack, Evaluation
from linli.cases.evaluation.tasks import tell_city
from linli.cases.evaluation.tests.test_rating import city
from linli.cases.supervision.actions import sweep
from linli.cases.supervision.models import Card
from linli.foundation.actions.engine import CityContext
from linli.foundation.calendar.types import day_start
from linli.foundation.messages.actions import load_templates
from linli.foundation.messages.models import Message
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

__all__ = ["city"]
pytestmark = pytest.mark.django_db
READER = system_actor("test")


@pytest.fixture
def rated(city: City, monkeypatch: pytest.MonkeyPatch) -> City:
    """Every finished case rated: the city of a test is small."""
    settle(city)
    asked = CityContext(160, 500, 7, timezone.localdate(), workers=1)
    stamp_cases(asked)
    plain = engine.Voices.__init__

    def often(self: engine.Voices, body: dict[str, object]) -> None:
        plain(self, {**body, "rate": 1, "scores": {5: 50, 4: 20, 3: 10, 2: 10, 1: 10}})

    monkeypatch.setattr(engine.Voices, "__init__", often)
    rate_city(asked)
    return city


def test_all_levels_are_there_and_words_differ(rated: City) -> None:
    with scoped(READER):
        found = list(Evaluation.objects.select_related("case"))
        assert {one.score for one in found} == {1, 2, 3, 4, 5}
        words = Counter(one.comment for one in found if one.comment)
        assert len(words) > 40 and words.most_common(1)[0][1] < len(found) / 8
        now = timezone.now()
        assert all(one.case.closed_at and one.case.closed_at < one.rated_at < now for one in found)
        assert all(one.tags and one.comment for one in found if one.score < 3)


def told_the_callers(city: City) -> None:
    """The calling office heard of every bad rating when it came, by the consumer's words, and nothing is left to be sent."""
    asked = CityContext(160, 500, 7, timezone.localdate(), workers=1, notes={"cases": 500})
    with scoped(READER):
        load_templates(READER, folder=Path(settings.PACKS_DIR) / "national" / "messages")
    tell_city(asked)
    tell_city(asked)
    since = day_start(asked.as_of) - timedelta(days=OFFICE_DAYS)
    with scoped(READER):
        calls = {t.opened_at: t for t in Task.objects.filter(kind="callback", step_id="call", opened_at__gte=since)}
        told = list(Message.objects.filter(user_id=city.users["caller"].pk))
        assert len({m.body for m in told}) == len(told) == len(calls)
        assert Message.objects.count() == 2 * len(calls), "the supervisor sits in the same office"
        for message in told:
            task = next(t for at, t in calls.items() if timedelta() < message.created_at - at < timedelta(seconds=5))
            assert task.number in message.body and (message.state, message.channel) == ("sent", "inapp")
            assert (message.read_at is None) == (message.created_at > day_start(asked.as_of) - timedelta(days=3))


def test_old_complaints_were_called_back_in_time_and_the_newest_wait_for_the_real_action(rated: City) -> None:
    with scoped(READER):
        bad = list(Evaluation.objects.filter(score__lt=3))
        states = Counter(one.state for one in bad)
        assert states["new"] == 4 and states["valid"] == 2 and {"rectified", "invalid", "no_basis"} <= set(states)
        for one in bad:
            calls = list(CallBack.objects.filter(evaluation=one).order_by("at"))
            tasks = list(Task.objects.filter(case_id=one.case_id, kind="callback").order_by("opened_at", "done_at"))
            assert len([t for t in tasks if t.state == "open"]) == (one.state in ("new", "valid"))
            assert [t.outcome for t in tasks if t.state == "done"] == [c.verdict for c in calls]
            assert all(c.at < timezone.now() for c in calls) and (not calls or calls[0].at <= (one.call_back_by or calls[0].at))
    told_the_callers(rated)
    sweep(now=timezone.now())
    with scoped(READER):
        late = Card.objects.filter(rule="R12")
        assert [card.colour for card in late] == ["yellow"], "one call is late, and only that"
    with scoped(READER):
        waiting = Evaluation.objects.filter(state="new").order_by("-rated_at")[0]
        before = list(export_lines())
        assert len(before) == Evaluation.objects.count() == len(set(before))
        assert Case.objects.filter(evaluation__isnull=True, closed_at__gt=timezone.now() - timedelta(days=10)).exists()
    record_callback(rated.actor("caller"), evaluation_id=waiting.pk, verdict="valid", note="She is right about it.")
    with scoped(READER):
        assert Task.objects.get(case_id=waiting.case_id, kind="callback", state="open").step_id == "rectify"
        assert list(export_lines()) != before
