"""Households as a city has them: kinds by share, sizes and ages that follow from the kind (a fifth over 60, a fifth under 15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

from linli.registry.people.engine.dice import Weighted
from linli.registry.people.engine.namebook import NameBook

MAN, WOMAN = "1", "2"
SINGLE, MARRIED, WIDOWED, DIVORCED = "10", "20", "30", "40"


class Member(NamedTuple):
    """One person of a household. ``relation`` to its head (GB/T 4761), ``age`` in full years."""

    relation: str
    sex: str
    age: int
    surname: str
    marital: str


KINDS = (
    ("elder_alone", 6.5),
    ("elder_couple", 9),
    ("single", 9),
    ("couple", 9),
    ("nuclear", 29),
    ("three", 20),
    ("grown", 11),
    ("lone_parent", 3.5),
    ("left_behind", 3),
)
SMALLEST = {
    "elder_alone": 1,
    "elder_couple": 2,
    "single": 1,
    "couple": 2,
    "nuclear": 3,
    "three": 5,
    "grown": 3,
    "lone_parent": 2,
    "left_behind": 3,
}


class Families:
    """Draws households. ``largest`` keeps the number of people exact: only kinds that fit are drawn."""

    def __init__(self, ages: Mapping[str, Sequence[Sequence[float]]], names: NameBook) -> None:
        self._ages = {kind: Weighted([((int(low), int(high)), weight) for low, high, weight in rows]) for kind, rows in ages.items()}
        self._kinds = {size: Weighted([(k, w) for k, w in KINDS if SMALLEST[k] <= size]) for size in range(1, 6)}
        self._names = names

    def draw(self, rng: Random, largest: int) -> list[Member]:
        kind = self._kinds[min(5, largest)].draw(rng)
        members: list[Member] = getattr(self, f"_{kind}")(rng)
        return members[:largest]

    def _age(self, rng: Random, kind: str) -> int:
        low, high = self._ages[kind].draw(rng)
        return low + int(rng.random() * (high - low + 1))

    def _pair(self, rng: Random, age: int, relations: tuple[str, str, str] = ("02", "11", "12"), surname: str = "") -> list[Member]:
        """A married couple, the man the head in three of four; ``relations`` of head, husband and wife."""
        man = surname or self._names.surname(rng)
        her_age = max(20, age - int(rng.random() * 6) + 2)
        if relations[0] != "02" or rng.random() < 0.75:
            return [
                Member(relations[0], MAN, max(22, age), man, MARRIED),
                Member(relations[2], WOMAN, her_age, self._names.surname(rng), MARRIED),
            ]
        return [Member("02", WOMAN, her_age, self._names.surname(rng), MARRIED), Member(relations[1], MAN, max(22, age), man, MARRIED)]

    def _children(self, rng: Random, mother: int, surname: str, *, oldest: int = 22) -> list[Member]:
        """One to three, born when the mother was 21 to 36, living at home until ``oldest``."""
        count = 1 if (roll := rng.random()) < 0.46 else 2 if roll < 0.93 else 3
        first = mother - 21 - int(rng.random() * 8)
        ages = [age for i in range(count) if 0 <= (age := first - i * (2 + int(rng.random() * 4))) <= oldest]
        sexes = [MAN if rng.random() < 0.527 else WOMAN for _ in ages]
        if len(ages) == 1 and count == 1:
            return [Member("21" if sexes[0] == MAN else "31", sexes[0], ages[0], surname, SINGLE)]
        seen = {MAN: 0, WOMAN: 0}
        found = []
        for age, sex in zip(ages, sexes, strict=True):
            found.append(Member(f"{2 if sex == MAN else 3}{2 + seen[sex]}", sex, age, surname, SINGLE))
            seen[sex] += 1
        return found

    def _elder_alone(self, rng: Random) -> list[Member]:
        sex = WOMAN if rng.random() < 0.62 else MAN
        return [Member("02", sex, self._age(rng, "elder"), self._names.surname(rng), WIDOWED if rng.random() < 0.9 else DIVORCED)]

    def _elder_couple(self, rng: Random) -> list[Member]:
        return self._pair(rng, self._age(rng, "elder"))

    def _single(self, rng: Random) -> list[Member]:
        age = self._age(rng, "young" if rng.random() < 0.7 else "middle")
        marital = DIVORCED if age > 30 and rng.random() < 0.5 else SINGLE
        return [Member("02", MAN if rng.random() < 0.56 else WOMAN, age, self._names.surname(rng), marital)]

    def _couple(self, rng: Random) -> list[Member]:
        return self._pair(rng, self._age(rng, "middle" if rng.random() < 0.65 else "young"))

    def _nuclear(self, rng: Random) -> list[Member]:
        pair = self._pair(rng, self._age(rng, "parent"))
        father, mother = sorted(pair, key=lambda m: m.sex)
        return pair + self._children(rng, mother.age, father.surname)

    def _three(self, rng: Random) -> list[Member]:
        """A couple, one or two of his (or, living with her family, her) parents, and children."""
        family = self._nuclear(rng)
        head = family[0]
        age = head.age + 23 + int(rng.random() * 8)
        parents = [Member("51", MAN, age + 2, head.surname, MARRIED), Member("52", WOMAN, age, self._names.surname(rng), MARRIED)]
        if rng.random() < 0.45:
            parents = [parents[0 if rng.random() < 0.3 else 1]._replace(marital=WIDOWED)]
        return family[:2] + parents + family[2:]

    def _grown(self, rng: Random) -> list[Member]:
        """Parents with a grown child that has not founded a household of its own."""
        pair = self._pair(rng, self._age(rng, "middle"))
        father, mother = sorted(pair, key=lambda m: m.sex)
        age = max(18, mother.age - 22 - int(rng.random() * 10))
        sex = MAN if rng.random() < 0.55 else WOMAN
        return [*pair, Member("21" if sex == MAN else "31", sex, age, father.surname, SINGLE)]

    def _lone_parent(self, rng: Random) -> list[Member]:
        sex = WOMAN if rng.random() < 0.72 else MAN
        age = self._age(rng, "parent")
        head = Member("02", sex, age, self._names.surname(rng), DIVORCED if rng.random() < 0.75 else WIDOWED)
        children = self._children(rng, max(21, age), head.surname if sex == MAN else self._names.surname(rng))
        return [head, *children]

    def _left_behind(self, rng: Random) -> list[Member]:
        """Grandparents with grandchildren whose parents work elsewhere."""
        pair = self._pair(rng, 55 + int(rng.random() * 15))
        surname = next(m.surname for m in pair if m.sex == MAN)
        children = [
            Member("41" if rng.random() < 0.53 else "42", "", 2 + int(rng.random() * 13), surname, SINGLE)
            for _ in range(1 + (rng.random() < 0.5))
        ]
        return pair + [child._replace(sex=MAN if child.relation == "41" else WOMAN) for child in children]


def featured(names: Mapping[str, Any]) -> list[list[Member]]:
    """Households every city has, for the tour and the demo accounts: they open the first urban community (packs: `featured`)."""
    return [
        [Member(str(m["relation"]), str(m["sex"]), int(m["age"]), str(m["surname"]), str(m["marital"])) for m in home]
        for home in names.get("featured", [])
    ]
