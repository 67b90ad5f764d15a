"""Values about regions without the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

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


@dataclass(frozen=True)
class Asked:
    """What an order for a change of regions says: which regions go where (a merger: into which; a move: below which), when, by what document.

    Of new outlines: the grid, the sisters that give way to it, their community; ``outlines`` are theirs from then on, by key, as GeoJSON.
    """

    region_ids: tuple[UUID, ...]
    target_id: UUID
    on: date
    document: str
    outlines: Mapping[str, Any] = field(default_factory=dict)

    @property
    def touched(self) -> tuple[UUID, ...]:
        """Everything the change is about."""
        return (*self.region_ids, self.target_id)

    def as_json(self) -> dict[str, Any]:
        return {
            "region_ids": [str(pk) for pk in self.region_ids],
            "target_id": str(self.target_id),
            "on": self.on.isoformat(),
            "document": self.document,
            **({"outlines": dict(self.outlines)} if self.outlines else {}),
        }

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Asked:
        regions = tuple(UUID(pk) for pk in said["region_ids"])
        return cls(regions, UUID(said["target_id"]), date.fromisoformat(said["on"]), said["document"], said.get("outlines", {}))
