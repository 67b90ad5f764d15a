"""How rare a name is, from the frequencies of surnames and characters: a table of a few hundred lines in place of one of all names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from linli.lib.names import split_surname
from linli.registry.matching.engine.names import is_han, name_parts

FLOOR = 1e-7
"""No name is taken for rarer than this (nor one in letters, about which nothing is known)."""
KEPT = 1_000_000


@dataclass(frozen=True)
class NameRarity:
    """``surnames`` and ``characters`` are shares of people and of given characters; ``given`` is the share of given names by length."""

    surnames: Mapping[str, float]
    characters: Mapping[str, float]
    given: Mapping[int, float]
    other_surname: float = 1e-5
    other_character: float = 1e-4
    _seen: dict[str, float] = field(default_factory=dict, compare=False, repr=False)

    def frequency(self, name: str) -> float:
        """The share of people with this name (as `Features.name` has it), were characters drawn one by one."""
        found = self._seen.get(name)
        if found is None:
            found = self._frequency(name)
            if len(self._seen) < KEPT:
                self._seen[name] = found
        return found

    def _frequency(self, name: str) -> float:
        if not is_han(name):
            return FLOOR
        surname, given = split_surname(name)
        share = self.surnames.get(surname, self.other_surname) * self.given.get(len(given), self.other_surname)
        for char in given:
            share *= self.characters.get(char, self.other_character)
        return max(share, FLOOR)

    def chance_of_namesakes(self, names: Iterable[str]) -> float:
        """How often two people of a sample with these names have one name."""
        shares = [self.frequency(name) for name in names]
        return sum(shares) / len(shares) if shares else FLOOR

    def as_json(self) -> dict[str, Any]:
        return {
            "surnames": {name: _short(share) for name, share in self.surnames.items()},
            "characters": {char: _short(share) for char, share in self.characters.items()},
            "given": {str(length): _short(share) for length, share in self.given.items()},
            "other_surname": self.other_surname,
            "other_character": self.other_character,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> NameRarity:
        given = {int(length): float(share) for length, share in data["given"].items()}
        return cls(data["surnames"], data["characters"], given, data["other_surname"], data["other_character"])


def count_names(names: Iterable[str]) -> NameRarity:
    """From the names of a sample; a surname or character seen once or twice is as good as unseen."""
    surnames: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    lengths: Counter[int] = Counter()
    for text in names:
        parts = name_parts(text)
        if parts is None or parts.latin:
            continue
        surname, given = split_surname(parts.name)
        surnames[surname] += 1
        characters.update(given)
        lengths[len(given)] += 1
    people, given_chars = max(1, lengths.total()), max(1, characters.total())
    return NameRarity(
        {name: count / people for name, count in surnames.most_common() if count > 2},
        {char: count / given_chars for char, count in characters.most_common() if count > 2},
        {length: count / people for length, count in sorted(lengths.items())},
        other_surname=1 / people,
        other_character=1 / given_chars,
    )


def _short(share: float) -> float:
    return float(f"{share:.3g}")
