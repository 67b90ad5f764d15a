"""Counting with interruptions: how much of a limit has run between two moments, and where a given amount is reached.

Both meters merge the suspensions first, so overlapping ones never count twice. An interval that begins at or before the
moment reached so far pushes that moment out by everything the interval holds; later ones cannot matter any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from linli.cases.supervision.types import Suspension, Unit
from linli.foundation.calendar.engine import WorkCalendar
from linli.foundation.calendar.types import OfficeHours, local, local_day

ONE_DAY = timedelta(days=1)


def closed(suspension: Suspension, as_of: datetime | None) -> tuple[datetime, datetime]:
    """The interval, an open one taken to end at `as_of` (at its own start when that is unknown or earlier)."""
    start = local(suspension.start)
    end = suspension.end or as_of or start
    return start, max(start, local(end))


class DayMeter:
    """Counts days of one unit (working or natural); the start day does not count, suspended days are left out."""

    def __init__(self, calendar: WorkCalendar, unit: Unit, suspensions: Sequence[Suspension], as_of: datetime | None) -> None:
        self._calendar = calendar
        self._working = unit is Unit.WORKDAYS
        self._ranges: list[tuple[date, date]] = []
        for start, end in sorted(closed(item, as_of) for item in suspensions):
            first, last = local_day(start), local_day(end)
            if self._ranges and first <= self._ranges[-1][1]:
                self._ranges[-1] = (self._ranges[-1][0], max(last, self._ranges[-1][1]))
            else:
                self._ranges.append((first, last))

    def days(self, start: date, end: date) -> int:
        """Days of the unit after `start` through `end`, suspended or not."""
        return self._calendar.workdays_between(start, end) if self._working else (end - start).days

    def count(self, start: date, end: date) -> int:
        """Days that have run after `start` through `end` (0 when `end` is not after `start`)."""
        if end <= start:
            return 0
        clipped = ((max(first, start + ONE_DAY), min(last, end)) for first, last in self._ranges)
        return self.days(start, end) - sum(self.days(first - ONE_DAY, last) for first, last in clipped if first <= last)

    def reach(self, start: date, amount: int) -> date:
        """The day on which `amount` days have run."""
        # Zero working days from a day off already end on the next working day, which a suspension may push on: the same as one day.
        target = 1 if self._working and amount == 0 and not self._calendar.is_workday(start) else amount
        day = self._plain(start, target)
        for begin, last in self._ranges:
            first = max(begin, start + ONE_DAY)
            if first > day:
                break
            if first <= last:
                target += self.days(first - ONE_DAY, last)
                day = self._plain(start, target)
        return day

    def _plain(self, start: date, amount: int) -> date:
        return self._calendar.nth_workday(start, amount) if self._working else start + timedelta(days=amount)


class TimeMeter:
    """Counts working time or clock time from the instant; suspended intervals are left out."""

    def __init__(
        self, calendar: WorkCalendar, unit: Unit, hours: OfficeHours, suspensions: Sequence[Suspension], as_of: datetime | None
    ) -> None:
        self._calendar = calendar
        self._hours = hours
        self._working = unit is Unit.WORKING_HOURS
        self._ranges: list[tuple[datetime, datetime]] = []
        for start, end in sorted(closed(item, as_of) for item in suspensions):
            if self._ranges and start <= self._ranges[-1][1]:
                self._ranges[-1] = (self._ranges[-1][0], max(end, self._ranges[-1][1]))
            else:
                self._ranges.append((start, end))

    def time(self, start: datetime, end: datetime) -> timedelta:
        """Time of the unit from `start` to `end`, suspended or not."""
        if self._working:
            return self._calendar.working_time_between(start, end, self._hours)
        return end.astimezone(UTC) - start.astimezone(UTC)

    def count(self, start: datetime, end: datetime) -> timedelta:
        """Time that has run from `start` to `end` (zero when `end` is not after `start`)."""
        if end <= start:
            return timedelta()
        clipped = ((max(first, start), min(last, end)) for first, last in self._ranges)
        return self.time(start, end) - sum((self.time(first, last) for first, last in clipped if first < last), timedelta())

    def reach(self, start: datetime, amount: timedelta) -> datetime:
        """The instant at which `amount` of time has run."""
        target = amount
        at = self._plain(start, target)
        for begin, last in self._ranges:
            first = max(begin, start)
            if first >= at:
                break
            if first < last:
                target += self.time(first, last)
                at = self._plain(start, target)
        return at

    def _plain(self, start: datetime, amount: timedelta) -> datetime:
        if self._working:
            return self._calendar.working_instant(start, amount, self._hours)
        return local(start.astimezone(UTC) + amount)
