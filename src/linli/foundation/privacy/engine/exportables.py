"""The lists that can be exported; floors above register theirs. And how many people must agree."""

from __future__ import annotations

from collections.abc import Collection

from linli.foundation.privacy.types import Column, Exportable
from linli.foundation.types import Level
from linli.lib.registry import Registry

EXPORTABLES: Registry[Exportable] = Registry("exportable")
MANY = 1000
"""Rows beyond which two people approve (community.md §13.2)."""
MOST = 100_000


def approvers_needed(rows: int, columns: Collection[Column], *, full: bool) -> int:
    """None for a short masked list of the own area; two for a long one, or one with a column of level 4; otherwise one."""
    if rows > MANY or any(one.level >= Level.SENSITIVE for one in columns):
        return 2
    return 1 if full else 0
