"""Outlines and grids of a synthetic city: streets in the county, communities in the street, grids in the community."""

from __future__ import annotations

import hashlib
import json
from random import Random

import shapely

from linli.foundation.actions.actions import action
from linli.foundation.regions.engine import Cell, child_path, divide, feature, seeds_inside
from linli.foundation.regions.models import Region, RegionCode
from linli.foundation.types import Actor

TOWN_KINDS_NEAR = 0.03
"""Spread in degrees (about 3 km) of the streets around the county's centre; towns and townships lie anywhere in the county."""


@action("admin.packs", audit="regions.drawn")
def draw_city(actor: Actor, *, grids: dict[str, int], grid_name: str, seed: int) -> int:
    """Draw every county that has an outline: streets and communities get one, and each community its ``grids`` (by code).

    ``grid_name`` holds ``{number}``. Existing grids stay; the number of new ones is returned. Equal arguments draw equal lines.
    """
    made = 0
    for county in Region.objects.filter(level="county", valid_to=None).exclude(outline=None).order_by("path"):
        streets = list(Region.objects.filter(parent=county, valid_to=None).order_by("path"))
        for street, cell in zip(streets, _street_cells(county, streets, seed), strict=True):
            _draw(street, cell)
            communities = list(Region.objects.filter(parent=street, valid_to=None).order_by("path"))
            if not communities:
                continue
            seeds = seeds_inside(_random(seed, street.code), cell.shape, len(communities))
            for community, inner in zip(communities, divide(cell.shape, seeds), strict=True):
                _draw(community, inner)
                made += _grids(community, inner, grids.get(community.code, 1), grid_name, seed)
    return made


def _street_cells(county: Region, streets: list[Region], seed: int) -> list[Cell]:
    """Subdistricts (statistical codes 001-099) crowd around the centre, towns spread over the county."""
    shape = shapely.from_geojson(json.dumps(county.outline))
    rng = _random(seed, county.code)
    urban = [street for street in streets if street.code[6] == "0"]
    centre = (county.longitude, county.latitude) if county.longitude is not None and county.latitude is not None else None
    near = seeds_inside(rng, shape, len(urban), centre=centre, spread=TOWN_KINDS_NEAR)
    far = seeds_inside(rng, shape, len(streets) - len(urban))
    order = [*urban, *(street for street in streets if street not in urban)]
    cells = dict(zip((street.id for street in order), divide(shape, [*near, *far]), strict=True))
    return [cells[street.id] for street in streets]


def _draw(region: Region, cell: Cell) -> None:
    if region.outline is not None:
        return
    region.longitude, region.latitude = cell.centre
    region.outline = feature(cell.shape)
    region.save(update_fields=["longitude", "latitude", "outline"])


def _grids(community: Region, cell: Cell, count: int, name: str, seed: int) -> int:
    """Grid code: community code, 0 for a basic grid, two digits (services.md 1.4)."""
    have = list(Region.objects.filter(parent=community).order_by("path"))
    if have:
        return 0
    paths: list[str] = []
    parts = divide(cell.shape, seeds_inside(_random(seed, community.code), cell.shape, count))
    for number, part in enumerate(parts, start=1):
        code, title = f"{community.code}{number:03d}", name.format(number=number)
        path = child_path(community.path, paths)
        paths.append(path)
        longitude, latitude = part.centre
        grid = Region(
            code=code,
            name=title,
            level="grid",
            path=path,
            parent=community,
            longitude=longitude,
            latitude=latitude,
            outline=feature(part.shape),
            valid_from=community.valid_from,
        )
        grid.save(force_insert=True)
        RegionCode(region=grid, code=code, name=title, valid_from=community.valid_from).save(force_insert=True)
    return count


def _random(seed: int, code: str) -> Random:
    """A generator of its own for every place, so that adding one place does not move another."""
    return Random(int.from_bytes(hashlib.sha256(f"outline {seed} {code}".encode()).digest()[:8], "big"))  # noqa: S311  (drawing, not secrets)
