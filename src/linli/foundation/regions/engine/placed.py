"""Who keeps things by their position and has to follow when the outline of a grid changes: floors above register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from linli.lib.registry import Registry

Place: TypeAlias = tuple[UUID, str]
"""A region's key and path."""
Locate: TypeAlias = Callable[[float, float], Place | None]
"""Longitude and latitude -> the grid, by the outlines as they will be; None outside all of them: then a thing stays where it is entered."""


@dataclass(frozen=True, slots=True)
class Placed:
    """``label`` a msgid: what of it changes its grid. Both functions take the bounds of the community (``lo <= path < hi``), run under a job's
    actor that sees all of it, and give a number: ``foresee`` how many would change, ``follow`` how many did. ``follow`` repeated does nothing."""

    order: int
    label: str
    foresee: Callable[[str, str, Locate], int]
    follow: Callable[[str, str, Locate], int]


PLACED: Registry[Placed] = Registry("things placed by position")
