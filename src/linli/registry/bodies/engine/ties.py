"""What hangs on an organisation: who keeps something about organisations by their key registers, so that none is removed under it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeAlias
from uuid import UUID

from linli.lib.registry import Registry

Tie: TypeAlias = Callable[[Collection[UUID]], set[UUID]]
"""Organisations -> those of them something hangs on; asked under a job's rights."""

TIES: Registry[Tie] = Registry("tie of organisations")
