"""What the process engine says to the rest of the house. Plain values: no Django, no SpiffWorkflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Office = Literal["applicant", "community", "street", "county", "city", "same"]
"""Which office does a step: the applicant, a level of administration, or the office that did the step before."""

Unit = Literal["W", "N", "M", "H"]
"""W working days, N natural days, M months, H hours (domain/services.md, fields of a matter)."""

EntryKind = Literal["step", "timer", "return"]

OFFICES: tuple[Office, ...] = ("applicant", "community", "street", "county", "city", "same")
UNITS: tuple[Unit, ...] = ("W", "N", "M", "H")
KINDS = (
    "accept",
    "correct",
    "review",
    "survey",
    "publicity",
    "hearing",
    "decide",
    "pay",
    "produce",
    "deliver",
    "reply",
    "dispatch",
    "visit",
    "task",
)
"""Kinds of step the house knows by name; a pack may use another lower-case word."""


class InvariantError(RuntimeError):
    """The engine came to a state that no sound process can be in. Never a person's fault; nothing may be saved."""


@dataclass(frozen=True, slots=True)
class StepSpec:
    """A user task of a process, as its `linli:` attributes describe it."""

    id: str
    name: str
    office: Office
    kind: str
    line: str = ""
    """Department line code such as MZ (civil affairs); empty for the office at large."""
    days: float | None = None
    """Budget in `unit`; None when the step has no limit of its own."""
    unit: Unit = "W"
    outcomes: tuple[str, ...] = ()
    """Answers the step may end with; empty when any text will do."""
    form: str | None = None
    people: int = 1
    """How many different people must sign before the step may end; more than one makes it a countersigned step."""
    multi: bool = False
    """The step may be shared out to several people who work at it together."""


@dataclass(frozen=True, slots=True)
class TimerSpec:
    """A timer event: on its own between steps, or on the edge of a step (`host`)."""

    id: str
    name: str
    days: float | None = None
    unit: Unit = "N"
    date: str | None = None
    """An ISO date-time or an expression that gives one; used instead of `days`."""
    host: str | None = None
    interrupting: bool = True
    """On the edge of a step: firing ends the step. False: the step goes on beside the timer's own path."""


@dataclass(frozen=True, slots=True)
class ReadyStep:
    """Someone can work on this now."""

    step_id: str
    token_id: str
    spec: StepSpec
    added: bool = False
    """True for an extra signer's own turn; `signer` says whose. The step itself waits for it."""
    signer: str | None = None


@dataclass(frozen=True, slots=True)
class WaitingTimer:
    """A timer that runs. The engine has no clock: copy this to a table and call `fire_timer` when it is time."""

    event_id: str
    token_id: str
    due: datetime | None
    """None for working days and months: the calendar floor computes those from `since`."""
    days: float | None
    unit: Unit
    since: datetime
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Signing:
    """Who has signed a step and who is awaited."""

    token_id: str
    people: int
    added: tuple[str, ...]
    signed: tuple[str, ...]

    @property
    def awaited(self) -> tuple[str, ...]:
        return tuple(key for key in self.added if key not in self.signed)

    @property
    def missing_people(self) -> int:
        """Signatures still needed for the countersignature, added signers not counted."""
        own = sum(1 for key in self.signed if key not in self.added)
        return max(0, self.people - own) if self.people > 1 else 0

    @property
    def complete(self) -> bool:
        return not self.awaited and not self.missing_people


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a process stands after an operation. `state` is text to be stored as text."""

    state: str
    ready: tuple[ReadyStep, ...]
    waiting: tuple[WaitingTimer, ...]
    finished: bool
    data: dict[str, Any]
    withdrawn: bool = False
    undone: tuple[str, ...] = ()
    """After a return: token ids of completed steps that no longer count."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened, in order. An entry that a return took back stays, with `undone_by`."""

    seq: int
    kind: EntryKind
    step_id: str
    token_id: str
    outcome: str
    data: Mapping[str, Any]
    at: datetime
    signed: tuple[str, ...] = ()
    undone_by: int | None = None
    target: str | None = field(default=None)
    """For a return: the step it went back to."""
