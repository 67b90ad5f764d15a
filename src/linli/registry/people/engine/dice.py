"""Repeatable chance: one generator per place, and weighted picks that cost one bisection."""

from __future__ import annotations

import hashlib
from bisect import bisect
from collections.abc import Iterable
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def dice(*parts: object) -> Random:
    """A generator that depends on nothing but ``parts``."""
    text = "\x1f".join(map(str, parts))
    return Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))  # noqa: S311  (synthetic data, not secrets)


class Weighted(Generic[T]):
    """Draws items in proportion to their weights; ValueError when there is nothing to draw."""

    def __init__(self, items: Iterable[tuple[T, float]]) -> None:
        kept = [(item, weight) for item, weight in items if weight > 0]
        if not kept:
            raise ValueError("nothing to draw from")
        self.items = [item for item, _ in kept]
        self._upto = list(accumulate(weight for _, weight in kept))

    def draw(self, rng: Random) -> T:
        return self.items[bisect(self._upto, rng.random() * self._upto[-1], 0, len(self.items) - 1)]


def share(total: int, weights: list[float]) -> list[int]:
    """Whole numbers in proportion to ``weights`` that add up to ``total`` (largest remainders first)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    result = [int(value) for value in exact]
    by_rest = sorted(range(len(weights)), key=lambda i: (result[i] - exact[i], i))
    for index in by_rest[: total - sum(result)]:
        result[index] += 1
    return result
