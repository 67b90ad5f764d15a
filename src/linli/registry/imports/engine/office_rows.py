"""What an office of a synthetic city says of people: mostly what is known, some news, some mistakes. Touches no database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from linli.lib.idcard import FEMALE, MALE
from linli.lib.names import pinyin
from linli.registry.imports.engine.office_files import ChangePlan, FilePlan, Row
from linli.registry.people.engine.namebook import NameBook
from linli.registry.people.engine.numbers import id_number, mobile

GROWN = 22 * 366  # days: marriage is no news of a child
OLD = 78 * 366


@dataclass(frozen=True)
class Resident:
    """Somebody of the register: values in its own form, ``region`` the code of the ``community``. ``quiet``: no account or mandate bears her name."""

    values: dict[str, str]
    community: str
    quiet: bool


class Clerk:
    """Who writes one office's list. ``taken`` says whether somebody has an identity number; equal chances give equal rows."""

    def __init__(self, plan: FilePlan, day: date, rng: Random, book: NameBook, taken: Callable[[str], bool]) -> None:
        self._plan, self._day, self._rng, self._book, self._taken = plan, day, rng, book, taken
        self._given: set[str] = set()

    def rows(self, people: Sequence[Resident]) -> list[Row]:
        """In the order of the list."""
        plan, rng = self._plan, self._rng
        chosen = rng.sample(list(people), min(plan.rows, len(people)))
        said = [dict(one.values) for one in chosen]
        told = [values for values, one in zip(said, chosen, strict=True) if one.quiet]
        rng.shuffle(told)
        more = [self._namesake(values) for values in _take(told, plan.namesakes, lambda v: bool(v["phone"] and v["live_address"]))]
        more += [{**values, "id_number": _wrong(values["id_number"])} for values in _take(told, plan.refused)]
        for change in plan.changes:
            for values in _take(told, change.most, lambda v, change=change: self._concerns(change, v)):  # type: ignore[misc]
                values[change.attribute] = self._news(change, values, chosen)
        for values in _take(told, plan.shared):
            values["name"] = self._other_name(values)
        more += [self._stranger(rng.choice(chosen).values) for _ in range(plan.strangers)]
        said += more
        rng.shuffle(said)
        return [Row(n, values, self._day - timedelta(days=rng.randrange(plan.spread + 1))) for n, values in enumerate(said, start=1)]

    def _concerns(self, change: ChangePlan, values: dict[str, str]) -> bool:
        if change.dead:
            return (self._day - date.fromisoformat(values["birth_date"])).days > OLD
        if change.drawn:
            return not values[change.attribute]
        if change.another:
            return bool(values[change.attribute])
        return values[change.attribute] in change.to and (self._day - date.fromisoformat(values["birth_date"])).days > GROWN

    def _news(self, change: ChangePlan, values: dict[str, str], chosen: Sequence[Resident]) -> str:
        if change.dead:
            return (self._day - timedelta(days=self._rng.randrange(2, 40))).isoformat()
        if change.drawn:
            return mobile(self._rng)
        if change.another:
            others = sorted({one.values[change.attribute] for one in chosen} - {values[change.attribute], ""})
            return self._rng.choice(others) if others else values[change.attribute]
        return change.to[values[change.attribute]]

    def _other_name(self, values: dict[str, str]) -> str:
        """Of the same family, but nobody takes it for a slip of the pen: renamed, or somebody else's card."""
        name = values["name"]
        surname = max((s for s in self._book.surnames.items if name.startswith(s)), key=len, default="") or self._book.surname(self._rng)
        while True:
            other, sound, _ = self._book.draw(self._rng, surname, values["sex"], int(values["birth_date"][:4]))
            if not set(other) & set(name.removeprefix(surname)) and sound != pinyin(name):
                return other

    def _namesake(self, values: dict[str, str]) -> dict[str, str]:
        """Name, birthday, telephone and home of somebody known, but another number: registered twice?"""
        return {**values, "id_number": self._number(values["birth_date"], values["sex"], values["id_number"])}

    def _stranger(self, host: dict[str, str]) -> dict[str, str]:
        """Somebody who moved in with a person of the list."""
        rng = self._rng
        sex = rng.choice((MALE, FEMALE))
        birth = (self._day - timedelta(days=rng.randrange(18 * 366, 60 * 366))).isoformat()
        name = self._book.draw(rng, self._book.surname(rng), sex, int(birth[:4]))[0]
        number = self._number(birth, sex, "")
        where = {key: host[key] for key in ("region", "live_address", "ethnicity")}
        return {
            **dict.fromkeys(host, ""),
            **where,
            "name": name,
            "sex": sex,
            "birth_date": birth,
            "id_number": number,
            "phone": mobile(rng),
        }

    def _number(self, birth: str, sex: str, unlike: str) -> str:
        """A valid number that nobody has, of more than one digit's difference from another."""
        for serial in range(999 if sex == MALE else 998, 0, -2):
            number = id_number(birth.replace("-", ""), serial)
            near = sum(a != b for a, b in zip(number[:17], unlike[:17], strict=False)) < 2 if unlike else False
            if not near and number not in self._given and not self._taken(number):
                self._given.add(number)
                return number
        raise ValueError(f"all numbers of {birth} are given")


def _take(told: list[dict[str, str]], most: int, fits: Callable[[dict[str, str]], bool] = bool) -> Iterator[dict[str, str]]:
    """At most so many who fit; nobody is taken for two purposes."""
    taken = [values for values in told if fits(values)][:most]
    for values in taken:
        told[:] = [one for one in told if one is not values]
    return iter(taken)


def _wrong(number: str) -> str:
    """With another last character: no such number exists."""
    return number[:17] + ("1" if number[17] != "1" else "2")
