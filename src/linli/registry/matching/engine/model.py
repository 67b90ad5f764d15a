"""The trained weights, and what they say about two records: Fellegi and Sunter as Splink has it, in plain Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import exp2, log2
from typing import Any

from linli.registry.matching.engine.banding import band, objection
from linli.registry.matching.engine.comparisons import COMPARISONS, NAME, Comparison
from linli.registry.matching.engine.features import Features, features
from linli.registry.matching.engine.rarity import FLOOR, NameRarity
from linli.registry.matching.types import Band, Part, Record, Rules, Score

__all__ = ["Band", "Model", "band", "objection", "probability", "score", "score_features"]

RARITY = "rarity"
"""The part of the waterfall that says how rare the name is; it stands behind the part of the name."""

Chances = tuple[float, float]
"""m and u: how often a level is found in pairs of one person, and in pairs of two."""


@dataclass(frozen=True)
class Model:
    """``prior`` is the chance that two records taken blindly are one person. ``made`` says how the file came to be."""

    prior: float
    levels: Mapping[str, Mapping[str, Chances]]
    names: NameRarity
    rules: Rules
    made: Mapping[str, Any]

    @cached_property
    def start(self) -> float:
        """The prior's weight in bits."""
        return log2(self.prior / (1 - self.prior))

    @cached_property
    def weights(self) -> dict[str, dict[str, float]]:
        """Bits by comparison and level."""
        return {name: {level: log2(m / u) for level, (m, u) in chances.items()} for name, chances in self.levels.items()}

    @cached_property
    def usual(self) -> float:
        """How often two people have one name: what the weight of equal names is about, and rarity corrects."""
        return log2(self.levels[NAME.name]["equal"][1])

    def for_size(self, people: int) -> Model:
        """The same weights where a record is compared with so many people, one of whom it is about."""
        return replace(self, prior=1 / max(2, people))

    def rarity(self, level: str, a: Features, b: Features) -> float:
        """Bits that a rare name adds and a common one takes away."""
        share = NAME.rarity.get(level, 0.0)
        if not share or a.name is None or b.name is None:
            return 0.0
        return share * (self.usual - log2(max(self.names.frequency(a.name), self.names.frequency(b.name), FLOOR)))

    def to_json(self) -> str:
        """Readable, with an end of line."""
        data = {
            "made": dict(self.made),
            "prior": self.prior,
            "rules": {"auto": self.rules.auto, "review": self.rules.review},
            "comparisons": {name: {level: list(pair) for level, pair in chances.items()} for name, chances in self.levels.items()},
            "names": self.names.as_json(),
        }
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Model:
        """ValueError when a comparison or a level is missing: such a model was made for other comparisons."""
        data = json.loads(text)
        levels = {name: {level: (float(m), float(u)) for level, (m, u) in found.items()} for name, found in data["comparisons"].items()}
        for comparison in COMPARISONS:
            if set(levels.get(comparison.name, ())) != set(comparison.names):
                raise ValueError(f"the model's levels of {comparison.name!r} are not {', '.join(comparison.names)}: train it anew")
        rules = Rules(float(data["rules"]["auto"]), float(data["rules"]["review"]))
        return cls(float(data["prior"]), levels, NameRarity.from_json(data["names"]), rules, data["made"])


def probability(weight: float) -> float:
    """Of bits; neither side overflows."""
    odds = exp2(-abs(weight))
    return 1 / (1 + odds) if weight >= 0 else odds / (1 + odds)


def score(model: Model, a: Record, b: Record) -> Score:
    """How likely two records are one person, and why."""
    return score_features(model, features(a), features(b))


def score_features(model: Model, a: Features, b: Features) -> Score:
    """The same where one record is compared with many: its features are derived once."""
    parts: list[Part] = []
    weight = model.start
    for comparison in COMPARISONS:
        for part in _parts(model, comparison, a, b):
            parts.append(part)
            weight += part.weight
    return Score(probability(weight), weight, tuple(parts))


def _parts(model: Model, comparison: Comparison, a: Features, b: Features) -> list[Part]:
    level = comparison.level(a, b)
    if not level:
        return []
    found = [Part(comparison.name, level, model.weights[comparison.name][level])]
    if comparison.rare and (bits := model.rarity(level, a, b)):
        found.append(Part(RARITY, level, bits))
    return found
