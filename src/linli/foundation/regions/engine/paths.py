"""Paths: five base-36 characters a level, so that a subtree is a range under COLLATE "C"."""

from __future__ import annotations

from collections.abc import Iterable

from linli.foundation.regions.types import PATH_STEP

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def segment(number: int) -> str:
    """The segment of the ``number``-th child (from 1); ValueError beyond 36**5."""
    if not 0 < number < 36**PATH_STEP:
        raise ValueError(f"no path segment for {number}")
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text.rjust(PATH_STEP, "0")


def segment_number(path: str) -> int:
    """The number of the last segment of a path."""
    return int(path[-PATH_STEP:], 36)


def next_segment(siblings: Iterable[str]) -> str:
    """The first segment after all that ``siblings`` (paths) ever had: a freed one is not given again."""
    return segment(max((segment_number(path) for path in siblings), default=0) + 1)


def child_path(parent: str, siblings: Iterable[str]) -> str:
    """A new path below ``parent`` ("" for the city)."""
    return parent + next_segment(siblings)
