"""What lies in a region, told by the floors that keep it: an administrator who has to decide about the region sees the numbers only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from linli.lib.registry import Registry


@dataclass(frozen=True, slots=True)
class Content:
    """``order`` is its place among the others, ``label`` a msgid.

    ``count`` takes the bounds of a subtree (``lo <= path < hi``) and runs under a job's actor that sees all of it.
    """

    order: int
    label: str
    count: Callable[[str, str], int]


CONTENTS: Registry[Content] = Registry("content of a region")
