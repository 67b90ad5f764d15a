"""Who still needs an upload that no case has: a draft, a mandate's evidence. Floors above register."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeAlias
from uuid import UUID

from linli.lib.registry import Registry

Keeper: TypeAlias = Callable[[Collection[UUID]], set[UUID]]
"""Files -> those of them that are still needed."""

KEEPERS: Registry[Keeper] = Registry("keeper of files")
