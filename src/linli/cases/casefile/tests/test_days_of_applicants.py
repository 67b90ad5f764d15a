"""What happens when a day passes: corrections not answered, papers that did not follow, an extension, a changed calendar."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from linli.cases.casefile import actions
from linli.cases.casefile.models import Case, Material, Paper, Task, TimelineEntry
from linli.cases.casefile.queries.papers import paper_values
from linli.cases.casefile.tasks.deadlines import follow_up
from linli.cases.casefile.tests.factories import OLD_AGE_ANSWERS, City, citizen, resident, small_city
from linli.cases.catalogue.queries import current_definition
from linli.cases.supervision.models import Clock, Rung
from linli.cases.supervision.tasks import rearm
from linli.foundation.access.queries import actor_of
from linli.foundation.calendar.actions import set_day
from linli.foundation.calendar.queries import current
from linli.foundation.messages.actions import load_templates
from linli.foundation.messages.models import Message
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.engine import consumers_of
from linli.foundation.topics.models import EventRow
from linli.foundation.topics.tasks import deliver
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("test")


@pytest.fixture
def city() -> City:
    built = small_city()
    with scoped(SYSTEM):
        load_templates(SYSTEM, folder=Path(settings.PACKS_DIR) / "national" / "messages")
    return built


def submit(city: City) -> tuple[Actor, Case]:
    person = resident(city)
    actor = actor_of(citizen(person))
    done = actions.submit_case(
        actor,
        version_id=current_definition("MZ06").version_id,
        answers=OLD_AGE_ANSWERS,
        submission_key=uuid4().hex,
        applicant=actions.Applicant(name=person.name, region_id=person.region_id, party_id=person.id, phone="13800000001"),
    )
    return actor, done.case


def fresh(case: Case) -> Case:
    with scoped(SYSTEM):
        return Case.objects.get(pk=case.pk)


def accepted(city: City) -> tuple[Actor, Case]:
    actor, case = submit(city)
    actions.accept_case(city.actor("clerk"), case_id=case.id)
    return actor, fresh(case)


def told(case: Case, key: str) -> int:
    with scoped(SYSTEM):
        return Message.objects.filter(case_id=case.id, key=key).count()


def promise(case: Case, until: date) -> None:
    """A paper that may follow by a day, as accepting with a promise leaves it."""
    with scoped(SYSTEM):
        Material(case=case, key="proof", name="Proof", state="promised", promised_until=until).save(force_insert=True)


def last_event(topic: str) -> None:
    """Run the consumers of the latest event of a topic, as the worker does."""
    with scoped(SYSTEM):
        event = EventRow.objects.filter(topic=topic).order_by("seq").last()
    assert event is not None
    for name in consumers_of(topic):
        deliver(consumer=name, event_id=str(event.id))


def test_a_correction_not_answered_by_its_day_counts_as_withdrawn(city: City) -> None:
    _, case = submit(city)
    actions.correct_case(city.actor("clerk"), case_id=case.id, items=["photo"])
    day = timezone.now() + timedelta(days=30)
    assert follow_up(day)["corrections_lapsed"] == 0, "the thirtieth day is still good"
    assert follow_up(day + timedelta(days=1))["corrections_lapsed"] == 1
    assert follow_up(day + timedelta(days=1))["corrections_lapsed"] == 0
    ended = fresh(case)
    assert (ended.state, ended.outcome) == ("withdrawn", "correction_lapsed")
    last_event("cases.case_closed")
    assert told(case, "cases.correction_lapsed") == 2  # in-app and SMS
    with scoped(SYSTEM):
        assert not Task.objects.filter(case=case, state__in=("open", "paused")).exists()
        assert not Rung.objects.filter(clock__subject_id=case.id, claimed_at=None).exists()


def test_three_days_before_the_applicant_is_reminded_once(city: City) -> None:
    _, case = submit(city)
    actions.correct_case(city.actor("clerk"), case_id=case.id, items=["photo"])
    follow_up(timezone.now() + timedelta(days=26))
    assert told(case, "cases.correction_reminder") == 0
    for hours in (0, 1, 25):
        follow_up(timezone.now() + timedelta(days=27, hours=hours))
    assert told(case, "cases.correction_reminder") == 2


def test_a_tolerated_paper_that_does_not_follow_ends_the_case(city: City) -> None:
    _, case = accepted(city)
    today = timezone.localdate()
    promise(case, today + timedelta(days=5))
    follow_up(timezone.now() + timedelta(days=2))
    assert told(case, "cases.tolerance_due") == 2
    assert follow_up(timezone.now() + timedelta(days=5))["promises_lapsed"] == 0
    assert follow_up(timezone.now() + timedelta(days=6))["promises_lapsed"] == 1
    ended = fresh(case)
    assert (ended.state, ended.outcome, ended.decision["reason"]) == ("terminated", "paper_missing", "Proof")


def test_a_paper_that_followed_lapses_nothing(city: City) -> None:
    resident_actor, case = accepted(city)
    promise(case, timezone.localdate() + timedelta(days=5))
    with pytest.raises(Invalid, match="MATERIAL_FILE"):
        actions.receive_paper(resident_actor, case_id=case.id, key="proof")
    actions.receive_paper(city.actor("clerk"), case_id=case.id, key="proof")
    assert follow_up(timezone.now() + timedelta(days=60))["promises_lapsed"] == 0
    assert fresh(case).state == "accepted"


def test_an_extension_moves_both_limits_once_and_prints_its_notice(city: City) -> None:
    _, case = accepted(city)
    decider, before = city.actor("decider"), fresh(case).due_at
    with scoped(SYSTEM):
        statutory = Clock.objects.values_list("statutory_due", flat=True).get(subject_id=case.id)
    for days, code in ((0, "EXTENSION_DAYS"), (11, "EXTENSION_DAYS")):
        with pytest.raises(Invalid, match=code):
            actions.extend_case(decider, case_id=case.id, days=days, reason="the proof comes from elsewhere")
    with pytest.raises(Refused, match="NO_PERMISSION"):
        actions.extend_case(city.actor("clerk"), case_id=case.id, days=5, reason="the proof comes from elsewhere")
    actions.extend_case(decider, case_id=case.id, days=10, reason="the proof comes from elsewhere")
    after = fresh(case).due_at
    assert before and after and timedelta(days=13) < after - before < timedelta(days=25)
    with scoped(SYSTEM):
        later = Clock.objects.values_list("statutory_due", flat=True).get(subject_id=case.id)
        assert later and statutory and later > statutory
        paper = Paper.objects.get(case=case, kind="extension")
        values = paper_values(paper)[2]
        assert values["reason"] == "the proof comes from elsewhere" and "10" in values["extended_text"]
        assert values["former_due_text"] and values["former_due_text"] != values["due_text"]
    last_event("cases.case_extended")
    assert told(case, "cases.extended") == 2
    with pytest.raises(Conflict, match="EXTENDED"):
        actions.extend_case(decider, case_id=case.id, days=1, reason="once more please")


def test_a_changed_calendar_moves_the_dates_and_says_so(city: City) -> None:
    _, case = accepted(city)
    before = fresh(case).due_at
    assert before is not None
    inside = next(d for n in range(1, 12) if current().is_workday(d := timezone.localdate() + timedelta(days=n)))
    admin = Actor(kind=city.actor("clerk").kind, permissions=frozenset({"admin.calendar"}))
    set_day(admin, day=inside, is_workday=False, note="storm")
    assert "supervision.calendar_changed" in consumers_of("calendar.changed")
    rearm(after="")
    after = fresh(case).due_at
    assert after is not None and after > before
    with scoped(SYSTEM):
        entry = TimelineEntry.objects.get(case=case, kind="due_moved")
        assert (entry.params["former"], entry.params["due"]) == tuple(timezone.localtime(at).isoformat() for at in (before, after))
        rearm(after="")
        assert TimelineEntry.objects.filter(case=case, kind="due_moved").count() == 1
