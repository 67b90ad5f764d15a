"""Mergers, splits and moves: rows follow by path, history stays."""

from datetime import date

import pytest

from linli.foundation.regions import queries
from linli.foundation.regions.actions import merge_regions, move_region, path_columns, rename_region, split_region
from linli.foundation.regions.actions.loading import renew_code
from linli.foundation.regions.models import Region, RegionChange
from linli.foundation.types import Actor, ActorKind
from linli.foundation.units.models import Unit
from linli.lib.errors import Conflict, Invalid, NotFound

pytestmark = pytest.mark.django_db
ADMIN = Actor(ActorKind.STAFF, label="Admin", permissions=frozenset({"admin.units"}))
DAY = date(2026, 7, 1)


@pytest.fixture
def tree() -> dict[str, Region]:
    made: dict[str, Region] = {}
    for code, level, path in (
        ("360500000000", "city", "00001"),
        ("360502000000", "county", "0000100001"),
        ("360502001000", "street", "000010000100001"),
        ("360502002000", "street", "000010000100002"),
        ("360502001001", "community", "00001000010000100001"),
        ("360502001002", "community", "00001000010000100002"),
        ("360502001001001", "grid", "0000100001000010000100001"),
    ):
        region = Region(code=code, name=code, level=level, path=path, parent=next((r for r in made.values() if r.path == path[:-5]), None))
        region.save()
        renew_code(region, date(2020, 1, 1))
        made[code] = region
    Unit(code="u", name="u", level="community", region=made["360502001001"], region_path=made["360502001001"].path).save()
    return made


def test_a_move_rewrites_paths_everywhere_and_nothing_else(tree: dict[str, Region]) -> None:
    community, street = tree["360502001001"], tree["360502002000"]
    moved = move_region(ADMIN, region_id=community.id, parent_id=street.id, on=DAY, document="余府发〔2026〕1号")
    assert moved.path == street.path + "00001"
    assert queries.by_code("360502001001001").path == moved.path + "00001"
    assert Unit.objects.get(code="u").region_path == moved.path
    assert Unit.objects.get(code="u").region_id == community.id
    assert [r.code for r in queries.ancestors(moved.path)] == ["360500000000", "360502000000", "360502002000", "360502001001"]
    assert RegionChange.objects.get().before["path"] == "00001000010000100001"
    with pytest.raises(Invalid):
        move_region(ADMIN, region_id=community.id, parent_id=tree["360500000000"].id, on=DAY)


def test_the_trail_is_no_path_column(tree: dict[str, Region]) -> None:
    columns = path_columns()
    assert ("people_person", "region_path") in columns
    assert ("units_unit", "region_path") in columns
    assert not any(table in ("audit_entry", "topics_event", "regions_region") for table, _ in columns)


def test_a_merger_closes_the_region_and_gives_its_rows_to_the_successor(tree: dict[str, Region]) -> None:
    gone, into = tree["360502001001"], tree["360502001002"]
    merge_regions(ADMIN, region_ids=[gone.id], into_id=into.id, on=DAY)
    assert Unit.objects.get(code="u").region_path == into.path
    assert [r.code for r in queries.children(into)] == ["360502001001001"]
    assert queries.by_code("360502001001", on=date(2026, 6, 30)).id == gone.id
    with pytest.raises(NotFound):
        queries.by_code("360502001001", on=DAY)
    with pytest.raises(Conflict):
        rename_region(ADMIN, region_id=gone.id, name="x", on=DAY)


def test_a_new_name_and_code_keep_the_old_ones_in_history(tree: dict[str, Region]) -> None:
    region = tree["360502001002"]
    rename_region(ADMIN, region_id=region.id, name="新名社区", on=DAY, code="360502001099")
    assert queries.by_code("360502001002", on=date(2026, 1, 1)).id == region.id
    assert queries.by_code("360502001099", on=DAY).name == "新名社区"
    assert [c.code for c in queries.codes_of(region)] == ["360502001002", "360502001099"]


def test_a_split_adds_neighbours_and_moves_nobody(tree: dict[str, Region]) -> None:
    parts = split_region(ADMIN, region_id=tree["360502001001"].id, parts=[("360502001003", "新"), ("360502001004", "新二")], on=DAY)
    assert [p.path for p in parts] == ["00001000010000100003", "00001000010000100004"]
    assert Unit.objects.get(code="u").region_path == "00001000010000100001"
    with pytest.raises(Invalid):
        split_region(ADMIN, region_id=tree["360502001001"].id, parts=[("360502001003", "again")], on=DAY)
