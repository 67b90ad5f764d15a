"""Outlines: points in grids, what a new one may not do, and what follows it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from linli.foundation.maps.queries import grid_at
from linli.foundation.regions import queries
from linli.foundation.regions.actions import order_change
from linli.foundation.regions.actions.orders import carry_out
from linli.foundation.regions.engine import read_outline, shape_of
from linli.foundation.regions.models import Region, RegionChange, RegionOrder
from linli.foundation.regions.types import Asked
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind, system_actor
from linli.lib.errors import Conflict, Invalid
from linli.lib.remembered import forget_all
from linli.registry.bodies.models import Body, BodyName
from linli.registry.facilities.models import Facility, FacilityStatus
from linli.registry.households.models import Household, Membership, Occupancy
from linli.registry.people.models import Person
from linli.registry.premises.models import Premises

pytestmark = pytest.mark.django_db
ADMIN = Actor(ActorKind.STAFF, user_id=uuid4(), label="Admin", permissions=frozenset({"admin.units"}))
JOB = system_actor("test")


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


@pytest.fixture
def tree() -> dict[str, Region]:
    """A community of a tenth of a degree with two grids, west and east."""
    made: dict[str, Region] = {}
    for key, code, level, path, outline in (
        ("city", "360500000000", "city", "00001", None),
        ("county", "360502000000", "county", "0000100001", None),
        ("street", "360502001000", "street", "000010000100001", None),
        ("community", "360502001001", "community", "00001000010000100001", box(114.9, 27.7, 115.0, 27.8)),
        ("west", "360502001001001", "grid", "0000100001000010000100001", box(114.9, 27.7, 114.95, 27.8)),
        ("east", "360502001001002", "grid", "0000100001000010000100002", box(114.95, 27.7, 115.0, 27.8)),
    ):
        parent = next((one for one in made.values() if one.path == path[:-5]), None)
        made[key] = Region(code=code, name=key, level=level, path=path, parent=parent, outline=outline)
        made[key].save()
    forget_all()
    return made


@pytest.fixture
def home(tree: dict[str, Region]) -> Premises:
    """A home in the west grid near the border, with a household of one."""
    with scoped(JOB):
        place: dict[str, Any] = {"region": tree["west"], "region_path": tree["west"].path}
        row = Premises(addr_code="3605020010010000000000001", address="a road", longitude=114.945, latitude=27.75, **place)
        row.save()
        person = Person(name="somebody", premises=row, live_address="a road", **place)
        person.save()
        household = Household(number="H1", premises=row, **place)
        household.save()
        Membership(household=household, person=person, relation="02", region_path=tree["west"].path).save()
        Occupancy(person=person, premises=row, role="living", region_path=tree["west"].path).save()
    return row


def ordered(tree: dict[str, Region], outline: dict[str, Any], *, yielding: bool = True, on: date | None = None) -> RegionOrder:
    outlines, _ = queries.plan_outline(tree["east"], outline, yielding=yielding)
    others = [tree["west"].id] if str(tree["west"].id) in outlines else []
    asked = Asked((tree["east"].id, *others), tree["community"].id, on or timezone.localdate(), "document", outlines)
    with scoped(ADMIN):
        return order_change(ADMIN, kind="outline", asked=asked, key=uuid4().hex)


def carried_out(order: RegionOrder, monkeypatch: pytest.MonkeyPatch) -> RegionOrder:
    monkeypatch.setattr("linli.foundation.regions.actions.orders.actor_of", lambda pk: ADMIN)
    carry_out(order.id)
    with scoped(ADMIN):
        return queries.get_order(ADMIN, order.id)


# ---- points ----


def test_a_point_lies_in_the_grid_around_it(tree: dict[str, Region]) -> None:
    found = grid_at(114.92, 27.75).inside
    assert found is not None and found.name == "west"


def test_a_point_on_the_border_belongs_to_the_grid_with_the_smallest_code(tree: dict[str, Region]) -> None:
    for latitude in (27.7, 27.75, 27.8):
        found = grid_at(114.95, latitude).inside
        assert found is not None and found.code == "360502001001001"


def test_a_point_outside_lies_in_none_and_is_told_the_nearest(tree: dict[str, Region]) -> None:
    found = grid_at(115.01, 27.75)
    assert found.inside is None
    assert found.nearest is not None and found.nearest.name == "east"
    assert 970 < found.metres < 1000


def test_a_point_in_the_seam_between_two_roundings_belongs_to_the_nearest(tree: dict[str, Region]) -> None:
    Region.objects.filter(pk=tree["east"].pk).update(outline=box(114.95002, 27.7, 115.0, 27.8))
    forget_all()
    found = grid_at(114.950015, 27.75)
    assert found.inside is not None and found.inside.name == "east"


# ---- what an outline may not do ----


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "no polygon"),
        ("{", "no polygon"),
        ('{"type": "Point", "coordinates": [114.9, 27.7]}', "no polygon"),
        ('{"type": "Polygon", "coordinates": [[[114.9, 27.7], [115.0]]]}', "no polygon"),
        (json.dumps(box(500000, 3000000, 500100, 3000100)), "no degrees"),
        (
            '{"type": "Polygon", "coordinates": [[[114.9, 27.7], [115.0, 27.8], [115.0, 27.7], [114.9, 27.8], [114.9, 27.7]]]}',
            "crosses itself",
        ),
        (json.dumps(box(114.9, 27.7, 114.900001, 27.700001)), "smaller"),
        ('{"type": "FeatureCollection", "features": []}', "exactly one"),
    ],
)
def test_what_is_no_outline_is_refused_beside_its_field(text: str, word: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_outline(text)
    assert word in refused.value.message
    assert refused.value.field == "outline"


def test_outer_rings_run_counterclockwise() -> None:
    clockwise: dict[str, Any] = {"type": "Polygon", "coordinates": [box(114.9, 27.7, 115.0, 27.8)["coordinates"][0][::-1]]}
    assert shape_of(read_outline(json.dumps(clockwise))).exterior.is_ccw  # type: ignore[attr-defined]


def test_a_feature_or_a_collection_of_one_is_read() -> None:
    feature: dict[str, Any] = {"type": "Feature", "properties": {}, "geometry": box(114.9, 27.7, 115.0, 27.8)}
    assert read_outline(json.dumps(feature))["coordinates"][0][0] in feature["geometry"]["coordinates"][0]
    assert read_outline(json.dumps(feature)) == read_outline(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def test_a_grid_does_not_leave_its_community(tree: dict[str, Region]) -> None:
    with pytest.raises(Invalid, match="OUTLINE_OUTSIDE"):
        queries.plan_outline(tree["east"], box(114.95, 27.7, 115.01, 27.8), yielding=True)


def test_grids_overlap_only_when_neighbours_give_way(tree: dict[str, Region]) -> None:
    wider = box(114.94, 27.7, 115.0, 27.8)
    with pytest.raises(Invalid, match="OUTLINE_OVERLAP") as refused:
        queries.plan_outline(tree["east"], wider, yielding=False)
    assert refused.value.data["names"] == "west"
    outlines, found = queries.plan_outline(tree["east"], wider, yielding=True)
    assert shape_of(outlines[str(tree["west"].id)]).bounds == (114.9, 27.7, 114.94, 27.8)
    assert not found.gap_share
    with pytest.raises(Invalid, match="OUTLINE_SWALLOWS"):
        queries.plan_outline(tree["east"], box(114.9, 27.7, 115.0, 27.8), yielding=True)


def test_a_few_metres_over_a_border_are_no_overlap(tree: dict[str, Region]) -> None:
    outlines, _ = queries.plan_outline(tree["east"], box(114.94995, 27.7, 115.00003, 27.8), yielding=False)
    assert list(outlines) == [str(tree["east"].id)]


def test_a_gap_is_told(tree: dict[str, Region]) -> None:
    _, found = queries.plan_outline(tree["east"], box(114.96, 27.7, 115.0, 27.8), yielding=False)
    assert found.gap_share == pytest.approx(0.1, abs=0.001)


# ---- the order ----


def test_homes_and_who_lives_there_follow_the_outline(tree: dict[str, Region], home: Premises, monkeypatch: pytest.MonkeyPatch) -> None:
    wider = box(114.94, 27.7, 115.0, 27.8)
    outlines, _ = queries.plan_outline(tree["east"], wider, yielding=True)
    assert queries.placed_by(tree["community"], outlines) == [
        ("Homes that come to another grid", 1),
        ("Organisations that come to another grid", 0),
        ("Facilities that come to another grid", 0),
    ]
    assert carried_out(ordered(tree, wider), monkeypatch).state == "done"
    east = tree["east"]
    with scoped(JOB):
        rows: list[Any] = [Premises.objects.get(), Person.objects.get(), Household.objects.get()]
        assert {row.region_id for row in rows} == {east.id}
        assert {row.region_path for row in [*rows, Membership.objects.get(), Occupancy.objects.get()]} == {east.path}
    found = grid_at(114.945, 27.75).inside
    assert found is not None and found.name == "east"
    kept = {change.region_id: change for change in RegionChange.objects.filter(kind="outline")}
    assert kept.keys() == {east.id, tree["west"].id}
    assert kept[east.id].before["outline"] == box(114.95, 27.7, 115.0, 27.8)
    assert kept[east.id].after["outline"] == wider


def test_organisations_and_facilities_follow_by_position_or_with_their_home(
    tree: dict[str, Region], home: Premises, monkeypatch: pytest.MonkeyPatch
) -> None:
    west, east = tree["west"], tree["east"]
    place: dict[str, Any] = {"region": west, "region_path": west.path, "status_since": date(2024, 1, 1)}
    with scoped(JOB):
        for name, x in (("near", 114.945), ("far", 114.91), ("at home", None)):
            at: dict[str, Any] = {"longitude": x, "latitude": x and 27.75, "premises": None if x else home}
            body = Body(name=name, no_uscc_reason="none yet", kind="enterprise", own_code=f"N{name}", **place, **at)
            body.save()
            BodyName(body=body, name=name, region_path=west.path).save()
            facility = Facility(code=f"code {name}", kind="0102", name=name, **place, **at)
            facility.save()
            FacilityStatus(facility=facility, status="in_use", on=date(2024, 1, 1), region_path=west.path).save()
        own = Facility(code="own place", kind="0102", name="own", premises=home, longitude=114.91, latitude=27.75, **place)
        own.save()
    wider = box(114.94, 27.7, 115.0, 27.8)
    outlines, _ = queries.plan_outline(east, wider, yielding=True)
    assert dict(queries.placed_by(tree["community"], outlines))["Organisations that come to another grid"] == 1
    assert carried_out(ordered(tree, wider), monkeypatch).state == "done"
    with scoped(JOB):
        expected = {"near": east.path, "far": west.path, "at home": east.path}
        assert {row.name: row.region_path for row in Body.objects.all()} == expected
        assert {row.name: row.region_path for row in BodyName.objects.all()} == expected
        assert {row.name: row.region_path for row in Facility.objects.all()} == {**expected, "own": west.path}
        assert {row.facility.name: row.region_path for row in FacilityStatus.objects.select_related("facility")} == expected


def test_an_outline_waits_for_its_day(tree: dict[str, Region], home: Premises) -> None:
    order = ordered(tree, box(114.94, 27.7, 115.0, 27.8), on=timezone.localdate() + timedelta(days=3))
    assert order.state == "waiting"
    assert queries.get_region(tree["east"].id).outline == box(114.95, 27.7, 115.0, 27.8)
    with pytest.raises(Conflict, match="REGION_ORDERED"):
        ordered(tree, box(114.96, 27.7, 115.0, 27.8), yielding=False)


def test_what_the_neighbours_became_meanwhile_is_asked_again(tree: dict[str, Region], monkeypatch: pytest.MonkeyPatch) -> None:
    order = ordered(tree, box(114.96, 27.7, 115.0, 27.8), yielding=False)
    Region.objects.filter(pk=tree["west"].pk).update(outline=box(114.9, 27.7, 114.98, 27.8))
    done = carried_out(order, monkeypatch)
    assert done.state == "refused"
    assert done.reason["code"] == "OUTLINE_OVERLAP"
