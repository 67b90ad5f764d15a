"""The vocabulary of supervision: budgets, suspensions, signals, and the facts a rule looks at. Times are aware datetimes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from linli.foundation.calendar.types import Reason


class Unit(StrEnum):
    """What a time limit is counted in."""

    WORKDAYS = "W"
    NATURAL_DAYS = "N"
    MONTHS = "M"
    WORKING_HOURS = "H"
    CLOCK_HOURS = "C"

    @property
    def is_time(self) -> bool:
        """Whether it runs from the instant, not from the day after."""
        return self in (Unit.WORKING_HOURS, Unit.CLOCK_HOURS)


@dataclass(frozen=True)
class Budget:
    """An amount of time: whole days or months, or hours with a fraction. ValueError when negative, or not whole where it must be."""

    amount: Decimal
    unit: Unit

    def __init__(self, amount: int | Decimal | str, unit: Unit | str) -> None:
        object.__setattr__(self, "amount", Decimal(amount))
        object.__setattr__(self, "unit", Unit(unit))
        if not self.amount.is_finite() or self.amount < 0:
            raise ValueError("a time limit cannot be negative")
        if not self.unit.is_time and self.amount != self.amount.to_integral_value():
            raise ValueError("days and months are counted whole")

    @property
    def whole(self) -> int:
        """The amount as a whole number (days and months)."""
        return int(self.amount)

    @property
    def duration(self) -> timedelta:
        """The amount of hours."""
        return timedelta(microseconds=int(self.amount * 3_600_000_000))

    def extended(self, by: int | Decimal) -> Budget:
        """The budget after an approved extension by `by` of the same unit."""
        return Budget(self.amount + by, self.unit)


@dataclass(frozen=True, kw_only=True)
class Suspension:
    """One interval that does not count. Day limits leave out its first and last day too; hour limits leave out [start, end).

    `end` None: still suspended. `basis` is the legal ground ("" = none, R08), `limit` the longest time the special procedure may take.
    """

    start: datetime
    end: datetime | None = None
    reason: str = ""
    basis: str = ""
    limit: Budget | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("a suspension cannot end before it starts")


class Light(StrEnum):
    """Colour of an incident's or hotline ticket's clock (community manual 0.3); applications use signals instead."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    PURPLE = "purple"


class Colour(StrEnum):
    """Blue reminds, yellow warns (a card), red corrects (a card)."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True)
class Remaining:
    """What is left of a budget in `unit` (negative: exceeded). `overdue` tells a weekend after the last day from the last day."""

    amount: Decimal
    unit: Unit
    overdue: bool


@dataclass(frozen=True)
class Signal:
    """One finding of a rule. The same rule, case and period is signalled once: store `dedupe_key` under a unique constraint."""

    rule: str
    colour: Colour
    reason: Reason
    case_id: str
    period_key: str

    @property
    def dedupe_key(self) -> str:
        """Identity of the finding."""
        return f"{self.rule}:{self.case_id}:{self.period_key}"

    @property
    def said(self) -> dict[str, Any]:
        """What the reason's sentence is filled with; a step is called by its name, the visit's number after # only tells visits apart."""
        params = dict(self.reason.params)
        return params | {"step": str(params["step"]).partition("#")[0]} if "step" in params else params


@dataclass(frozen=True)
class Rung:
    """A signal that a clock raises at `fire_at` if nothing happens before."""

    fire_at: datetime
    signal: Signal


@dataclass(frozen=True, kw_only=True)
class StepRun:
    """One visit to a process step; `key` is unique in the case."""

    key: str
    entered_at: datetime
    budget: Budget
    left_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class BadRating:
    """A rating of 1 or 2. `upheld` False once found mistaken or without ground: nothing to rectify then."""

    key: str
    rated_at: datetime
    named: bool = True
    called_back_at: datetime | None = None
    is_complex: bool = False
    extension_workdays: int = 0
    upheld: bool = True
    rectified_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Publicity:
    """One public notice. It has to hang its full time, and (unless `before_decision` is False) no decision may come earlier."""

    key: str
    posted_at: datetime
    budget: Budget
    withdrawn_at: datetime | None = None
    before_decision: bool = True


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What the rules know of one case. `cycle` counts re-armings of the clock (correction, step back): a new cycle may signal again.

    `noticed_at` is the first correction notice after the latest submission; `ended_at` a withdrawal, termination or refusal to accept;
    `deemed_accepted` that acceptance came by silence (R01 then stands although `accepted_at` equals `submitted_at`).
    """

    case_id: str
    cycle: int = 1
    submitted_at: datetime | None = None
    noticed_at: datetime | None = None
    accepted_at: datetime | None = None
    deemed_accepted: bool = False
    decided_at: datetime | None = None
    delivered_at: datetime | None = None
    ended_at: datetime | None = None
    accepted_by: str = ""
    decided_by: str = ""
    promised: Budget | None = None
    statutory: Budget | None = None
    closes: time | None = None
    yellow_at: datetime | None = None
    suspensions: tuple[Suspension, ...] = ()
    steps: tuple[StepRun, ...] = ()
    correction_notices: int = 0
    refused: bool = False
    refusal_reason: str = ""
    refusal_remedy: str = ""
    fee_standard: Decimal = Decimal(0)
    fee_charged: Decimal | None = None
    bad_ratings: tuple[BadRating, ...] = ()
    publicities: tuple[Publicity, ...] = ()
    is_benefit: bool = False
    granted: bool = False
    beneficiary_dead: bool = False
    duplicate_benefit: bool = False

    @property
    def period(self) -> str:
        """The part of a period key that every rule of this cycle shares."""
        return f"c{self.cycle}"


@dataclass(frozen=True)
class Decision:
    """One decision in a register of decisions, for the bulk check of R11."""

    case_id: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class RuleParams:
    """Thresholds of R01-R14 and of the lights (services manual 2.3-2.6, community manual 0.3). Demo values: places set their own.

    Days are working days unless named otherwise; `night_*` are clock times, the night spans midnight when it starts later than it ends.
    """

    acceptance_days: int = 5
    reminder_percent: int = 20
    reminder_at_least: int = 1
    red_after_yellow_days: int = 2
    correction_notices: int = 2
    step_overruns: int = 3
    suspension_count: int = 3
    delivery_days: int = 10
    bulk_more_than: int = 20
    bulk_minutes: int = 10
    night_from: time = time(20)
    night_to: time = time(7)
    callback_days: int = 1
    rectify_days: int = 5
    rectify_complex_days: int = 15
    reply_yellow_days: int = 3
    reply_red_days: int = 1
    light_yellow_percent: int = 30
    light_purple_over_percent: int = 100
    incident_suspensions: int = 1
    incident_suspended_days: int = 10

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> RuleParams:
        """Defaults overridden by `values` (times as "20:00"). ValueError names an unknown key or a value of the wrong kind."""
        known = {item.name: item.default for item in fields(cls)}
        read: dict[str, Any] = {}
        for key, value in values.items():
            if key not in known:
                raise ValueError(f"unknown rule parameter: {key}")
            if isinstance(known[key], time):
                read[key] = value if isinstance(value, time) else time.fromisoformat(str(value))
            elif isinstance(value, int) and not isinstance(value, bool) and value >= 0:
                read[key] = value
            else:
                raise ValueError(f"rule parameter {key} must be a whole number, not {value!r}")
        return cls(**read)
