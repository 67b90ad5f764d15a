"""What casefile asks of floors above it; they register while the program starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

from linli.lib.registry import Registry

FactSource: TypeAlias = Callable[[UUID], Mapping[str, Any]]
"""Case -> fields of `supervision.types.CaseFacts` that only this floor knows (`bad_ratings`). Asked for cases that are over."""

MORE_FACTS: Registry[FactSource] = Registry("source of case facts")
