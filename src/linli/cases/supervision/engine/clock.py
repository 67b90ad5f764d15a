"""A deadline is a budget plus a ledger of suspensions; everything else - due, remaining, light - is computed from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from linli.cases.supervision.engine.meters import ONE_DAY, DayMeter, TimeMeter, closed
from linli.cases.supervision.types import Budget, Light, Remaining, RuleParams, Suspension, Unit
from linli.foundation.calendar.engine import WorkCalendar
from linli.foundation.calendar.engine.explain import hours_text
from linli.foundation.calendar.types import DEFAULT_HOURS, Due, OfficeHours, Reason, day_end, gettext_noop, local, local_day

SUSPENDED_WORKDAYS = gettext_noop("Suspended from %(first)s to %(last)s (%(reason)s): %(amount)s working day(s) do not count")
SUSPENDED_DAYS = gettext_noop("Suspended from %(first)s to %(last)s (%(reason)s): %(amount)s calendar day(s) do not count")
SUSPENDED_HOURS = gettext_noop("Suspended from %(first)s to %(last)s (%(reason)s): %(amount)s hour(s) do not count")
STILL_SUSPENDED = gettext_noop("Suspended since %(first)s (%(reason)s): the date moves on until the suspension ends")
TOO_MANY_SUSPENSIONS = gettext_noop("At most %(limit)s suspension(s) are allowed")
TOO_LONG_SUSPENDED = gettext_noop("Suspensions may take %(limit)s working day(s) in all; these take %(days)s")


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """The clock of one promise. `start` is the instant of acceptance or dispatch; `closes` the counter's closing time, if that ends it.

    Every method that takes `now` treats an open suspension as lasting through `now`.
    """

    calendar: WorkCalendar
    start: datetime
    budget: Budget
    suspensions: tuple[Suspension, ...] = ()
    closes: time | None = None
    hours: OfficeHours = DEFAULT_HOURS

    def due(self, as_of: datetime | None = None) -> Due:
        """When the budget is used up, in words; while a suspension is open the result is provisional and as of `as_of`."""
        at = self.instant(self.total, as_of)
        first = local_day(self.start) + (timedelta() if self.budget.unit.is_time else ONE_DAY)
        last = _last_day(at)
        counts_workdays = self.budget.unit in (Unit.WORKDAYS, Unit.WORKING_HOURS)
        provisional = counts_workdays and not self.calendar.is_published(min(first, last), last)
        is_open = any(item.end is None for item in self.suspensions)
        return Due(at, (*self._base_reasons(at), *self._suspension_reasons(at, as_of)), provisional or is_open)

    def ends(self, as_of: datetime | None = None) -> Due:
        """`due` without its words, which cost more than the date: for rules that only compare."""
        return Due(self.instant(self.total, as_of))

    @property
    def total(self) -> Decimal:
        """The whole budget in hours or days; months are turned into the calendar days they span from the start."""
        if self.budget.unit is Unit.MONTHS:
            first = local_day(self.start)
            return Decimal((self.calendar.add_months(first, self.budget.whole).last_day - first).days)
        return self.budget.amount

    def instant(self, amount: Decimal, as_of: datetime | None = None) -> datetime:
        """When `amount` (hours or days, as `total`) has run; the instant only, without words."""
        if self.budget.unit.is_time:
            return self._times(as_of).reach(local(self.start), Budget(amount, self.budget.unit).duration)
        first = local_day(self.start)
        if not self.suspensions:  # nothing to step around: most deadlines, and a city computes millions
            working = self.budget.unit is Unit.WORKDAYS
            return day_end(self.calendar.nth_workday(first, int(amount)) if working else first + timedelta(days=int(amount)), self.closes)
        return day_end(self._days(as_of).reach(first, int(amount)), self.closes)

    def overdue(self, now: datetime) -> bool:
        """Whether the limit has passed; never while suspended before it passed."""
        return local(now) >= self.instant(self.total, now)

    def remaining(self, now: datetime) -> Remaining:
        """What is left after the day of `now` (day units) or from the instant (hours); months answer in natural days."""
        unit = self.budget.unit
        overdue = self.overdue(now)
        if unit.is_time:
            left = self.budget.duration - self._times(now).count(local(self.start), local(now))
            return Remaining(Decimal(left // timedelta(microseconds=1)) / 3_600_000_000, unit, overdue)
        days = int(self.total) - self._days(now).count(local_day(self.start), local_day(now))
        return Remaining(Decimal(days), Unit.NATURAL_DAYS if unit is Unit.MONTHS else unit, overdue)

    def percent(self, now: datetime) -> Decimal:
        """Share of the budget that remains, in per cent with one decimal (negative: exceeded; an empty budget has 0 left)."""
        return self._share(now).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def light(self, now: datetime, params: RuleParams) -> Light:
        """Colour for incidents and tickets: green above 30 % left, yellow up to that, red overdue, purple more than 100 % over."""
        share = self._share(now)
        if self.overdue(now):
            return Light.PURPLE if share < -params.light_purple_over_percent else Light.RED
        return Light.YELLOW if share <= params.light_yellow_percent else Light.GREEN

    def _share(self, now: datetime) -> Decimal:
        return self.remaining(now).amount * 100 / self.total if self.total else Decimal(0)

    def _days(self, as_of: datetime | None) -> DayMeter:
        return DayMeter(self.calendar, self.budget.unit, self.suspensions, as_of)

    def _times(self, as_of: datetime | None) -> TimeMeter:
        return TimeMeter(self.calendar, self.budget.unit, self.hours, self.suspensions, as_of)

    def _base_reasons(self, at: datetime) -> tuple[Reason, ...]:
        """The calendar's own words for the budget, with what the count met on the way to the real end."""
        amount, start, unit = self.budget.amount, local(self.start), self.budget.unit
        if unit is Unit.CLOCK_HOURS:
            return self.calendar.add_hours(start, self.budget.duration).explanation
        if unit is Unit.NATURAL_DAYS:
            return self.calendar.add_natural_days(start, int(amount)).explanation
        if unit is Unit.MONTHS:
            return self.calendar.add_months(start, int(amount)).explanation
        if unit is Unit.WORKING_HOURS:
            plain = self.calendar.add_working_hours(start, self.budget.duration, self.hours)
            if plain.at == at:
                return plain.explanation
            return (plain.explanation[0], *self.calendar.crossed(start.date(), at.date()))
        head = self.calendar.add_workdays(start, int(amount)).explanation[0]
        return (head, *self.calendar.crossed(start.date() + ONE_DAY, _last_day(at)))

    def _suspension_reasons(self, at: datetime, as_of: datetime | None) -> list[Reason]:
        reasons = []
        for item in sorted(self.suspensions, key=lambda one: one.start):
            first, last = closed(item, as_of)
            if last < local(self.start) or first >= at:
                continue
            params = {"first": first.date().isoformat(), "reason": item.reason}
            if item.end is None:
                reasons.append(Reason(STILL_SUSPENDED, params))
                continue
            reasons.append(self._closed_reason(first, last, {**params, "last": last.date().isoformat()}))
        return reasons

    def _closed_reason(self, first: datetime, last: datetime, params: dict[str, str]) -> Reason:
        if self.budget.unit.is_time:
            amount = self._times(None).time(max(first, local(self.start)), last)
            return Reason(SUSPENDED_HOURS, {**params, "amount": hours_text(amount)})
        day = max(first.date(), local_day(self.start) + ONE_DAY)
        count = max(0, self._days(None).days(day - ONE_DAY, last.date()))
        return Reason(SUSPENDED_WORKDAYS if self.budget.unit is Unit.WORKDAYS else SUSPENDED_DAYS, {**params, "amount": count})


def _last_day(at: datetime) -> date:
    return (at - timedelta(microseconds=1)).date()


def incident_suspension_refusal(
    suspensions: Sequence[Suspension], calendar: WorkCalendar, params: RuleParams, as_of: datetime
) -> Reason | None:
    """Why these suspensions of an incident or ticket are too many or too long (community manual 0.3), or None. Not for applications."""
    if len(suspensions) > params.incident_suspensions:
        return Reason(TOO_MANY_SUSPENSIONS, {"limit": params.incident_suspensions})
    days: set[date] = set()
    for item in suspensions:
        first, last = (local_day(edge) for edge in closed(item, as_of))
        days.update(first + timedelta(days=step) for step in range((last - first).days + 1))
    working = sum(map(calendar.is_workday, days))
    if working > params.incident_suspended_days:
        return Reason(TOO_LONG_SUSPENDED, {"limit": params.incident_suspended_days, "days": working})
    return None
