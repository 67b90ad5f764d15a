"""What a phone sends and what it is told, in plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID


class State(StrEnum):
    """What became of an item. ``failed`` is never kept: the phone sends the item again."""

    ACCEPTED = "accepted"
    CONFLICT = "conflict"  # kept on the server until somebody decides
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Told:
    """One item as a phone sent it. ``base`` is the version of what the phone showed; ``worker`` whose queue it lay in."""

    key: UUID
    kind: str
    worker: UUID
    base: str
    payload: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the phone is told about an item; ``body`` is shown to the worker: text, and what else the kind's page knows."""

    state: State
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with the key of its item."""

    key: UUID
    answer: Answer
