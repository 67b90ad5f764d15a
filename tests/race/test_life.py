"""Two clerks enter the same move; one moves who the other takes out of the household; two reports of one death."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.race.meeting import Overtaking, at_once, succeeded
from tests.race.people import WATCH

from linli.cases.casefile.tests.factories import City, resident
from linli.foundation.scope.actions import scoped
from linli.lib.errors import Conflict
from linli.registry.households.actions import create_household, move_person, moves
from linli.registry.households.models import Household, Membership, Occupancy
from linli.registry.people import queries
from linli.registry.people.actions import report_death
from linli.registry.people.models import DeathReport, LifeEvent, Person
from linli.registry.premises.models import Premises

DAY = date(2026, 3, 1)


@pytest.fixture
def family(city: City) -> tuple[Person, list[Premises]]:
    """Somebody with a household in one home, and two homes to move to."""
    region, homes = city.regions["home"], []
    with scoped(WATCH):
        for n in range(3):
            home = Premises(addr_code=f"360502001001{n:013d}", region=region, region_path=region.path, address=f"Road {n}")
            home.save(force_insert=True)
            homes.append(home)
    person = resident(city)
    with scoped(WATCH):
        person.premises = homes[0]
        person.save(update_fields=["premises"])
    create_household(city.actor("data_officer"), head_id=person.pk, premises_id=homes[0].pk, since=date(2010, 1, 1))
    return person, homes


def outcome(person: Person) -> tuple[int, int, int]:
    """Homes lived in today, memberships, moves on the timeline."""
    with scoped(WATCH):
        return (
            Occupancy.objects.filter(person=person, until=None).count(),
            Membership.objects.filter(person=person, until=None).count(),
            LifeEvent.objects.filter(person=person, kind="move").count(),
        )


@pytest.mark.parametrize("second_home", [1, 2])
def test_two_clerks_move_one_person(
    city: City, family: tuple[Person, list[Premises]], second_home: int, locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, homes = family
    race = Overtaking()
    race.at(monkeypatch, moves, "note_event")

    def move(who: str, home: int) -> Any:
        return move_person(city.actor(who), person_id=person.pk, premises_id=homes[home].pk, on=DAY)

    results = at_once(lambda: move("data_officer", 1), race.second(lambda: move("data_officer2", second_home)))
    if not locked:
        assert len(succeeded(results)) == 1, (
            "without the lock only the table's own keys keep the second move out, as a failure nobody understands"
        )
        assert not [r for r in results if isinstance(r, Conflict)]
        return
    assert outcome(person) == (1, 0, 1)
    if second_home == 1:
        assert len(succeeded(results)) == 2, "the same move entered twice"
    else:
        assert [r.code for r in results if isinstance(r, Conflict)], results
    with scoped(WATCH):
        assert Household.objects.get(premises=homes[0]).until == DAY


def test_two_offices_report_one_death(
    city: City, family: tuple[Person, list[Premises]], locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, _ = family
    race = Overtaking()
    race.at(monkeypatch, queries, "death_reports")
    results = at_once(
        lambda: report_death(city.actor("data_officer"), person_id=person.pk, on=DAY),
        race.second(lambda: report_death(city.actor("data_officer2"), person_id=person.pk, on=DAY, source="civil")),
    )
    assert len(succeeded(results)) == 2, results
    with scoped(WATCH):
        assert DeathReport.objects.filter(person=person).count() == 2
        died = Person.objects.get(pk=person.pk).died_on
    if not locked:
        assert died is None, "without the lock each takes itself for the first"
        return
    assert died == DAY
