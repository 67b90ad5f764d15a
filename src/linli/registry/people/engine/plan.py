"""How many people live where, before anybody is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linli.registry.people.engine.dice import dice, share

HOUSEHOLD = 3.0
"""People a household, on average."""
GRID_HOUSEHOLDS = 400
"""Households a grid: 300 to 500 (services.md 1.4)."""


def weights(seed: int, kinds: Mapping[str, bool]) -> dict[str, float]:
    """Community code -> weight: an urban community holds about three villages, and no two are alike. ``kinds``: code -> urban."""
    return {code: (3000 if urban else 1000) * (0.6 + dice("weight", seed, code).random() * 0.9) for code, urban in kinds.items()}


def people_of(total: int, weight: Mapping[str, float]) -> dict[str, int]:
    """Community code -> people; they add up to ``total``."""
    return dict(zip(weight, share(total, list(weight.values())), strict=True))


def grids_of(people: Mapping[str, int]) -> dict[str, int]:
    """Community code -> grids of 300 to 500 households; at least one."""
    return {code: max(1, round(count / HOUSEHOLD / GRID_HOUSEHOLDS)) for code, count in people.items()}


def batches(sizes: Sequence[int], target: int) -> list[list[int]]:
    """Indexes in runs of about ``target`` people each: what one worker writes in one transaction. Independent of the number of workers."""
    result: list[list[int]] = []
    held = target
    for index, size in enumerate(sizes):
        if held >= target:
            result.append([])
            held = 0
        result[-1].append(index)
        held += size
    return result
