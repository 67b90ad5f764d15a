"""Homes with standard addresses (services.md 1.7): estates with buildings, units and rooms; villages with groups and door numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from linli.lib.address import AddressParts, full_address


class Home(NamedTuple):
    addr_code: str
    road: str
    door_no: str
    estate: str
    building: str
    unit: str
    room: str
    address: str


ROOMS_A_FLOOR = 2
SLACK = 1.15
"""Homes of an estate per household in it: some stand empty."""


class Homes:
    """Gives out the homes of one community one after the other, neighbours next to each other."""

    def __init__(self, rng: Random, places: Mapping[str, Any], names: tuple[str, str, str, str], code: str, *, urban: bool) -> None:
        self._rng, self._places, self._names, self._code = rng, places, names, code
        self._homes = self._urban() if urban else self._village()

    def __next__(self) -> Home:
        return next(self._homes)

    def _pick(self, key: str) -> str:
        options = self._places[key]
        return str(options[int(self._rng.random() * len(options))])

    def _home(self, area: int, door: int, stair: int, flat: int, **parts: str) -> Home:
        city, county, street, community = self._names
        text = full_address(AddressParts(city=city, county=county, street=street, community=community, **parts))
        code = f"{self._code}{area:03d}{door:04d}{stair:02d}{flat:04d}"
        return Home(
            code,
            parts.get("road", ""),
            parts.get("door_no", ""),
            parts.get("estate", ""),
            parts.get("building", ""),
            parts.get("unit", ""),
            parts.get("room", ""),
            text,
        )

    def _urban(self) -> Iterator[Home]:
        """Estates of 3 to 40 buildings, five to eighteen storeys; names differ inside a community."""
        used: set[str] = set()
        area = 0
        while True:
            area += 1
            road, door = self._pick("road_heads") + self._pick("road_tails"), f"{1 + int(self._rng.random() * 400)}{self._places['door']}"
            estate = self._pick("estate_heads") + self._pick("estate_tails")
            while estate in used and len(used) < len(self._places["estate_heads"]):
                estate = self._pick("estate_heads") + self._pick("estate_tails")
            used.add(estate)
            floors = 6 if self._rng.random() < 0.55 else 11 if self._rng.random() < 0.5 else 18
            units = 2 + int(self._rng.random() * 3)
            for building in range(1, 4 + int(self._rng.random() * 16)):
                for unit in range(1, units + 1):
                    for floor in range(1, floors + 1):
                        for number in range(1, ROOMS_A_FLOOR + 1):
                            if self._rng.random() > 1 / SLACK:
                                continue
                            room = floor * 100 + number
                            yield self._home(
                                area,
                                building,
                                unit,
                                room,
                                road=road,
                                door_no=door,
                                estate=estate,
                                building=str(building),
                                unit=str(unit),
                                room=str(room),
                            )

    def _village(self) -> Iterator[Home]:
        """Natural villages of 20 to 60 doors."""
        used: set[str] = set()
        area = 0
        while True:
            area += 1
            estate = self._pick("village_heads") + self._pick("village_tails")
            while estate in used and len(used) < len(self._places["village_heads"]):
                estate = self._pick("village_heads") + self._pick("village_tails")
            used.add(estate)
            for door in range(1, 21 + int(self._rng.random() * 40)):
                if self._rng.random() <= 1 / SLACK:
                    yield self._home(area, door, 0, 0, estate=estate, door_no=f"{door}{self._places['door']}")
