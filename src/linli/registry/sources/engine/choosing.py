"""Survivorship: several offices say something of the same attribute, and one value stands (domain/community.md 15.5).

What does not age (name, birth date) goes by the sources' order alone, among equals by the later day (services.md 3.7). What does (where
somebody lives) goes by a score: weight of the source (0-100) x freshness (halved every half-life) x 1.0 when somebody looked on the spot,
else 0.8. When the two best disagree and lie within 5 % of each other, or the attribute is of level 4 or 5, a person decides; a value a
person has locked stands until the lock ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from linli.registry.sources.types import Offer

UNVERIFIED: Final = 0.8
CLOSE: Final = 0.05
"""Share of the better score within which two different values of what ages are too close to call; what does not age goes by the order of sources."""
SENSITIVE: Final = 4


class Unsettled(StrEnum):
    """Why a person has to decide."""

    CLOSE = "close"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True)
class Rule:
    """How one attribute is chosen: ``weights`` by source code (0-100; who is not named has no say), ``half_life`` in days, None for what does not age."""

    attribute: str
    weights: Mapping[str, int]
    half_life: float | None = None
    level: int = 1

    def hears(self, source: str) -> bool:
        """Whether a source has a say; without any weights all do, alike."""
        return not self.weights or source in self.weights

    def outranks(self, new: Offer, standing: Offer, on: date) -> bool:
        """Whether what is said now takes the place of what stands: a better score, or as good a one of no earlier day. A lock holds."""
        if standing.locked_until is not None and standing.locked_until >= on and new.locked_until is None:
            return False
        return (self.score(new, on), new.as_of) >= (self.score(standing, on), standing.as_of)

    def score(self, offer: Offer, on: date) -> float:
        """The offer's standing on a day. Static attributes: the weight. A day that lies ahead counts as today."""
        weight = float(self.weights.get(offer.source, 0 if self.weights else 1))
        if self.half_life is None:
            return weight
        age = max(0, (on - offer.as_of).days)
        return weight * float(2 ** (-age / self.half_life)) * (1.0 if offer.verified else UNVERIFIED)


@dataclass(frozen=True, slots=True)
class Choice:
    """``stands`` is None when nobody who counts has said anything. ``differ`` are the offers with another value, the best first."""

    stands: Offer | None
    score: float = 0.0
    differ: tuple[Offer, ...] = ()
    unsettled: Unsettled | None = None


def choose(rule: Rule, offers: Iterable[Offer], *, on: date) -> Choice:
    """The value that stands on a day.

    Equal scores: the later day, then the code of the source, of one source what it said last, then the value: among sources the order of
    arrival never decides. What is ``unsettled`` names the best offer all the same: it is shown as a proposal, and what stood before goes on
    standing until a person has decided.
    """
    ranked = sorted(
        ((rule.score(offer, on), offer) for offer in offers if rule.hears(offer.source) or offer.locked_until is not None),
        key=lambda found: (found[0], found[1].as_of, found[1].verified, found[1].source, str(found[1].entry_id or ""), found[1].value),
        reverse=True,
    )
    locked = [(score, offer) for score, offer in ranked if offer.locked_until is not None and offer.locked_until >= on]
    if locked:
        score, best = max(locked, key=lambda found: found[1].as_of)
        return Choice(best, score, _others(best, ranked))
    if not ranked:
        return Choice(None)
    score, best = ranked[0]
    differ = _others(best, ranked)
    if not differ:
        return Choice(best, score)
    if rule.level >= SENSITIVE:
        return Choice(best, score, differ, Unsettled.SENSITIVE)
    next_score = rule.score(differ[0], on)
    close = rule.half_life is not None and score > 0 and (score - next_score) / score < CLOSE
    return Choice(best, score, differ, Unsettled.CLOSE if close else None)


def _others(best: Offer, ranked: list[tuple[float, Offer]]) -> tuple[Offer, ...]:
    return tuple(offer for _, offer in ranked if offer.value != best.value)
