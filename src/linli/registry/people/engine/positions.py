"""Where generated homes stand: an estate or village around a point of its grid, its buildings some sixty metres apart. Synthetic, not surveyed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

import shapely
from shapely.geometry.base import BaseGeometry

from linli.registry.people.engine.dice import dice

Spot = tuple[float, float]
DECIMALS = 6
SPREAD = 0.0006
"""Degrees between an estate's middle and its buildings, one standard deviation: about sixty metres."""
TRIES = 40


class Positions:
    """Positions of one community's homes; homes of one building in one grid share theirs. ``shapes``: the grids' outlines as WKB, in order; one
    without an outline is empty and its homes have no position."""

    def __init__(self, seed: int, code: str, shapes: Sequence[bytes]) -> None:
        self._seed, self._code = seed, code
        self._shapes: list[BaseGeometry | None] = [shapely.from_wkb(shape) if shape else None for shape in shapes]
        self._estates: dict[tuple[int, str], Spot] = {}
        self._buildings: dict[tuple[int, str], Spot] = {}

    def at(self, grid: int, addr_code: str) -> Spot | None:
        """Of a home by its address code: 12 digits of the community, 3 of the estate, 4 of the building."""
        shape = self._shapes[grid] if grid < len(self._shapes) else None
        if shape is None:
            return None
        estate, building = (grid, addr_code[12:15]), (grid, addr_code[12:19])
        if building not in self._buildings:
            if estate not in self._estates:
                self._estates[estate] = self._inside(shape, *estate)
            self._buildings[building] = self._near(shape, self._estates[estate], *building)
        return self._buildings[building]

    def _rng(self, grid: int, name: str) -> Random:
        return dice("position", self._seed, f"{self._code}{grid}/{name}")

    def _inside(self, shape: BaseGeometry, grid: int, name: str) -> Spot:
        rng, (west, south, east, north) = self._rng(grid, name), shape.bounds
        for _ in range(TRIES):
            x, y = round(rng.uniform(west, east), DECIMALS), round(rng.uniform(south, north), DECIMALS)
            if shapely.contains_xy(shape, x, y):
                return x, y
        middle = shape.representative_point()
        return middle.x, middle.y

    def _near(self, shape: BaseGeometry, centre: Spot, grid: int, name: str) -> Spot:
        rng, widened = self._rng(grid, name), 1 / math.cos(math.radians(centre[1]))
        for _ in range(TRIES):
            x, y = round(centre[0] + rng.gauss(0, SPREAD) * widened, DECIMALS), round(centre[1] + rng.gauss(0, SPREAD), DECIMALS)
            if shapely.contains_xy(shape, x, y):
                return x, y
        return centre
