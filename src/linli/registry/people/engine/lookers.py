"""Who else was given a person's data: apps above tell it here, so that she reads it in one list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

from linli.lib.registry import Registry
from linli.registry.people.types import Look

Looker: TypeAlias = Callable[[UUID, int], list[Look]]
"""A key of a person (each row that became hers is asked for) and how many at most -> who was given her data, the newest first; asked under a job's rights."""

LOOKERS: Registry[Looker] = Registry("looker at people")
