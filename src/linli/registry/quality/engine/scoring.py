"""Sums and scores: rates are made of sums, never of other rates (domain/community.md §15.3: score = sum of weights x pass rate)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from linli.registry.quality.types import SCORE_FLAGGED


@dataclass(slots=True)
class Sum:
    """How many subjects a rule is about, and how many break it."""

    total: int = 0
    failed: int = 0

    def add(self, total: int, failed: int) -> None:
        self.total += total
        self.failed += failed

    @property
    def rate(self) -> float | None:
        """Per cent that pass; None where there is nothing it is about."""
        return 100 * (self.total - self.failed) / self.total if self.total else None


def score(sums: Iterable[tuple[int, Sum]]) -> float | None:
    """Of (weight, sum) pairs, 0 to 100; rules that are about nothing here do not count. None when none does."""
    told = [(weight, one.rate) for weight, one in sums if one.rate is not None]
    whole = sum(weight for weight, _ in told)
    return sum(weight * rate for weight, rate in told) / whole if whole else None


def flagged(value: float | None) -> bool:
    return value is not None and value < SCORE_FLAGGED
