"""Files of other offices: one row is decided twice, one file is loaded twice, one portion is taken by two workers."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from uuid import UUID

import pytest
from tests.race.meeting import Overtaking, at_once, succeeded
from tests.race.people import WATCH

from linli.cases.casefile.tests.factories import City, resident
from linli.foundation.scope.actions import scoped
from linli.lib.errors import Conflict
from linli.registry.imports import policy
from linli.registry.imports.actions import check_on, decide_doubt, load_on, loading, order_load, upload
from linli.registry.imports.models import Batch, Doubt, Part
from linli.registry.imports.tests.known import number
from linli.registry.people.models import Person
from linli.registry.sources.models import Entry

HEADING = "姓名,身份证号,出生日期,社区"
NUMBER = number("1945-03-07", 2)


def brought(city: City, *rows: str) -> Batch:
    content = BytesIO("\n".join((HEADING, *rows)).encode())
    batch = upload(city.actor("data_officer"), file=content, name="rows.csv", layout="self", as_of=date(2026, 11, 1))
    check_on(batch.pk)
    return batch


@pytest.fixture
def doubtful(city: City) -> Doubt:
    """A row with the number of somebody who has another name."""
    resident(city, name="王秀兰", id_number=NUMBER)
    batch = brought(city, f"欧阳建国,{NUMBER},,360502001001")
    order_load(city.actor("data_officer"), batch_id=batch.pk)
    load_on(batch.pk)
    with scoped(WATCH):
        return Doubt.objects.get()


def test_two_decide_one_row(doubtful: Doubt, city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    race = Overtaking()
    race.at(monkeypatch, policy, "can_decide")
    person = UUID(doubtful.candidates[0]["person"])
    results = at_once(
        lambda: decide_doubt(city.actor("data_officer"), doubt_id=doubtful.pk, person_id=None),
        race.second(lambda: decide_doubt(city.actor("data_officer2"), doubt_id=doubtful.pk, person_id=person)),
    )
    if not locked:
        assert len(succeeded(results)) == 2, "without the lock one row is two people"
        return
    assert [r.code for r in results if isinstance(r, Conflict)] == ["DOUBT_DECIDED"]
    with scoped(WATCH):
        assert Entry.objects.filter(state="linked", batch_id=doubtful.batch_id).count() == 1


def test_two_order_one_file(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, race = brought(city, "李秀兰,,1960-01-02,360502001001"), Overtaking()
    race.at(monkeypatch, policy, "can_change")
    results = at_once(
        lambda: order_load(city.actor("data_officer"), batch_id=batch.pk),
        race.second(lambda: order_load(city.actor("data_officer2"), batch_id=batch.pk)),
    )
    if not locked:
        assert len(succeeded(results)) == 2, "without the lock two jobs are queued"
        return
    assert [r.code for r in results if isinstance(r, Conflict)] == ["BATCH_STATE"]


def test_a_worker_taken_for_dead_does_not_load_a_portion_twice(city: City, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, race = brought(city, "李秀兰,,1960-01-02,360502001001", "张国强,,1961-02-03,360502001002"), Overtaking()
    order_load(city.actor("data_officer"), batch_id=batch.pk)
    race.at(monkeypatch, loading, "done_before")
    results = at_once(lambda: load_on(batch.pk), race.second(lambda: load_on(batch.pk)))
    with scoped(WATCH):
        people, parts = Person.objects.count(), Part.objects.filter(kind="load").count()
    if not locked:
        assert len(succeeded(results)) == 1, "without the lock only the part's own key keeps the second one out"
        return
    assert len(succeeded(results)) == 2, results
    assert (people, parts) == (2, 1)
    with scoped(WATCH):
        assert Batch.objects.get().state == "loaded"
