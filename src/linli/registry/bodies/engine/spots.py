"""Where things of a synthetic city stand: points inside an outline."""

from __future__ import annotations

from random import Random
from typing import Any, Final

import shapely
from shapely.geometry import shape

TRIES: Final = 60
DECIMALS: Final = 6


class Spots:
    """Draws points (longitude, latitude in CGCS2000) inside a GeoJSON outline; without one, nothing is known."""

    def __init__(self, outline: dict[str, Any] | None) -> None:
        self._shape = shape(outline) if outline else None
        if self._shape is not None:
            shapely.prepare(self._shape)
            self._bounds = self._shape.bounds
            inner = self._shape.representative_point()
            self._inner = (round(inner.x, DECIMALS), round(inner.y, DECIMALS))

    def draw(self, rng: Random) -> tuple[float, float] | None:
        """A point inside; the one PostGIS would call "on surface" when the outline is too thin to be hit."""
        if self._shape is None:
            return None
        west, south, east, north = self._bounds
        for _ in range(TRIES):
            x = round(west + rng.random() * (east - west), DECIMALS)
            y = round(south + rng.random() * (north - south), DECIMALS)
            if shapely.contains_xy(self._shape, x, y):
                return x, y
        return self._inner
