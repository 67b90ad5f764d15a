"""The organisations of a synthetic city, pure and repeatable: equal seeds give equal organisations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, Final, NamedTuple

from linli.lib.codes import table
from linli.lib.uscc import check_char, org_check_char
from linli.registry.bodies.engine.spots import Spots
from linli.registry.people.engine import numbers
from linli.registry.people.engine.dice import Weighted, dice
from linli.registry.people.engine.namebook import NameBook

CHARS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORG_CHARS: Final = 6
STEP: Final = 7919
"""Prime to 31: going on by it meets every serial once and neighbours get codes that look unlike each other."""
STATUSES: Final = Weighted([("active", 93), ("suspended", 2), ("revoked", 2), ("deregistered", 3)])
FURTHER = 150
"""People a community has for each organisation of the plan that every larger community has, besides the first."""
RENAMED, PARTY_OF_TEN, AT_HOME, ATTENTION = 0.03, 0.35, 0.15, 0.01


class Owner(NamedTuple):
    """The head of a household of the community."""

    person_id: str
    name: str
    premises_id: str | None
    grid_id: str
    grid_path: str


@dataclass
class Quarter:
    """A community to be filled."""

    region_id: str
    path: str
    code: str
    names: tuple[str, str, str, str]  # city, county, street, community
    urban: bool
    people: int
    owners: Sequence[Owner]
    spots: Mapping[str, Spots]  # by key of a grid or the community


@dataclass
class Made:
    """One organisation with what hangs on it."""

    name: str
    kind: str
    uscc: str
    own_code: str
    status: str
    status_since: date
    established: date
    head: tuple[str, str | None, str]  # name, key of the person, role
    plan: Mapping[str, Any]
    region_id: str
    path: str
    place: tuple[float, float] | None
    address: str
    premises_id: str | None
    phone: str
    employees: int
    capital: int | None  # yuan
    hazard: str
    party: bool
    attention: bool
    former: tuple[str, date] | None = None
    authority: str = ""
    others: list[tuple[str, str | None, str, int | None]] = field(default_factory=list)  # name, person, role, share


def credit_code(begins: str, letters: str, serial: int) -> str:
    """A credit code that passes every check and belongs to nobody: its division 360599 is not assigned. ``serial`` from 0."""
    number, text = serial * STEP % len(CHARS) ** ORG_CHARS, ""
    for _ in range(ORG_CHARS):
        number, rest = divmod(number, len(CHARS))
        text = CHARS[rest] + text
    body = f"{begins}{numbers.PREFIX}{letters}{text}{org_check_char(letters + text)}"
    return body + check_char(body)


class Maker:
    """Fills communities one after the other; credit codes are counted through the city."""

    def __init__(self, seed: int, as_of: date, data: Mapping[str, Any], names: NameBook) -> None:
        self._seed, self._as_of, self._data, self._names = seed, as_of, data, names
        self._serial, self._due = 0, 0.0
        kinds = data["bodies"]
        self._each = {urban: [one for one in kinds if one.get("each") and _fits(one, urban)] for urban in (True, False)}
        self._drawn = {
            urban: Weighted([(one, float(one["weight"])) for one in kinds if not one.get("each") and _fits(one, urban)])
            for urban in (True, False)
        }
        self._hazards = Weighted([(str(code), float(weight)) for code, weight in data["hazards"].items()])

    def fill(self, quarter: Quarter) -> Iterator[Made]:
        rng = dice("bodies", self._seed, quarter.code)
        own = 0
        self._due += quarter.people / float(self._data["people_each"])
        drawn, self._due = int(self._due), self._due % 1  # what is left over goes to the next community
        plans = self._each[quarter.urban][: 1 + quarter.people // FURTHER]
        plans += [self._drawn[quarter.urban].draw(rng) for _ in range(drawn)]
        for number, plan in enumerate(plans):
            begins = table("body_kind").get(plan["kind"]).extra["credit"]
            own += not begins
            yield self._one(rng, quarter, plan, begins, own, number)

    def _one(self, rng: Random, quarter: Quarter, plan: Mapping[str, Any], begins: str, own: int, number: int) -> Made:
        owner = quarter.owners[number % len(quarter.owners)] if quarter.owners else None
        uscc = ""
        if begins:
            letters = "MJ" if begins.startswith("5") else "MA" if begins.startswith("9") else "MB"
            uscc, self._serial = credit_code(begins, letters, self._serial + self._seed % 1000 * 100_000), self._serial + 1
        days = 60 + int(rng.random() ** 1.6 * 7000)
        established = date.fromordinal(self._as_of.toordinal() - days)
        status = "active" if plan.get("each") else STATUSES.draw(rng)
        since = established if status == "active" else date.fromordinal(established.toordinal() + 30 + int(rng.random() * (days - 40)))
        at = (owner.grid_id, owner.grid_path) if owner and not plan.get("each") else (quarter.region_id, quarter.path)
        low, high = plan["staff"]
        employees = low + int(rng.random() * (high - low + 1))
        capital = plan.get("capital")
        name = self._name(rng, quarter, plan)
        made = Made(
            name=name,
            kind=plan["kind"],
            uscc=uscc,
            own_code="" if begins else f"ZD{quarter.code}{own:04d}",
            status=status,
            status_since=since,
            established=established,
            head=self._head(rng, plan, owner),
            plan=plan,
            region_id=at[0],
            path=at[1],
            place=quarter.spots[at[0]].draw(rng) if at[0] in quarter.spots else None,
            address=self._address(rng, quarter),
            premises_id=owner.premises_id if owner and plan["kind"] == "individual" and rng.random() < AT_HOME else None,
            phone=numbers.mobile(rng),
            employees=employees,
            capital=round((capital[0] + rng.random() ** 2 * (capital[1] - capital[0])) / 10 + 0.5) * 100_000 if capital else None,
            hazard=self._hazards.draw(rng),
            party=employees >= 10 and rng.random() < PARTY_OF_TEN,
            attention=rng.random() < ATTENTION,
            authority=self._data["authorities"][plan["authority"]].format(county=quarter.names[1], street=quarter.names[2]),
        )
        if rng.random() < RENAMED:
            made.former = (
                self._name(rng, quarter, plan),
                date.fromordinal(established.toordinal() + (since.toordinal() - established.toordinal()) // 2),
            )
        self._others(rng, quarter, plan, made, number)
        return made

    def _head(self, rng: Random, plan: Mapping[str, Any], owner: Owner | None) -> tuple[str, str | None, str]:
        role = {"individual": "owner", "on_file": "principal"}.get(plan["kind"], "legal")
        if owner is not None:
            return owner.name, owner.person_id, role
        return self._names.draw(rng, self._names.surname(rng), "1", 1980)[0], None, role

    def _others(self, rng: Random, quarter: Quarter, plan: Mapping[str, Any], made: Made, number: int) -> None:
        """Shareholders of companies, and who answers for security in a school."""
        other = quarter.owners[(number * 3 + 1) % len(quarter.owners)] if len(quarter.owners) > 3 else None
        if made.kind == "enterprise":
            share = 100 if other is None or other.person_id == made.head[1] or rng.random() < 0.5 else 50 + int(rng.random() * 10) * 5
            made.others.append((made.head[0], made.head[1], "shareholder", share))
            if share < 100 and other is not None:
                made.others.append((other.name, other.person_id, "shareholder", 100 - share))
        if plan.get("school"):
            made.others.append((self._names.draw(rng, self._names.surname(rng), "1", 1982)[0], None, "security", None))

    def _name(self, rng: Random, quarter: Quarter, plan: Mapping[str, Any]) -> str:
        community = quarter.names[3]
        bare = community.removesuffix("\u793e\u533a").removesuffix("\u6751")
        brand = self._pick(rng, "heads") + self._pick(rng, "tails")
        return str(plan["name"]).format(county=quarter.names[1], community=community, bare=bare, brand=brand)

    def _address(self, rng: Random, quarter: Quarter) -> str:
        return (
            f"{quarter.names[1]}{quarter.names[2]}{self._pick(rng, 'roads')}{1 + int(rng.random() * 300)}{self._data['suffixes']['door']}"
        )

    def _pick(self, rng: Random, key: str) -> str:
        options = self._data[key]
        return str(options[int(rng.random() * len(options))])


def _fits(plan: Mapping[str, Any], urban: bool) -> bool:
    return plan.get("where", "") in ("", "urban" if urban else "village")
