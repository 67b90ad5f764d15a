"""What residents of a synthetic city say of their cases, and what was found when the dissatisfied were called (packs: demo/ratings.yaml). No database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

FILE = Path("demo") / "ratings.yaml"
SECOND_SHARE = 0.4  # comments of more than one sentence
OWN_SHARE = 0.3  # comments about the matter itself, where the pack has some
TAG_SHARE = 0.5  # good ratings without a comment that tick something all the same


@dataclass(frozen=True)
class Said:
    """One rating's words."""

    score: int
    tags: tuple[str, ...]
    comment: str


@dataclass(frozen=True)
class Complaint:
    """A bad rating and what became of it. ``found`` is the verdict of the call; ``mended`` is empty unless it was right."""

    said: Said
    found: str
    note: str
    mended: str


class Voices:
    """The pack's words, drawn by a random generator of the caller's."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.rate = float(body["rate"])
        self._scores = [int(score) for score in body["scores"]]
        self._weights = [float(weight) for weight in body["scores"].values()]
        self._share = {int(score): float(share) for score, share in body["said"].items()}
        self._first: Sequence[Mapping[str, str]] = body["praise"]["first"]
        self._second: Sequence[str] = body["praise"]["second"]
        self._middling: Sequence[Mapping[str, str]] = body["middling"]
        self._matters: Mapping[str, Sequence[str]] = body.get("matters", {})
        self._bad = [
            Complaint(Said(int(one["score"]), (one["tag"],), one["said"]), one["found"], one["note"], one.get("mended", ""))
            for one in body["bad"]
        ]

    def score(self, rng: Random) -> int:
        """1 to 5, as often as the pack says."""
        return rng.choices(self._scores, self._weights)[0]

    def praise(self, rng: Random, matter: str, score: int, codes: Sequence[str]) -> Said:
        """Words for a score of 3 to 5; ``codes`` are the tags the matter offers."""
        if rng.random() > self._share.get(score, 0):
            tags = (codes[int(rng.random() * len(codes))],) if codes and score > 3 and rng.random() < TAG_SHARE else ()
            return Said(score, tags, "")
        own = self._matters.get(matter, ())
        if score > 3 and own and rng.random() < OWN_SHARE:
            return Said(score, (), own[int(rng.random() * len(own))])
        pool = self._first if score > 3 else self._middling
        one = pool[int(rng.random() * len(pool))]
        more = score > 3 and rng.random() < SECOND_SHARE
        text = one["text"] + (self._second[int(rng.random() * len(self._second))] if more else "")
        return Said(score, (one["tag"],) if one.get("tag") in codes else (), text)

    def complaint(self, rng: Random, *, mended: bool = False) -> Complaint:
        """One bad rating with its end; ``mended``: one that was right."""
        pool = [one for one in self._bad if one.mended or not mended]
        return pool[int(rng.random() * len(pool))]


def voices(packs: Sequence[Path]) -> Voices | None:
    """Of the last pack that has words; None without one: then nobody rates."""
    found = [folder / FILE for folder in packs if (folder / FILE).exists()]
    return Voices(yaml.safe_load(found[-1].read_text(encoding="utf-8"))) if found else None
