"""Values of the map without the database: boxes, features, what is asked of a layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in degrees of CGCS2000; ``west`` > ``east`` is a box over the date line."""

    west: float
    south: float
    east: float
    north: float

    def halves(self) -> tuple[Box, ...]:
        """One box, or the two beside the date line."""
        if self.west <= self.east:
            return (self,)
        return Box(self.west, self.south, 180.0, self.north), Box(-180.0, self.south, self.east, self.north)


class Shape(StrEnum):
    """What lies on a layer."""

    POINT = "Point"
    AREA = "MultiPolygon"
    ANY = "Geometry"
    """Whatever another office draws: points, lines, areas."""


@dataclass(frozen=True, slots=True)
class Field:
    """A property of a layer's features: its name in GeoJSON, its JSON type, its words (msgid). ``filters``: may be asked for (equality)."""

    name: str
    label: str
    type: str = "string"
    filters: bool = True


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the map: key, GeoJSON geometry (longitude before latitude) or None, properties. ``after`` is what the next page begins after."""

    id: str
    geometry: dict[str, Any] | None
    properties: dict[str, Any]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a layer. ``after`` is a `Feature.after`; ``during`` an interval of days, either end open."""

    box: Box | None = None
    limit: int = 100
    after: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    during: tuple[date | None, date | None] | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of a layer lies in one region of the box asked for: shown where single points would be too many."""

    name: str
    number: int
    longitude: float
    latitude: float
