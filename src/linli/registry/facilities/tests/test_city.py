"""A synthetic city has organisations and facilities in proportion to its people, the same ones every time."""

from __future__ import annotations

import hashlib
from datetime import date
from io import StringIO

import pytest
import shapely
from django.core.management import call_command
from django.db.models import Count
from shapely.geometry import shape

from linli.foundation.actions.engine import CityContext
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.componentcode import parse_component
from linli.lib.uscc import parse_uscc
from linli.registry.bodies import queries
from linli.registry.bodies.actions.city import build_bodies
from linli.registry.bodies.engine.values import check_code
from linli.registry.bodies.models import Body, BodyName, BodyRole
from linli.registry.bodies.queries.city import export_bodies
from linli.registry.facilities.actions.city import build_facilities
from linli.registry.facilities.engine.kinds import kinds
from linli.registry.facilities.models import Facility, FacilityDuty
from linli.registry.facilities.queries import shares
from linli.registry.facilities.queries.city import export_facilities
from linli.registry.households.actions.city import build_people

PEOPLE = 3_000
JOB = system_actor("test.city")
SUMS: set[str] = set()


@pytest.mark.parametrize("again", [False, True])
def test_a_city_has_organisations_and_facilities_and_the_same_ones_every_time(fresh_database: str, again: bool) -> None:
    said: list[str] = []
    asked = CityContext(PEOPLE, 0, 7, date(2026, 11, 1), workers=1, say=said.append)
    call_command("packs", "load", stdout=StringIO())
    build_people(asked)
    build_bodies(asked)
    build_facilities(asked)
    with scoped(JOB):
        lines = sorted([*export_bodies(), *export_facilities()])
    SUMS.add(hashlib.sha256("\n".join(lines).encode()).hexdigest())
    assert len(SUMS) == 1
    if again:
        return
    check_bodies()
    check_facilities()
    with scoped(JOB):
        there = Body.objects.count(), Facility.objects.count()
    assert said[-2:] == [f"{there[0]:,} organisations", f"{there[1]:,} facilities"]
    build_bodies(asked)
    build_facilities(asked)
    with scoped(JOB):
        assert (Body.objects.count(), Facility.objects.count()) == there, "a city that has them gets no others"


def check_bodies() -> None:
    """Valid codes of nobody, heads who live there, names that are found, places inside their grid."""
    with scoped(JOB):
        bodies = list(Body.objects.select_related("region"))
        assert len({body.uscc for body in bodies if body.uscc}) == sum(bool(body.uscc) for body in bodies)
        for body in bodies:
            if body.uscc:
                assert parse_uscc(body.uscc).region_code == "360599"
                check_code(body.uscc, body.kind)
            else:
                assert body.own_code.startswith("ZD3605") and body.no_uscc_reason
            assert body.address and body.representative and body.phone and body.capital != 0
            if body.region.outline and body.longitude and body.latitude:
                assert shapely.intersects_xy(shape(body.region.outline).buffer(1e-4), body.longitude, body.latitude)
        heads = BodyRole.objects.exclude(person=None).select_related("person", "body")
        assert heads.count() > len(bodies) // 2
        assert all(row.name == row.person.name and row.person.region_path[:20] == row.body.region_path[:20] for row in heads if row.person)
        assert BodyName.objects.filter(until=None).count() == len(bodies)
        some = bodies[len(bodies) // 2]
        assert some.pk in {found.pk for found in queries.find(JOB, some.name)}
        assert queries.find(JOB, some.phone)


def check_facilities() -> None:
    """Known kinds, codes that say them, units for each duty, most of them confirmed."""
    with scoped(JOB):
        for row in Facility.objects.all():
            code = parse_component(row.code)
            assert (code.group + code.kind, code.county) == (row.kind, row.code[:6]) and row.kind in kinds()
        several = Facility.objects.filter(confirmed_on__isnull=False).annotate(known=Count("duties")).exclude(known=3)
        assert not several.exists()
        assert FacilityDuty.objects.exclude(body=None).exists() and FacilityDuty.objects.exclude(unit=None).exists()
        assert 80 < float(shares(JOB)[1].percent) < 98
        assert {"9001", "0102"} <= set(Facility.objects.values_list("kind", flat=True))
