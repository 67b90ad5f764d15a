"""The desk's map: what is in view, from near and from afar, under the reader's rights."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from linli.cases.casefile.tests.factories import City, _staff, small_city
from linli.cases.casefile.tests.visitors import BACKEND
from linli.foundation.access.models import Role
from linli.foundation.maps.engine import LAYERS, Layer, snapped
from linli.foundation.maps.types import Box, Shape
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind, Level, RegionRange, system_actor
from linli.lib.remembered import forget_all
from linli.registry.premises.models import Premises

pytestmark = pytest.mark.django_db
VIEW = "bbox=114.8,27.6,115.2,28.0"


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


@pytest.fixture
def city(db: None) -> City:
    city = small_city()
    for name, outline in (("home", box(114.9, 27.7, 115.0, 27.8)), ("other", box(115.0, 27.7, 115.1, 27.8))):
        Region.objects.filter(pk=city.regions[name].pk).update(outline=outline)
    with scoped(system_actor("test")):
        for n, name in enumerate(("home", "home", "other")):
            place = city.regions[name]
            Premises(
                addr_code=f"{place.code}{n:013d}",
                region=place,
                region_path=place.path,
                address="江西省新余市渝水区城北街道北湖社区北湖花园3栋2单元301室",
                estate="北湖花园",
                longitude=114.95 if name == "home" else 115.05,
                latitude=27.75,
            ).save()
    return city


def visitor(city: City, *permissions: str, unit: str = "home") -> Client:
    Role(code="mapped", name="mapped", permissions=list(permissions), level=4).save()
    user = _staff("mapped", city.units[unit], "mapped")
    forget_all()
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=BACKEND)
    return client


def features(client: Client, code: str, query: str) -> list[dict[str, Any]]:
    answer = client.get(f"/desk/map/layers/{code}/?{query}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["features"]
    return found


def test_the_map_begins_with_the_own_area_and_lists_what_the_post_may_see(city: City, frontend: None) -> None:
    page = visitor(city, "maps.view").get("/desk/map/").content.decode()
    assert 'data-box="114.90000,27.70000,115.00000,27.80000"' in page
    assert 'data-layer="grids"' in page
    assert 'data-layer="homes"' not in page


def test_homes_from_near_are_masked_points_and_from_afar_numbers(city: City) -> None:
    client = visitor(city, "maps.view", "people.view")
    near = features(client, "homes", f"{VIEW}&zoom=15")
    assert [one["geometry"]["coordinates"] for one in near] == [[114.95, 27.75]] * 2
    assert {one["properties"]["name"] for one in near} == {"江西省新余市渝水区城北街道北湖社区北湖花园***"}
    far = features(client, "homes", f"{VIEW}&zoom=11")
    assert [(one["properties"]["name"], one["properties"]["number"]) for one in far] == [("Beihu", 2)]


def test_who_may_not_see_a_layer_does_not_find_it(city: City) -> None:
    client = visitor(city, "maps.view")
    assert client.get(f"/desk/map/layers/homes/?{VIEW}").status_code == 404
    assert client.get("/desk/map/layers/none/?bbox=1,2,3,4").status_code == 404
    assert client.get("/desk/map/layers/communities/?bbox=1,2").status_code == 400
    assert client.get("/desk/map/layers/communities/").status_code == 200


def test_the_table_says_what_the_map_shows(city: City, frontend: None) -> None:
    client = visitor(city, "maps.view", "people.view")
    table = client.get(f"/desk/map/table/?{VIEW}&zoom=15&layers=homes,communities").content.decode()
    assert table.count("北湖花园***") == 2
    assert "Beihu" in table
    assert "<html" not in table
    assert "Come nearer" in client.get(f"/desk/map/table/?{VIEW}&zoom=5&layers=communities").content.decode()


def test_a_region_is_looked_for_and_shown(city: City, frontend: None) -> None:
    client = visitor(city, "maps.view")
    other = city.regions["other"]
    found = client.get("/desk/map/?q=Dong").content.decode()
    assert f"/desk/map/?region={other.id}" in found
    page = client.get(f"/desk/map/?region={other.id}").content.decode()
    assert 'data-box="115.00000,27.70000,115.10000,27.80000"' in page
    assert "no region" in client.get("/desk/map/?q=zzzz").content.decode().lower()
    assert client.get("/desk/map/?region=nonsense").status_code == 200


def test_the_page_of_a_region_tells_numbers_of_the_own_area_only(city: City, frontend: None) -> None:
    client = visitor(city, "maps.view")
    own = client.get(f"/desk/map/regions/{city.regions['home'].id}/").content.decode()
    assert "Homes and other premises" in own
    other = client.get(f"/desk/map/regions/{city.regions['other'].id}/").content.decode()
    assert "Homes and other premises" not in other
    assert client.get(f"/desk/map/regions/{uuid4()}/").status_code == 404


def test_a_box_of_homes_uses_the_index_under_row_level_security(city: City) -> None:
    """The comparisons are leakproof: the policy does not keep PostgreSQL from the index on the position."""
    rows = [f"('{uuid4()}', '3605020010019{n:012d}', '{city.regions['home'].id}', '{city.regions['home'].path}')" for n in range(3000)]
    with scoped(system_actor("test")), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO premises_premises (id, addr_code, region_id, region_path, longitude, latitude, address, road, door_no, estate, building,"
            " unit, room, status) SELECT id::uuid, code, region::uuid, path, 114 + random(), 27 + random(), '', '', '', '', '', '', '', 'active'"
            f" FROM (VALUES {', '.join(rows)}) AS v (id, code, region, path)"
        )
    actor = Actor(ActorKind.STAFF, ranges=(RegionRange.below("00001"),), permissions=frozenset({"people.view"}))
    with scoped(actor), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM premises_premises WHERE region_path >= '00001' AND region_path < '00001~' AND longitude >= 114.95"
            " AND longitude <= 114.951 AND latitude >= 27.75 AND latitude <= 27.751"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "premises_position" in plan, plan


def test_a_layer_that_is_not_public_names_its_permission() -> None:
    def layer(level: Level, permission: str = "") -> Layer:
        nothing: Any = None
        return Layer("x", "x", "x", 1, Shape.POINT, (), nothing, nothing, nothing, level=level, permission=permission)

    for wrong in (layer(Level.INTERNAL), layer(Level.SPECIAL, "people.view")):
        with pytest.raises(ValueError, match="layer"):
            LAYERS.register("x", wrong)


def test_a_box_is_compared_with_rounded_positions() -> None:
    near = snapped(Box(114.9123, 27.7551, 114.9139, 27.7569))
    assert (near.west, near.south, near.east, near.north) == pytest.approx((114.9125, 27.7555, 114.9135, 27.7565))
