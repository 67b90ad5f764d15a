"""What goes along when a home comes to another grid: floors above register."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

from linli.foundation.regions.engine import Place
from linli.lib.registry import Registry

HomeMove: TypeAlias = Callable[[UUID, UUID, Place], None]
"""(home, the region it was entered in, its new grid): whoever keeps rows about those who live there gives them the new grid too. Called inside the
change, under a job's rights."""

HOME_MOVES: Registry[HomeMove] = Registry("follower of homes that come to another grid")
