"""A synthetic city in which people marry, split households, leave, and in which one office has reported deaths; the same every time."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.utils import timezone

from linli.foundation.actions.engine import CityContext
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.households.actions.city import build_people, export_people
from linli.registry.households.actions.lives import _Lives, build_lives, export_lives
from linli.registry.households.actions.residents import build_residents
from linli.registry.households.actions.staff import build_staff
from linli.registry.households.models import Membership
from linli.registry.people.models import DeathReport, Identity, KeyGroup, LifeEvent, Person

PEOPLE = 2_000
SUMS: set[str] = set()
JOB = system_actor("test.lives")


@pytest.mark.parametrize("again", [False, True])
def test_life_in_a_city(fresh_database: str, again: bool) -> None:
    said: list[str] = []
    asked = CityContext(PEOPLE, 0, 7, timezone.localdate(), workers=1)
    call_command("packs", "load", stdout=StringIO())
    build_people(asked)
    build_staff(asked)
    build_residents(asked)
    asked.say = said.append
    build_lives(asked)
    build_lives(asked)
    with scoped(JOB):
        assert Person.objects.count() == PEOPLE and not Person.objects.exclude(died_on=None).exists()
        kinds = set(LifeEvent.objects.values_list("kind", flat=True))
        assert {"marriage", "join", "split", "move_out"} <= kinds
        for model in (DeathReport, KeyGroup, Identity):
            assert model.objects.count() >= 4, model
        assert Membership.objects.filter(until=None, relation="02").count() > 0
        lines = sorted([*export_lives(), *export_people()])
    assert len(said) == 1 and said[0].endswith("life events")
    SUMS.add(hashlib.sha256("\n".join(lines).encode()).hexdigest())
    assert len(SUMS) == 1


def test_a_family_with_a_child_of_last_week_does_not_split_before_it_was_born() -> None:
    today = timezone.localdate()
    born = today - timedelta(days=7)
    lives, family = _Lives(CityContext(0, 0, 7, today, workers=1), {}, []), (Membership(since=None), Membership(since=born))
    assert all(born <= lives._day(Random(seed), of=family) <= today for seed in range(50))
