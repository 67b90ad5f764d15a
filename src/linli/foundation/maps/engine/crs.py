"""Coordinate reference systems of `/ogc/`. Stored is CGCS2000 in longitude, latitude; EPSG codes have latitude first.

CGCS2000 and WGS 84 agree to some centimetres, far below the precision of what is kept (outlines one metre, homes a hundred): between them nothing is
computed, only the order of the axes changes.
"""

from __future__ import annotations

from typing import Any

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CGCS2000 = "http://www.opengis.net/def/crs/EPSG/0/4490"
WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
OFFERED = (CRS84, CGCS2000, WGS84)
STORAGE = CGCS2000
LATITUDE_FIRST = frozenset({CGCS2000, WGS84})


def turned(geometry: dict[str, Any] | None, crs: str) -> dict[str, Any] | None:
    """A geometry with the axes of ``crs``."""
    if geometry is None or crs not in LATITUDE_FIRST:
        return geometry
    return {**geometry, "coordinates": _turn(geometry["coordinates"])}


def _turn(value: Any) -> Any:
    if value and isinstance(value[0], (int, float)):
        return [value[1], value[0], *value[2:]]
    return [_turn(one) for one in value]
