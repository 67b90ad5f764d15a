"""Names by surname frequency, sex and year of birth."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from random import Random
from typing import Any

from linli.lib.names import syllables
from linli.registry.people.engine.dice import Weighted

Name = tuple[str, str, str]
"""Name, pinyin without blanks, initials."""


class NameBook:
    """Built once a process from a pack's names.yaml. Readings are kept per surname and character: asking for every name is too slow."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.surnames = Weighted([(str(name), float(weight)) for name, weight in data["surnames"].items()])
        eras = sorted(data["eras"], key=lambda era: int(era["from"]))
        self._starts = [int(era["from"]) for era in eras]
        self._chars = [{sex: sorted(set(chars)) for sex, chars in era["chars"].items()} for era in eras]
        self._single = [{sex: percent / 100 for sex, percent in era["single"].items()} for era in eras]
        self._read: dict[str, str] = {name: "".join(syllables(name + "\u4e00")[:-1]) for name in self.surnames.items}
        self._first = {name: "".join(part[0] for part in syllables(name + "\u4e00")[:-1]) for name in self.surnames.items}
        for sets in self._chars:
            for chars in sets.values():
                for char in chars:
                    self._read.setdefault("+" + char, syllables("\u738b" + char)[-1])

    def surname(self, rng: Random) -> str:
        return self.surnames.draw(rng)

    def draw(self, rng: Random, surname: str, sex: str, year: int) -> Name:
        """A name for somebody born in ``year``."""
        era = max(0, bisect_right(self._starts, year) - 1)
        chars = self._chars[era][sex]
        count = len(chars)
        first = chars[int(rng.random() * count)]
        given = first
        reading = self._read["+" + first]
        letters = reading[0]
        if rng.random() >= self._single[era][sex]:
            second = chars[int(rng.random() * count)]
            given += second
            more = self._read["+" + second]
            reading += more
            letters += more[0]
        return surname + given, self._read[surname] + reading, self._first[surname] + letters
