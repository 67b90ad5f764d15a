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
    repeated: bool = False  # the call found its work done by an earlier one: it changed nothing and gets no entry of its own

    def add(self, change: Change) -> None:
        for known in self.changes:
            if (known.subject_type, known.subject_id) == (change.subject_type, change.subject_id):
                for name, (before, after) in change.fields.items():
                    known.fields[name] = [known.fields[name][0] if name in known.fields else before, after]
                return
        self.changes.append(change)


class FaultKind(StrEnum):
    """In which way the trail is not what was sealed."""

    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"  # written behind: it stands among sealed entries and was not sealed with them
    REORDERED = "reordered"
    CUT_OFF = "cut off"  # the newest batches are gone
    BATCH_CHANGED = "batch changed"
    BATCH_REMOVED = "batch removed"
    HEAD_DIFFERS = "head differs"  # the chain was sealed again after the head was written outside
    HEADS_DAMAGED = "heads damaged"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing wrong in one batch. ``seq`` 0: the batch itself."""

    kind: FaultKind
    batch: int
    seq: int = 0
    entry_id: str = ""

    def __str__(self) -> str:
        where = f"entry {self.seq}{f' ({self.entry_id})' if self.entry_id else ''} of " if self.seq else ""
        return f"{where}batch {self.batch}: {self.kind}"


@dataclass
class Verification:
    """What a check of the whole trail found; ``faults`` in order, at most one a batch."""

    batches: int = 0
    entries: int = 0
    unsealed: int = 0
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults
