"""The facilities of a synthetic city, pure and repeatable: equal seeds give equal facilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, NamedTuple

from linli.lib.componentcode import Layout, component_code
from linli.registry.bodies.engine.spots import Spots
from linli.registry.facilities.types import DUTIES, IN_USE, PLANNED
from linli.registry.people.engine.dice import Weighted, dice

FURTHER = 200
"""People a community has for each facility of the plan that every larger community has, besides the first."""
OPEN_DUTY = 0.04
"""Share of facilities of which one of the three units is not known yet."""


class Holder(NamedTuple):
    """A unit or an organisation that is responsible."""

    body_id: str | None
    unit_id: str | None
    name: str


@dataclass
class Quarter:
    """A community to be furnished. ``units``: the unit of each line of its county; ``keepers``: property companies near it."""

    path: str
    code: str
    names: tuple[str, str, str, str]  # city, county, street, community
    people: int
    places: Sequence[tuple[str, str]]  # key and path of its grids, or of itself
    spots: Mapping[str, Spots]
    units: Mapping[str, Holder]
    keepers: Sequence[Holder]


@dataclass
class Made:
    """One facility with what hangs on it."""

    code: str
    kind: str
    name: str
    place: tuple[str, str]
    address: str
    position: tuple[float, float] | None
    since: date
    steps: list[tuple[str, date]]
    hours: str
    capacity: int | None
    duties: list[tuple[str, Holder, date]]
    confirmed: date | None


class Maker:
    """Furnishes communities one after the other; serials are counted by county and kind."""

    def __init__(self, seed: int, as_of: date, data: Mapping[str, Any], words: Mapping[str, str], layout: Layout) -> None:
        self._seed, self._today, self._data, self._words, self._layout = seed, as_of.toordinal(), data, words, layout
        self._serials: dict[str, int] = {}
        self._due = 0.0
        self._drawn = Weighted([(one, float(one["weight"])) for one in data["drawn"]])
        self._statuses = Weighted([(str(status), float(weight)) for status, weight in data["statuses"].items()])

    def fill(self, quarter: Quarter) -> Iterator[Made]:
        rng = dice("facilities", self._seed, quarter.code)
        named = set[str]()
        self._due += quarter.people / float(self._data["people_each"])
        drawn, self._due = int(self._due), self._due % 1  # what is left over goes to the next community
        each = self._data["each"][: 1 + quarter.people // FURTHER]
        for number in range(len(each) + drawn):
            plan = each[number] if number < len(each) else self._drawn.draw(rng)
            while plan["kind"] in named:  # one library a community
                plan = self._drawn.draw(rng)
            if "name" in plan:
                named.add(plan["kind"])
            yield self._one(rng, quarter, plan, fixed=number < len(each))

    def _one(self, rng: Random, quarter: Quarter, plan: Mapping[str, Any], *, fixed: bool) -> Made:
        kind = str(plan["kind"])
        place = quarter.places[int(rng.random() * len(quarter.places))]
        road = self._data["roads"][int(rng.random() * len(self._data["roads"]))]
        door = f"{road}{1 + int(rng.random() * 300)}{self._data['suffix']}"
        code = self._code(quarter.code, kind)
        name = str(plan.get("name", "")).format(community=quarter.names[3]) or f"{road}{self._words[kind]}{code[-5:]}{self._data['suffix']}"
        steps = self._life(rng, IN_USE if fixed else self._statuses.draw(rng))
        low, high = plan.get("capacity", (0, 0))
        duties = [(duty, holder, steps[0][1]) for duty, holder in self._duties(rng, quarter, plan)]
        if rng.random() < OPEN_DUTY:
            duties.pop()
        confirmed = len(duties) == len(DUTIES) and rng.random() < float(self._data["confirmed"])
        return Made(
            code=code,
            kind=kind,
            name=name,
            place=place,
            address=f"{quarter.names[1]}{quarter.names[2]}{door}",
            position=quarter.spots[place[0]].draw(rng) if place[0] in quarter.spots else None,
            since=steps[-1][1],
            steps=steps,
            hours=str(plan.get("hours", "")),
            capacity=round((low + rng.random() * (high - low)) / 5) * 5 if high else None,
            duties=duties,
            confirmed=date.fromordinal(min(self._today, steps[0][1].toordinal() + 30)) if confirmed else None,
        )

    def _code(self, division: str, kind: str) -> str:
        county = division[: self._layout.county]
        serial = self._serials[county + kind] = self._serials.get(county + kind, 0) + 1
        return component_code(county, kind[: self._layout.group], kind[self._layout.group :], serial, self._layout)

    def _life(self, rng: Random, status: str) -> list[tuple[str, date]]:
        """The steps that led to a status, each with its day."""
        way = {"planned": [PLANNED], "in_use": [IN_USE], "damaged": [IN_USE, "damaged"], "repaired": [IN_USE, "damaged", "repaired"]}
        day = self._today - 200 - int(rng.random() * 4000)
        steps = []
        for number, step in enumerate(way.get(status, [IN_USE, "removed"])):
            day += int(rng.random() * 90) if number else 0
            steps.append((step, date.fromordinal(day)))
        return steps

    def _duties(self, rng: Random, quarter: Quarter, plan: Mapping[str, Any]) -> Iterator[tuple[str, Holder]]:
        for duty in DUTIES:
            line = str(plan[duty])
            if line == "property" and quarter.keepers:
                yield duty, quarter.keepers[int(rng.random() * len(quarter.keepers))]
            else:
                yield duty, quarter.units.get(line) or quarter.units[""]
