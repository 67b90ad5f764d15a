"""Records with known truth: the synthetic population, and what several offices with mistakes of their own wrote down about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linli.registry.matching.engine.errors import Clerk, Rates, twin_of
from linli.registry.matching.types import Record
from linli.registry.people.engine.dice import dice
from linli.registry.people.engine.numbers import deal_slots
from linli.registry.people.engine.plan import people_of
from linli.registry.people.engine.population import Community, Place, World

A_COMMUNITY = 1500
"""People a community has, so that a small sample still comes from several."""
TWINS = 0.012
"""Of a hundred people so many have a twin in the register, roughly."""

CommunityNames = tuple[str, str, str, str]
"""City, county, street, community, as a standard address begins."""


@dataclass(frozen=True)
class Land:
    """What a population is drawn from: the packs' names and places (population/*.yaml) and the names of communities with their codes."""

    names: Mapping[str, Any]
    places: Mapping[str, Any]
    communities: Sequence[tuple[str, bool, CommunityNames]]
    """Code, urban, names."""
    as_of: date

    @property
    def characters(self) -> list[str]:
        return sorted({char for era in self.names["eras"] for chars in era["chars"].values() for char in chars})


@dataclass
class Truth:
    """Records, and whose they are: record key -> person key."""

    records: list[Record] = field(default_factory=list)
    person: dict[str, str] = field(default_factory=dict)

    def add(self, record: Record, person: str) -> None:
        self.records.append(record)
        self.person[record.key] = person


def residents(land: Land, seed: int, count: int) -> Iterator[Record]:
    """About ``count`` people of some communities, with their twins; keys are p1, p2 ..."""
    chosen = _communities(land, seed, count)
    weight = {code: 1.0 for code, _, _ in chosen}
    slots, people = deal_slots(seed, weight), people_of(count, weight)
    world = World(seed, land.as_of, land.names, land.places)
    rng, characters, taken = dice("twins", seed), land.characters, set[str]()
    number = 0
    for place, (code, urban, names) in enumerate(chosen):
        grids = (("g", "g"),)
        community = Community(world, Place(place, code, code, names, urban, people[code], grids, slots[code]))
        for household in community.households(people[code], people[code] + 5):
            for person in household.members:
                number += 1
                taken.add(person.id_number)
                one = Record(f"p{number}", person.name, person.sex, person.birth, person.id_number, person.phone, person.live_address)
                yield one
                if rng.random() < TWINS / 2:
                    number += 1
                    if other := twin_of(rng, one, f"p{number}", characters, taken):
                        yield other


def _communities(land: Land, seed: int, count: int) -> list[tuple[str, bool, CommunityNames]]:
    """As many of the town as of the country."""
    rng, half = dice("sample", seed), max(1, round(count / A_COMMUNITY / 2))
    town, country = ([one for one in land.communities if one[1] is urban] for urban in (True, False))
    return [*rng.sample(town, min(half, len(town))), *rng.sample(country, min(half, len(country)))]


def offices(land: Land, seed: int, people: Sequence[Record], rates: Sequence[tuple[float, Rates]]) -> Truth:
    """What each office wrote: (share of the people it knows, its mistakes). Record keys are OFFICE-PERSON."""
    truth = Truth()
    addresses = [person.address for person in people]
    drop = [name for _, _, names in land.communities[:1] for name in names[:1]]
    counties = sorted({names[1] for _, _, names in land.communities})
    for number, (share, own) in enumerate(rates, 1):
        rng = dice("office", seed, number)
        clerk = Clerk(rng, own, characters=land.characters, addresses=addresses, variants=land.places["variants"], drop=[*drop, *counties])
        for person in people:
            if rng.random() < share:
                truth.add(clerk.write(person, f"{number}-{person.key}"), person.key)
    return truth
