"""Where a point lies among outlines: prepared shapes in a tree. Degrees in, metres out; pure, without the database."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy
import shapely
from shapely.geometry.base import BaseGeometry

T = TypeVar("T")
METRES_PER_DEGREE = 111_320.0
"""Of latitude; of longitude times the cosine of the latitude."""
SEAM_M = 2.0
"""Two outlines that share a border are rounded each by itself: what lies in the seam between them belongs to the nearest."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """``inside`` is what the point lies in, or None; then ``nearest`` is the closest one, ``metres`` away (None where there is no outline at all)."""

    inside: T | None
    nearest: T | None
    metres: float


class Cells(Generic[T]):
    """Outlines with their codes. A point on a border belongs to the smallest code (domain/community.md §2, test points)."""

    def __init__(self, cells: Iterable[tuple[str, T, BaseGeometry]]) -> None:
        ordered = sorted(cells, key=lambda cell: cell[0])
        self._items = [item for _, item, _ in ordered]
        self._shapes = [shape for _, _, shape in ordered]
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all of them; four NaN when there are none."""
        west, south, east, north = (float(n) for n in shapely.total_bounds(self._shapes))
        return west, south, east, north

    def at(self, longitude: float, latitude: float) -> Found[T]:
        """The outline a point lies in, border included, or the nearest one."""
        point = shapely.Point(longitude, latitude)
        inside = self._tree.query(point, predicate="intersects")
        if len(inside):
            found = self._items[int(inside.min())]
            return Found(found, found, 0.0)
        if not self._items:
            return Found(None, None, math.inf)
        near = int(numpy.atleast_1d(self._tree.nearest(point)).min())
        away = metres_between(point, self._shapes[near])
        nearest = self._items[near]
        return Found(nearest if away <= SEAM_M else None, nearest, away)

    def touching(self, west: float, south: float, east: float, north: float) -> list[T]:
        """What shares a point with a box, in the order of the codes."""
        found = self._tree.query(shapely.box(west, south, east, north), predicate="intersects")
        return [self._items[int(n)] for n in sorted(found)]


def metres_between(point: shapely.Point, shape: BaseGeometry) -> float:
    """About how far a shape is from a point: right to a percent within a city."""
    near = shapely.shortest_line(point, shape).coords[-1]
    along = (near[0] - point.x) * math.cos(math.radians(point.y))
    return math.hypot(along, near[1] - point.y) * METRES_PER_DEGREE
