"""Under whose rights a job carries out what somebody has ordered: accounts and posts are a floor above."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

from linli.foundation.types import Actor
from linli.lib.registry import Registry

ActorOf: TypeAlias = Callable[[UUID], Actor]
"""Account -> what its holder may do at this moment; nobody's actor when it is closed."""

ACTORS: Registry[ActorOf] = Registry("actor of an account")


def actor_of(user_id: UUID) -> Actor:
    """The actor of whoever ordered, as of today."""
    return ACTORS.get("access")(user_id)
