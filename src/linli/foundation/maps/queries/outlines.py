"""Outlines of regions, kept prepared in this process: they are public down to communities, few, and every map asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from linli.foundation.maps.types import Ask, Feature
from linli.foundation.regions.engine import Cells, Found, shape_of
from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import get_region
from linli.lib.errors import NotFound
from linli.lib.remembered import remembered

KEPT_SECONDS = 30
"""How long another process may go on drawing an outline that was changed."""
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Outlined:
    """A region as the map needs it."""

    id: UUID
    code: str
    name: str
    level: str
    path: str
    place: str
    longitude: float | None
    latitude: float | None
    outline: dict[str, Any] | None
    valid_from: date | None


@dataclass(frozen=True)
class _Level:
    """Regions of one level in the order of their codes, and their outlines as a tree."""

    rows: list[Outlined]
    by_id: dict[str, Outlined]
    cells: Cells[Outlined]


@remembered(seconds=KEPT_SECONDS)
def _level(level: str) -> _Level:
    fields = ("id", "code", "name", "level", "path", "parent__name", "longitude", "latitude", "outline", "valid_from")
    found = Region.objects.filter(level=level, valid_to=None).order_by("code").values_list(*fields)
    rows = [Outlined(pk, code, name, lv, path, above or "", *rest) for pk, code, name, lv, path, above, *rest in found]
    cells = Cells((row.code, row, shape_of(row.outline)) for row in rows if row.outline)
    return _Level(rows, {str(row.id): row for row in rows}, cells)


def outlined(level: str, pk: UUID) -> Outlined:
    """One open region of a level; `NotFound` otherwise."""
    found = _level(level).by_id.get(str(pk))
    if found is None:
        raise NotFound("REGION_UNKNOWN", "There is no such region.")
    return found


def any_outlined(pk: UUID) -> Outlined:
    """One open region of whatever level; `NotFound` otherwise."""
    return outlined(get_region(pk).level, pk)


def grid_at(longitude: float, latitude: float) -> Found[Outlined]:
    """The grid a point lies in, on a border the one with the smallest code; outside all of them none, with the nearest told."""
    return _level("grid").cells.at(longitude, latitude)


def find_regions(text: str) -> list[Outlined]:
    """Regions with an outline whose name or code begins with, or name holds, what was typed; larger ones first, at most `MOST_FOUND`."""
    found = []
    for level in ("county", "street", "community", "grid"):
        for row in _level(level).rows:
            if row.outline and text and (text in row.name or row.code.startswith(text)):
                found.append(row)
                if len(found) == MOST_FOUND:
                    return found
    return found


def city_box() -> tuple[float, float, float, float]:
    """West, south, east, north of everything that has an outline; the whole world before anything has."""
    bounds = [cells.bounds for level in ("county", "street") if (cells := _level(level).cells) and len(cells)]
    return bounds[0] if bounds else (-180.0, -90.0, 180.0, 90.0)


# ---- as layers ----


def _asked(level: str, ask: Ask) -> list[Outlined]:
    kept = _level(level)
    rows = kept.rows
    if ask.box:
        inside = {row.code: row for half in ask.box.halves() for row in kept.cells.touching(half.west, half.south, half.east, half.north)}
        rows = [inside[code] for code in sorted(inside)]
    for name, value in ask.filters.items():
        rows = [row for row in rows if getattr(row, name) == value]
    if ask.during:
        last = ask.during[1]
        rows = [row for row in rows if last is None or row.valid_from is None or row.valid_from <= last]
    return rows


def region_features(level: str, ask: Ask) -> list[Feature]:
    """Open regions of a level in the order of their codes."""
    return [_feature(row) for row in _asked(level, ask) if row.code > ask.after][: ask.limit]


def region_count(level: str, ask: Ask) -> int:
    return len(_asked(level, ask))


def region_feature(level: str, key: str) -> Feature | None:
    row = _level(level).by_id.get(key)
    return _feature(row) if row else None


def _feature(row: Outlined) -> Feature:
    properties = {
        "code": row.code,
        "name": row.name,
        "place": row.place,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
    }
    return Feature(str(row.id), row.outline, properties, row.code)
