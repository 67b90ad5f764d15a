"""A synthetic city has people twice: some are decided, the rest wait with why; the same ones every time."""

from __future__ import annotations

import hashlib
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from linli.foundation.actions.engine import CityContext
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.households.actions.city import build_people
from linli.registry.households.actions.staff import build_staff
from linli.registry.matching.actions.city import build_pairs, export_pairs
from linli.registry.matching.models import Pair
from linli.registry.people.models import Merger

JOB = system_actor("test.city")
SUMS: set[str] = set()


@pytest.mark.parametrize("again", [False, True])
def test_some_wait_and_two_are_decided(fresh_database: str, again: bool) -> None:
    asked = CityContext(1_000, 0, 7, timezone.localdate(), workers=1)
    call_command("packs", "load", stdout=StringIO())
    build_people(asked)
    build_staff(asked)
    build_pairs(asked)
    build_pairs(asked)
    with scoped(JOB):
        assert Pair.objects.filter(state="same").count() == Merger.objects.count() == 2
        waiting = Pair.objects.filter(state="open")
        assert waiting.count() >= 4 and all(pair.parts for pair in waiting)
        SUMS.add(hashlib.sha256("\n".join(sorted(export_pairs())).encode()).hexdigest())
    assert len(SUMS) == 1
