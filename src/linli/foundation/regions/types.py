"""Values about regions without the database."""

from __future__ import annotations

from dataclasses import dataclass

PATH_STEP = 5
"""Characters of a path per level."""

Point = tuple[float, float]
"""CGCS2000 longitude and latitude in degrees."""


@dataclass(frozen=True)
class RegionRow:
    """One line of a pack's `regions.csv`."""

    line: int
    code: str
    name: str
    level: str
    kind: str
    parent_code: str
    urban: str
    valid_from: str


@dataclass(frozen=True)
class GridPlan:
    """How many grids a community gets, and what they are called (``%(number)s``)."""

    community_code: str
    grids: int
