"""What else hangs on a person: homes, cases, accounts; what goes along when she moves.

Whoever keeps something about people by their key registers, so that nobody is removed under it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeAlias
from uuid import UUID

from linli.lib.registry import Registry

Tie: TypeAlias = Callable[[Collection[UUID]], set[UUID]]
"""People -> those of them something hangs on; asked under a job's rights."""

Move: TypeAlias = Callable[[UUID, str], None]
"""(person, path of the region she lives in now): rows about her that carry her region get it too. Called inside the move, under a job's rights."""

MOVES: Registry[Move] = Registry("follower of people who move")
TIES: Registry[Tie] = Registry("tie of people")
