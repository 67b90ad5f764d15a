"""One community's people, homes and households, with the dirty data a real register has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, NamedTuple

from linli.lib.uuid7 import uuid7_hex
from linli.registry.people.engine import numbers
from linli.registry.people.engine.dice import Weighted, dice
from linli.registry.people.engine.families import MAN, MARRIED, Families, Member, featured
from linli.registry.people.engine.homes import Home, Homes
from linli.registry.people.engine.namebook import NameBook
from linli.registry.people.engine.plan import HOUSEHOLD
from linli.registry.people.engine.positions import Positions

# shares a real register shows (per person unless said otherwise)
NO_PHONE, SHARED_PHONE, VARIANT_ADDRESS, WRONG_SEX, NO_BIRTH = 0.005, 0.03, 0.03, 0.0005, 0.001
DISABLED, POOR_HOUSEHOLD, AWAY, INCOMER_HOUSEHOLD, TENANT = 0.075, 0.02, 0.06, 0.10, 0.22
DISABILITIES: Weighted[str] = Weighted([("1", 15), ("2", 24), ("3", 2), ("4", 29), ("5", 7), ("6", 8), ("7", 15)])
DEGREES: Weighted[str] = Weighted([("1", 15), ("2", 22), ("3", 28), ("4", 35)])
OTHER_PEOPLES: Weighted[str] = Weighted([("22", 6), ("03", 2), ("15", 2), ("06", 2), ("08", 2), ("11", 1), ("12", 1)])
FEATURED = ("mother", "daughter", "jobless", "disabled", "incomer")
CHILD_PHONE_AGE = 12


@dataclass(frozen=True)
class Place:
    """A community to be filled. ``names``: city, county, street, community; ``grids``: (id, path) in order; ``slots``: see `deal_slots`;
    ``outlines``: of the grids, as WKB, empty where there is none."""

    number: int
    id: str
    code: str
    names: tuple[str, str, str, str]
    urban: bool
    people: int
    grids: tuple[tuple[str, str], ...]
    slots: list[list[int]]
    first: bool = False
    outlines: tuple[bytes, ...] = ()


class Person(NamedTuple):
    """A generated person; texts and codes as the register keeps them, plain."""

    id: str
    name: str
    pinyin: str
    initials: str
    sex: str
    birth: date | None
    id_number: str
    phone: str
    bank: str
    bank_name: str
    ethnicity: str
    marital: str
    education: str
    politics: str
    grid: int
    hukou_here: bool
    live_address: str
    hukou_address: str
    status: str
    employment: str
    disability: str
    assistance: str
    since: date
    relation: str


class Household(NamedTuple):
    id: str
    number: str
    grid: int
    home_id: str
    home: Home
    tenant: bool
    members: list[Person]


@dataclass
class World:
    """What all communities share; built once a process."""

    seed: int
    as_of: date
    names: Mapping[str, Any]
    places: Mapping[str, Any]
    book: NameBook = field(init=False)
    families: Families = field(init=False)

    def __post_init__(self) -> None:
        self.book = NameBook(self.names)
        self.families = Families(self.names["ages"], self.book)


class Community:
    """Fills one place."""

    def __init__(self, world: World, place: Place) -> None:
        self.world, self.place = world, place
        self.rng: Random = dice("community", world.seed, place.code)
        self.serials = numbers.Serials(place.slots)
        self.positions = Positions(world.seed, place.code, place.outlines)
        self.today = world.as_of.toordinal()
        # registers are entered over time: keys of a community carry a day of the year before the city is seen
        self._ms = int((self.today - 30 - place.number % 330 - date(1970, 1, 1).toordinal()) * 86_400_000)
        self._counter = 0

    def key(self) -> str:
        self._counter += 1
        return uuid7_hex(self._ms + self._counter, self.rng.getrandbits(74))

    def households(self, wanted: int, most: int) -> Iterator[Household]:
        """Households until ``wanted`` people are housed; the last may go beyond, but never beyond ``most``."""
        rng, world = self.rng, self.world
        homes = Homes(rng, world.places, self.place.names, self.place.code, urban=self.place.urban)
        special = featured(world.names) if self.place.first else []
        special = special if sum(map(len, special)) <= most else []
        expected = max(1.0, wanted / HOUSEHOLD)
        number = housed = 0
        while housed < max(wanted, sum(map(len, special))):
            members = special[number] if number < len(special) else world.families.draw(rng, most - housed)
            role = FEATURED[number] if number < len(special) else ""
            number += 1
            housed += len(members)
            grid = min(len(self.place.grids) - 1, int(number / expected * len(self.place.grids)))
            yield self._household(members, next(homes), number, grid, role)

    def _household(self, members: list[Member], home: Home, number: int, grid: int, role: str) -> Household:
        rng = self.rng
        incomer = role == "incomer" or (not role and rng.random() < INCOMER_HOUSEHOLD)
        poor = not role and rng.random() < POOR_HOUSEHOLD
        origin = (
            f"{self._pick('origins')}{self._pick('road_heads')}{1 + int(rng.random() * 200)}{self.world.places['door']}" if incomer else ""
        )
        phone = ""
        people = []
        for place, member in enumerate(members):
            person = self._person(member, home, grid, origin, poor, role if place == 0 else role and "family", phone)
            phone = phone or person.phone
            people.append(person)
        since_tenant = incomer or rng.random() < TENANT
        return Household(self.key(), f"{self.place.code}H{number:06d}", grid, self.key(), home, since_tenant and not role, people)

    def _pick(self, key: str) -> str:
        options = self.world.places[key]
        return str(options[int(self.rng.random() * len(options))])

    def _person(self, m: Member, home: Home, grid: int, origin: str, poor: bool, role: str, family_phone: str) -> Person:
        rng, r = self.rng, self.rng.random
        wished = self.today - int((m.age + 0.03 + r() * 0.94) * 365.2425)
        day, serial = self.serials.take(wished, m.sex, self.today)
        birth = date.fromordinal(day)
        name, pinyin, initials = self.world.book.draw(rng, m.surname, m.sex, birth.year)
        sex = m.sex if role or r() > WRONG_SEX else ("2" if m.sex == MAN else MAN)
        away = not role and not origin and 18 < m.age < 55 and r() < AWAY * 2
        status = "3" if origin else "2" if away else "1"
        live = self._away() if away else home.address if role or r() > VARIANT_ADDRESS else self._variant(home)
        bank = m.age >= 16 and (bool(role) or r() < 0.75)
        return Person(
            self.key(),
            name,
            pinyin,
            initials,
            sex,
            None if not role and r() < NO_BIRTH else birth,
            numbers.id_number(birth.strftime("%Y%m%d"), serial),
            self._phone(m.age, family_phone, bool(role)),
            numbers.bank_card(rng) if bank else "",
            str(self.world.names["banks"][int(r() * len(self.world.names["banks"]))]) if bank else "",
            "01" if r() < 0.993 else OTHER_PEOPLES.draw(rng),
            m.marital if m.marital != MARRIED or r() < 0.9 else "21",
            self._education(m.age),
            self._politics(m.age),
            grid,
            not origin,
            live,
            origin or home.address,
            status,
            self._employment(m.age, sex, role),
            self._disability(role, m.age),
            "dibao" if poor else "",
            date.fromordinal(max(day, self.today - 30 - int(r() * (900 if origin else 9000)))),
            m.relation,
        )

    def _phone(self, age: int, family: str, sure: bool) -> str:
        r = self.rng.random
        if not sure and (age < CHILD_PHONE_AGE or r() < NO_PHONE):
            return ""
        if not sure and family and r() < SHARED_PHONE:
            return family
        return numbers.mobile(self.rng)

    def _away(self) -> str:
        return f"{self._pick('away')}{1 + int(self.rng.random() * 300)}{self.world.places['door']}"

    def _variant(self, home: Home) -> str:
        """As people write it: without city and county, other words for building and room, or nothing but the estate."""
        text = home.address.removeprefix(self.place.names[0]).removeprefix(self.place.names[1])
        variants = self.world.places["variants"]
        for standard, typed in variants[int(self.rng.random() * len(variants))].items():
            text = text.replace(standard, typed)
        return text

    def _education(self, age: int) -> str:
        roll = self.rng.random()
        if age < 6:
            return "90"
        if age < 18:
            return "81" if age < 13 else "71" if age < 16 else "61"
        if age > 60:
            return "81" if roll < 0.5 else "71" if roll < 0.8 else "61" if roll < 0.93 else "31"
        return (
            "71" if roll < 0.4 else "61" if roll < 0.6 else "41" if roll < 0.7 else "31" if roll < 0.85 else "21" if roll < 0.985 else "14"
        )

    def _politics(self, age: int) -> str:
        roll = self.rng.random()
        if 14 <= age <= 28:
            return "03" if roll < 0.4 else "13" if roll < 0.98 else "01"
        return "01" if age > 28 and roll < 0.075 else "13"

    def _employment(self, age: int, sex: str, role: str) -> str:
        if role == "jobless":
            return "unemployed"
        if age < 16:
            return ""
        roll = self.rng.random()
        if age < 22:
            return "student" if roll < 0.7 else "employed"
        if age >= (60 if sex == MAN else 55):
            return "retired"
        return "employed" if roll < 0.86 else "flexible" if roll < 0.93 else "unemployed" if roll < 0.965 else "home"

    def _disability(self, role: str, age: int) -> str:
        if role == "disabled":
            return "42"
        share = DISABLED * (0.35 if age < 40 else 1.0 if age < 60 else 2.0)
        if role or self.rng.random() >= share:
            return ""
        return DISABILITIES.draw(self.rng) + DEGREES.draw(self.rng)
