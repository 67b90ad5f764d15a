"""What the clock knows of a subject, and where subject kinds register themselves (casefile today; alarms and reports later)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.cases.supervision.types import CaseFacts
from linli.lib.registry import Registry


@dataclass(frozen=True)
class Subject:
    """The label of a clock and its cards. ``unit_id`` and ``user_id`` are those who hold it now."""

    kind: str
    id: UUID
    number: str
    title: str
    region_path: str
    line: str = ""
    party_id: UUID | None = None
    unit_id: UUID | None = None
    unit_name: str = ""
    user_id: UUID | None = None


@dataclass(frozen=True)
class SubjectKind:
    """``facts`` reads a subject anew (after a calendar change); ``signalled`` is told of each signal raised about it.

    ``due_moved`` is told of every clock computed anew, with the promised date before and now (often the same).
    """

    facts: Callable[[UUID], tuple[Subject, CaseFacts]]
    signalled: Callable[[UUID, str, str, dict[str, Any], datetime], None]
    due_moved: Callable[[UUID, datetime | None, datetime | None], None] = lambda subject_id, former, due: None


SUBJECT_KINDS: Registry[SubjectKind] = Registry("subject kind")
