"""What units asks of floors above; they register while the program starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from linli.foundation.types import Actor
from linli.lib.registry import Registry


@dataclass(frozen=True, slots=True)
class Burden:
    """Why a unit or post cannot be closed yet. ``message`` and ``hint`` are msgids with ``%(count)s``; ``code`` is the error's."""

    code: str
    count: int
    message: str
    hint: str


BurdenSource: TypeAlias = Callable[[UUID], Burden | None]
"""A unit's or post's id -> what still hangs on it, None when nothing does."""
UnitMover: TypeAlias = Callable[[Actor, UUID, UUID], int]
"""(actor, from unit, to unit) -> how many open tasks changed offices. Part of the caller's action."""
RoleNames: TypeAlias = Callable[[], Mapping[str, str]]
"""Role codes a post may carry -> their names."""
PostHolders: TypeAlias = Callable[[UUID], Mapping[UUID, Sequence[str]]]
"""A unit -> post -> names of those who hold it today."""

BURDENS: Registry[BurdenSource] = Registry("burden of a unit")
POST_BURDENS: Registry[BurdenSource] = Registry("burden of a post")
UNIT_MOVERS: Registry[UnitMover] = Registry("unit mover")
ROLE_NAMES: Registry[RoleNames] = Registry("role names")
POST_HOLDERS: Registry[PostHolders] = Registry("post holders")
