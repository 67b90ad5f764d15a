"""Visits come due by cycle and because values are in doubt; once a period, dealt out among those who visit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from linli.foundation.scope.actions import scoped
from linli.lib.uuid7 import uuid7_at
from linli.registry.collection.actions import make_all_due, make_due, open_task
from linli.registry.collection.actions.due import cycle_of, next_visit
from linli.registry.collection.models import Cycle, Visit
from linli.registry.collection.tests.conftest import JOB, Street
from linli.registry.people.actions import apply_value, mark_dead
from linli.registry.people.models import Person
from linli.registry.sources.actions import add_entries
from linli.registry.sources.models import Entry
from linli.registry.sources.queries import source

pytestmark = pytest.mark.django_db


def due(who: str, street: Street, **where: object) -> list[Visit]:
    with scoped(JOB):
        return list(Visit.objects.filter(person_id=street.people[who].pk, **where).order_by("due_on"))


def test_the_first_cycle_that_fits_counts(street: Street) -> None:
    cycles, today = list(Cycle.objects.order_by("order")), date(2026, 11, 23)

    def code(**values: object) -> str:
        cycle = cycle_of(Person(**{"birth_date": date(1990, 1, 1), "residence_status": "1", **values}), cycles, today)
        return cycle.code if cycle else ""

    assert code() == "registered"
    assert code(residence_status="3") == "floating"
    assert code(residence_status="3", disability="21") == "key"
    assert code(birth_date=date(1946, 11, 23)) == "key" and code(birth_date=date(1946, 11, 24)) == "registered"
    assert code(birth_date=None) == "registered"
    assert [cycle.days for cycle in cycles] == [30, 60, 180]


def test_first_visits_are_spread_over_the_cycle_and_later_ones_follow_the_last(street: Street) -> None:
    cycle = Cycle(code="x", name="x", days=30, order=1, since=date(2026, 6, 1))
    days = {next_visit(Person(pk=uuid7_at(0, n * 7919)), cycle, None) for n in range(300)}
    assert min(days) == date(2026, 6, 1) and max(days) == date(2026, 6, 30) and len(days) == 30
    assert next_visit(Person(pk=uuid7_at(0, 1)), cycle, date(2026, 6, 10)) == date(2026, 7, 10)


def test_a_run_makes_the_coming_weeks_visits_once(street: Street) -> None:
    today = timezone.localdate()
    last = today + timedelta(days=200)
    assert make_all_due(last) == 3, "within one cycle everybody's first visit has come"
    assert make_all_due(last) == 0
    assert {visit.cycle for visit in due("old", street)} == {"key"}
    (visit,) = due("zhang", street)
    assert visit.cycle == "registered" and visit.premises_id == street.home.pk
    assert visit.worker_id in (street.users["worker"].pk, street.users["colleague"].pk)


def test_the_next_visit_comes_a_cycle_after_the_last(street: Street) -> None:
    visit = street.visit("old", cycle="key")
    street.answers(street.item("visit.done", visits=[str(visit.pk)], result="done"))
    path, today = street.regions["北湖社区"].path, timezone.localdate()
    make_due(JOB, path=path, today=today + timedelta(days=22))
    assert not due("old", street, state="due")
    make_due(JOB, path=path, today=today + timedelta(days=23))
    (next_one,) = due("old", street, state="due")
    assert next_one.due_on == today + timedelta(days=30)


def test_grids_are_dealt_out_among_those_who_visit(street: Street) -> None:
    with scoped(JOB):
        second = street.regions["第二网格"]
        Person.objects.filter(pk=street.people["li"].pk).update(region=second, region_path=second.path)
    make_all_due(timezone.localdate() + timedelta(days=200))
    workers = {visit.worker_id for who in ("zhang", "li") for visit in due(who, street)}
    assert workers == {street.users["worker"].pk, street.users["colleague"].pk}


def test_the_dead_are_not_visited(street: Street) -> None:
    visit = street.visit("old", cycle="key")
    mark_dead(JOB, person_id=street.people["old"].pk, on=timezone.localdate())
    make_due(JOB, path=street.regions["北湖社区"].path, today=timezone.localdate() + timedelta(days=200))
    assert street.again(visit).state == "void" and not due("old", street, state="due")


def test_an_open_difference_about_a_telephone_is_a_task_on_the_spot(street: Street) -> None:
    today = timezone.localdate()
    with scoped(JOB):
        pk = street.people["zhang"].pk
        apply_value(JOB, person_id=pk, attribute="phone", value="13755556666", source="licence", as_of=today)
        assert not apply_value(JOB, person_id=pk, attribute="phone", value="13711112222", source="stated", as_of=today)
    make_due(JOB, path=street.regions["北湖社区"].path, today=today)
    make_due(JOB, path=street.regions["北湖社区"].path, today=today)
    (visit,) = due("zhang", street, cycle="verify")
    assert visit.reason == "claim" and visit.due_on == today + timedelta(days=10)


def test_our_own_value_that_gave_way_is_checked_on_the_spot(street: Street) -> None:
    """21.4 < 33.3: the police's address stands, what we collected is remembered as an entry without a batch, and the grid worker is sent."""
    person = street.people["zhang"]
    with scoped(JOB):
        kept = Entry(
            source=source("collected"),
            subject_id=person.pk,
            party_id=person.pk,
            as_of=timezone.localdate() - timedelta(days=300),
            content='{"live_address": "丙街3号2-301"}',
            region_path=person.region_path,
        )
        add_entries([kept])
    make_due(JOB, path=street.regions["北湖社区"].path, today=timezone.localdate())
    (visit,) = due("zhang", street, cycle="verify")
    assert visit.reason == "outweighed"


def test_other_mechanisms_ask_for_a_visit_once(street: Street) -> None:
    on = timezone.localdate() + timedelta(days=5)
    with scoped(JOB):
        pk = street.people["li"].pk
        assert open_task(JOB, person_id=pk, reason="claim", period="case:1", due_on=on)
        assert not open_task(JOB, person_id=pk, reason="claim", period="case:2", due_on=on)
    (visit,) = due("li", street)
    assert visit.worker_id is not None and visit.due_on == on
