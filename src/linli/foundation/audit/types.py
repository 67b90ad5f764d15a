"""What one entry of the trail says."""
from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass
class Change:
    """One object touched: its table, key, and {field: [before, after]}."""

    subject_type: str
    subject_id: str
    fields: dict[str, list[Any]]
    region_path: str = ""


@dataclass
class Recording:
    """What an action did so far; models that inherit AuditedModel add to it when they are saved."""

    name: str
    changes: list[Change] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    subject_id: UUID | None = None

    def add(self, change: Change) -> None:
        for known in self.changes:
            if (known.subject_type, known.subject_id) == (change.subject_type, change.subject_id):
                for name, (before, after) in change.fields.items():
                    known.fields[name] = [known.fields[name][0] if name in known.fields else before, after]
                return
        self.changes.append(change)
