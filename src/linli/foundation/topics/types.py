"""A topic's declaration and the event a consumer gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Topic:
    """``public`` topics may have no consumer: they feed subscribers outside. ``live`` ones also wake open pages."""

    name: str
    public: bool = False
    live: bool = False


@dataclass(frozen=True)
class Event:
    id: UUID
    topic: str
    payload: dict[str, Any]
    region_path: str = ""


Consumer = Callable[[Event], None]
