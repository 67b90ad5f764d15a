"""Arithmetic over working days (services manual 2.3) and working hours (community manual 0.3).

The rule of counting: the day of acceptance does not count, the next working day is day 1, and the limit ends at 24:00 of
the last day, or when the counter closes. Holidays and make-up working days (tiaoxiu) come from the State Council's yearly notice.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from linli.foundation.calendar.engine import explain
from linli.foundation.calendar.types import DEFAULT_HOURS, DayKind, Due, OfficeHours, Reason, day_end, local, local_day

ONE_DAY = timedelta(days=1)


class WorkCalendar:
    """One version of a published work calendar; never changed after construction.

    `exceptions` holds the days that differ from the Monday-Friday week (others are harmless), `published_years` the years whose
    notice is out, `names` an optional label of an exception for explanations, `version` identifies the data a result came from.
    Counting is O(log exceptions): a running total of the exceptions' effect is kept beside the sorted days.
    """

    def __init__(
        self,
        exceptions: Mapping[date, DayKind],
        published_years: Collection[int],
        version: str,
        *,
        names: Mapping[date, str] | None = None,
    ) -> None:
        self._kinds = dict(sorted(exceptions.items()))
        self._names = dict(names or {})
        self._days = list(self._kinds)
        effects = ((kind is DayKind.WORKDAY) - (day.weekday() < 5) for day, kind in self._kinds.items())
        self._effect = [0, *accumulate(effects)]
        self.published_years = frozenset(published_years)
        self.version = version

    # -- days ---------------------------------------------------------------------------------------------------------

    def is_workday(self, day: date) -> bool:
        """Whether offices work on `day`."""
        kind = self._kinds.get(day)
        return day.weekday() < 5 if kind is None else kind is DayKind.WORKDAY

    def next_workday(self, day: date) -> date:
        """The first working day after `day`."""
        day += ONE_DAY
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def name_of(self, day: date) -> str:
        """The label of an exception day ("" when it has none)."""
        return self._names.get(day, "")

    def exceptions_between(self, first: date, last: date) -> list[tuple[date, DayKind]]:
        """The exception days of the closed range, ascending."""
        days = self._days[bisect_left(self._days, first) : bisect_right(self._days, last)]
        return [(day, self._kinds[day]) for day in days]

    def is_published(self, first: date, last: date) -> bool:
        """Whether every year touched by the closed range is published."""
        return not self.unpublished_years(first, last)

    def unpublished_years(self, first: date, last: date) -> list[int]:
        """The years touched by the closed range whose holiday notice is not in this calendar, ascending."""
        return [year for year in range(first.year, last.year + 1) if year not in self.published_years]

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` comes first."""
        return self._count_through(end) - self._count_through(start)

    def nth_workday(self, start: date, n: int) -> date:
        """Day `n` of a limit that starts on `start` (which does not count). ValueError when n < 0.

        n = 0 (a matter done while you wait) is `start` itself, or the next working day when nobody works on `start`.
        """
        if n < 0:
            raise ValueError("a number of working days cannot be negative")
        if n == 0:
            return start if self.is_workday(start) else self.next_workday(start)
        target = self._count_through(start) + n
        low, span = start, timedelta(days=n * 7 // 5 + 14)
        while self._count_through(start + span) < target:
            span *= 2
        high = start + span
        while high - low > ONE_DAY:
            middle = low + (high - low) // 2
            low, high = (low, middle) if self._count_through(middle) >= target else (middle, high)
        return high

    def _count_through(self, day: date) -> int:
        """Working days from 0001-01-01 (a Monday) through `day`."""
        weeks, rest = divmod(day.toordinal(), 7)
        return weeks * 5 + min(rest, 5) + self._effect[bisect_right(self._days, day)]

    # -- time limits --------------------------------------------------------------------------------------------------

    def add_workdays(self, start: date | datetime, n: int, *, closes: time | None = None) -> Due:
        """`n` working days from `start` by the statutory rule; `closes` ends the last day at the counter's closing time."""
        first = local_day(start)
        last = self.nth_workday(first, n)
        reasons = (Reason(explain.WORKDAYS, {"days": n, "date": first.isoformat()}), *self.crossed(first + ONE_DAY, last))
        return Due(day_end(last, closes), reasons, not self.is_published(min(first + ONE_DAY, last), last))

    def add_natural_days(self, start: date | datetime, n: int, *, closes: time | None = None, roll: bool = False) -> Due:
        """`n` calendar days, the start day not counted; `roll` moves a last day off to the next working day (Civil Code 203)."""
        if n < 0:
            raise ValueError("a number of days cannot be negative")
        first = local_day(start)
        head = Reason(explain.NATURAL_DAYS, {"days": n, "date": first.isoformat()})
        return self._calendar_due(head, first + timedelta(days=n), closes, roll)

    def add_months(self, start: date | datetime, n: int, *, closes: time | None = None, roll: bool = False) -> Due:
        """`n` months: the same day of the month, or its last day where there is none (Civil Code 202); `roll` as for days."""
        if n < 0:
            raise ValueError("a number of months cannot be negative")
        first = local_day(start)
        head = Reason(explain.MONTHS, {"months": n, "date": first.isoformat()})
        return self._calendar_due(head, same_day_after(first, n), closes, roll)

    def add_hours(self, start: datetime, hours: timedelta) -> Due:
        """Clock hours that run at once, day and night (the "urgent" kind of limit)."""
        if hours < timedelta():
            raise ValueError("a number of hours cannot be negative")
        begin = local(start)
        at = local(begin.astimezone(UTC) + hours)
        return Due(at, (Reason(explain.CLOCK_HOURS, {"hours": explain.hours_text(hours), "start": explain.minute_text(begin)}),))

    def add_working_hours(self, start: datetime, amount: timedelta, hours: OfficeHours = DEFAULT_HOURS) -> Due:
        """`amount` of working time from the instant `start`; time outside office hours does not count. ValueError when negative."""
        begin = local(start)
        at = self.working_instant(begin, amount, hours)
        head = Reason(
            explain.WORKING_HOURS,
            {"hours": explain.hours_text(amount), "start": explain.minute_text(begin), "sessions": str(hours)},
        )
        reasons = (head, *explain.hours_by_day(self, begin, at, hours), *self.crossed(begin.date(), at.date()))
        return Due(at, reasons, not self.is_published(begin.date(), at.date()))

    def working_instant(self, start: datetime, amount: timedelta, hours: OfficeHours = DEFAULT_HOURS) -> datetime:
        """The instant at which `amount` of working time after `start` has passed (zero: the next instant that is working time)."""
        if amount < timedelta():
            raise ValueError("an amount of working time cannot be negative")
        begin = local(start)
        if not amount:
            tick = timedelta(microseconds=1)
            return self.working_instant(begin, tick, hours) - tick
        day = begin.date()
        due = amount + (hours.worked_by(begin.time()) if self.is_workday(day) else timedelta())
        if not self.is_workday(day) or due > hours.per_day:
            full = -(-due // hours.per_day)
            before = 1 if self.is_workday(day) else 0
            day = self.nth_workday(day, full - before)
            due -= (full - 1) * hours.per_day
        return datetime.combine(day, hours.clock_after(due), tzinfo=begin.tzinfo)

    def working_time_between(self, start: datetime, end: datetime, hours: OfficeHours = DEFAULT_HOURS) -> timedelta:
        """Working time from `start` to `end`; negative when `end` comes first."""
        return self._worked_through(local(end), hours) - self._worked_through(local(start), hours)

    def _worked_through(self, moment: datetime, hours: OfficeHours) -> timedelta:
        day = moment.date()
        today = hours.worked_by(moment.time()) if self.is_workday(day) else timedelta()
        return self._count_through(day - ONE_DAY) * hours.per_day + today

    def _calendar_due(self, head: Reason, last: date, closes: time | None, roll: bool) -> Due:
        reasons = [head]
        provisional = False
        if roll:
            rolled = self.nth_workday(last, 0)
            provisional = not self.is_published(last, rolled)
            if rolled != last:
                reasons.append(Reason(explain.ROLLED, {"date": last.isoformat(), "next": rolled.isoformat()}))
            reasons.extend(self.crossed(last, rolled))
            last = rolled
        return Due(day_end(last, closes), tuple(reasons), provisional)

    def crossed(self, first: date, last: date) -> tuple[Reason, ...]:
        """What a count over the closed range met: holidays, make-up days, weekends, unpublished years."""
        return explain.crossed(self, first, last)


def same_day_after(day: date, months: int) -> date:
    """The corresponding day `months` later, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
