"""Outlines drawn for a synthetic city: Voronoi cells of seeds inside a wider outline. Degrees; nothing here is survey data."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import shapely
from shapely.geometry import MultiPoint, Point, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from linli.foundation.regions.types import Point as LonLat

_DECIMALS = 5
"""About one metre."""


@dataclass(frozen=True)
class Cell:
    """One part of a divided outline with the point it was drawn around."""

    centre: LonLat
    shape: BaseGeometry


def seeds_inside(rng: Random, shape: BaseGeometry, count: int, *, centre: LonLat | None = None, spread: float = 0.0) -> list[LonLat]:
    """``count`` distinct points inside ``shape``; around ``centre`` with a standard deviation of ``spread`` degrees when given."""
    west, south, east, north = shape.bounds
    found: list[LonLat] = []
    tries = 0
    while len(found) < count:
        tries += 1
        if centre is not None and tries < 200 * count:
            x, y = rng.gauss(centre[0], spread), rng.gauss(centre[1], spread)
        else:
            x, y = rng.uniform(west, east), rng.uniform(south, north)
        point = (round(x, 6), round(y, 6))
        if point not in found and shape.contains(Point(point)):
            found.append(point)
    return found


def divide(shape: BaseGeometry, seeds: list[LonLat]) -> list[Cell]:
    """The Voronoi cells of ``seeds`` inside ``shape``, in the order of the seeds. They cover it without overlap."""
    if len(seeds) == 1:
        return [Cell(seeds[0], shape)]
    cells = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=shape.envelope.buffer(1)).geoms
    result = []
    tree = shapely.STRtree(list(cells))
    for seed in seeds:
        nearest = int(tree.query(Point(seed), predicate="intersects")[0])
        result.append(Cell(seed, cells[nearest].intersection(shape)))
    return result


def feature(shape: BaseGeometry) -> dict[str, Any]:
    """A GeoJSON geometry, rounded to about a metre; outer rings run counterclockwise (RFC 7946)."""
    drawn: dict[str, Any] = mapping(shapely.orient_polygons(shapely.set_precision(shape, 10**-_DECIMALS)))
    result: dict[str, Any] = _lists(drawn)
    return result


def polygon(outline: list[list[float]]) -> BaseGeometry:
    """A closed ring of a pack as a shape."""
    return Polygon(outline)


def _lists(value: Any) -> Any:
    """Tuples as lists, floats without binary dust: what JSON gives back, so that reloading finds no difference."""
    if isinstance(value, (list, tuple)):
        return [_lists(item) for item in value]
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return round(value, _DECIMALS) if isinstance(value, float) else value
