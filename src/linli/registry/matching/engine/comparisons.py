"""The comparisons and their levels, best first: one declaration for our own scoring and for Splink's SQL."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from linli.registry.matching.engine.conditions import (
    Condition,
    all_of,
    any_of,
    both,
    crosswise,
    edits,
    listed,
    not_apart,
    overlap,
    same,
    shared,
    shared_crosswise,
)
from linli.registry.matching.engine.features import Features

OTHER = "different"
"""The last level of every comparison: nothing above held."""


@dataclass(frozen=True)
class Comparison:
    """``levels`` in the order they are tried; ``column`` is empty (None) where the record says nothing. ``rare``: how much of the rarity of
    the value counts at a level (Splink's term frequency adjustment weight); only the first level must be plain equality of ``column``.
    """

    name: str
    column: str
    levels: tuple[tuple[str, Condition], ...]
    rare: tuple[tuple[str, float], ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        return (*(name for name, _ in self.levels), OTHER)

    @cached_property
    def rarity(self) -> dict[str, float]:
        return dict(self.rare)

    def level(self, a: Features, b: Features) -> str:
        """The first level that holds; empty when one of the two says nothing."""
        if getattr(a, self.column) is None or getattr(b, self.column) is None:
            return ""
        for name, condition in self.levels:
            if condition.holds(a, b):
                return name
        return OTHER


NAME = Comparison(
    "name",
    "name",
    (
        ("equal", same("name")),
        ("reordered", same("name_sorted")),
        ("homophone", shared("sounds")),
        ("alike", shared("alike")),
        ("shortened", listed("name", "shorts")),
        ("typo", all_of(both("latin"), edits("name", 2))),
        ("one_character", shared("masks")),
        ("surname", shared("pieces")),
    ),
    rare=(("equal", 1.0), ("reordered", 0.5), ("homophone", 0.5), ("alike", 0.5)),
)
BIRTH = Comparison(
    "birth",
    "birth",
    (
        ("equal", same("birth")),
        ("transposed", crosswise("birth", "birth_turned")),
        ("one_digit", edits("birth", 1)),
        ("same_year", same("birth_year")),
    ),
)
ID_NUMBER = Comparison(
    "id_number",
    "id_number",
    (
        ("equal", same("id_number")),
        ("conflict", both("id_valid")),
        ("one_digit", edits("id_number", 1)),
    ),
)
PHONE = Comparison("phone", "phone", (("equal", same("phone")),))
ADDRESS = Comparison(
    "address",
    "address",
    (
        (
            "same_home",
            any_of(
                all_of(not_apart("area"), any_of(shared("homes"), shared_crosswise("homes", "loose"))),
                overlap("tokens", 4, 5),
            ),
        ),
        ("same_house", any_of(all_of(not_apart("area"), shared("houses")), overlap("tokens", 1, 2))),
        ("same_place", any_of(shared("places"), overlap("tokens", 1, 3))),
    ),
)
SEX = Comparison("sex", "sex", (("equal", same("sex")),))

COMPARISONS = (NAME, BIRTH, ID_NUMBER, PHONE, ADDRESS, SEX)
