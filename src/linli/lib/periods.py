"""Calendar periods of reports and payments: months, quarters, years. Days are dates without a time zone; both ends belong to the period."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linli.lib.errors import Invalid


class PeriodKind(StrEnum):
    """Length of a period."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}
_FORM = re.compile(r"([1-9][0-9]{3})(?:-?(0[1-9]|1[0-2])|-?Q([1-4]))?")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month, quarter or year; sorts by its first day. ValueError when `start` is no first day of such a period."""

    start: date
    kind: PeriodKind

    def __post_init__(self) -> None:
        if self.start.day != 1 or (self.start.month - 1) % _MONTHS[self.kind]:
            raise ValueError(f"no {self.kind} starts on {self.start}")

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        return cls(date(year, month, 1), PeriodKind.MONTH)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        """Quarter 1 to 4 of a year."""
        return cls(date(year, quarter * 3 - 2, 1), PeriodKind.QUARTER)

    @classmethod
    def year(cls, year: int) -> Period:
        return cls(date(year, 1, 1), PeriodKind.YEAR)

    @classmethod
    def holding(cls, day: date, kind: PeriodKind) -> Period:
        """The period of a kind in which a day lies."""
        length = _MONTHS[kind]
        return cls(date(day.year, (day.month - 1) // length * length + 1, 1), kind)

    @property
    def end(self) -> date:
        """The last day."""
        return add_months(self.start, _MONTHS[self.kind]) - _DAY

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def next(self, count: int = 1) -> Period:
        """The period `count` later; negative counts go back."""
        return Period(add_months(self.start, _MONTHS[self.kind] * count), self.kind)

    def previous(self) -> Period:
        return self.next(-1)

    def until(self, last: Period) -> Iterator[Period]:
        """This period and those after it up to `last`, which has the same kind; nothing when `last` lies before."""
        if last.kind is not self.kind:
            raise ValueError(f"cannot step from a {self.kind} to a {last.kind}")
        period = self
        while period <= last:
            yield period
            period = period.next()

    def months(self) -> Iterator[Period]:
        """The months inside, in order."""
        first = Period(self.start, PeriodKind.MONTH)
        return first.until(first.next(_MONTHS[self.kind] - 1))

    def overlaps(self, start: date, end: date | None) -> bool:
        """Whether a span of days touches the period; `end` is its last day, None while it is open."""
        return start <= self.end and (end is None or end >= self.start)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        if self.kind is PeriodKind.YEAR:
            return f"{self.start.year:04d}"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.start.year:04d}Q{(self.start.month + 2) // 3}"
        return yyyymm(self.start)


def parse_period(text: str, *, field: str | None = "period") -> Period:
    """Read "2026", "2026Q2", "202604" or "2026-04"; `Invalid` PERIOD_FORMAT."""
    match = _FORM.fullmatch(text.strip().upper())
    if match is None:
        raise Invalid("PERIOD_FORMAT", "This is not a month, quarter or year.", field=field, hint="Write 202604, 2026Q2 or 2026.")
    year = int(match[1])
    if match[2]:
        return Period.month(year, int(match[2]))
    return Period.quarter(year, int(match[3])) if match[3] else Period.year(year)


def yyyymm(day: date) -> str:
    """The month of a day as six digits."""
    return f"{day.year:04d}{day.month:02d}"


def add_months(day: date, count: int) -> date:
    """The same day of another month, or that month's last day when it is shorter."""
    month = day.year * 12 + day.month - 1 + count
    first = date(month // 12, month % 12 + 1, 1)
    following = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (following - first).days) - 1)


def months_between(start: date, end: date) -> int:
    """Full months from `start` to `end`; negative when `end` lies before. From 31 January a month is full on the last day of February."""
    if end < start:
        return -months_between(end, start)
    count = (end.year - start.year) * 12 + end.month - start.month
    return count if add_months(start, count) <= end else count - 1


def overlap_days(first: tuple[date, date | None], second: tuple[date, date | None]) -> int:
    """Days that two spans share, both ends included; ValueError when both are open and so share days without end."""
    ends = [end for _, end in (first, second) if end is not None]
    if not ends:
        raise ValueError("both spans are open")
    return max(0, (min(ends) - max(first[0], second[0])).days + 1)
