"""Answers kept for a few seconds in this process: for small tables that every request asks and hardly anybody changes.

Never for what a right or a promise depends on from one second to the next: another process may have changed it meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import ParamSpec, TypeVar

from cachetools import TTLCache, cached

P = ParamSpec("P")
R = TypeVar("R")

_KEPT: list[TTLCache[object, object]] = []
MOST = 1024


def remembered(*, seconds: float) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep what a function answered to the same (hashable) arguments for so long; an error is not kept. What it gives is shared: don't change it."""

    def decorate(fn: Callable[P, R]) -> Callable[P, R]:
        cache: TTLCache[object, object] = TTLCache(maxsize=MOST, ttl=seconds)
        _KEPT.append(cache)
        return cached(cache, lock=RLock())(fn)

    return decorate


def forget_all() -> None:
    """Begin anew: after a write of this process that must be seen at once, and between tests."""
    for cache in _KEPT:
        cache.clear()
