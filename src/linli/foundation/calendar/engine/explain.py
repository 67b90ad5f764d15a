"""The sentences with which a computed date explains itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from linli.foundation.calendar.types import DayKind, OfficeHours, Reason, day_start, gettext_noop

if TYPE_CHECKING:
    from linli.foundation.calendar.engine.workcalendar import WorkCalendar

WORKDAYS = gettext_noop("%(days)s working day(s), counted from the day after %(date)s")
NATURAL_DAYS = gettext_noop("%(days)s calendar day(s), counted from the day after %(date)s; weekends and holidays count")
MONTHS = gettext_noop("%(months)s month(s) from %(date)s; weekends and holidays count")
CLOCK_HOURS = gettext_noop("%(hours)s hour(s) from %(start)s, day and night")
WORKING_HOURS = gettext_noop("%(hours)s working hour(s) from %(start)s; office hours are %(sessions)s")
HOURS_OF_DAY = gettext_noop("%(hours)s hour(s) of it on %(date)s")
HOURS_OF_FULL_DAYS = gettext_noop("%(hours)s hour(s) of it on %(days)s full working day(s) in between")
ROLLED = gettext_noop("%(date)s is not a working day, so the limit ends on %(next)s")
SATURDAY_WORKS = gettext_noop("Saturday %(date)s is a make-up working day")
SUNDAY_WORKS = gettext_noop("Sunday %(date)s is a make-up working day")
HOLIDAY = gettext_noop("%(date)s is a public holiday")
HOLIDAY_NAMED = gettext_noop("%(date)s is a public holiday (%(name)s)")
HOLIDAYS = gettext_noop("%(first)s to %(last)s are public holidays")
HOLIDAYS_NAMED = gettext_noop("%(first)s to %(last)s are public holidays (%(name)s)")
WEEKENDS = gettext_noop("%(days)s weekend day(s) do not count")
UNPUBLISHED = gettext_noop("The holidays of %(year)s are not published yet; this date may move")


def crossed(calendar: WorkCalendar, first: date, last: date) -> tuple[Reason, ...]:
    """Every make-up day and holiday of the closed range by name, the other days off as a number, and unpublished years."""
    if first > last:
        return ()
    make_up = [day for day, kind in calendar.exceptions_between(first, last) if kind is DayKind.WORKDAY and day.weekday() >= 5]
    holidays = list(_holiday_spans(calendar, first, last))
    working = calendar.workdays_between(first - timedelta(days=1), last)
    off = (last - first).days + 1 - working - sum((end - start).days + 1 for start, end in holidays)
    dated = [(day, Reason(SATURDAY_WORKS if day.weekday() == 5 else SUNDAY_WORKS, {"date": day.isoformat()})) for day in make_up]
    dated += [(start, _holiday_reason(calendar, start, end)) for start, end in holidays]
    reasons = [reason for _, reason in sorted(dated, key=lambda item: item[0])]
    if off:
        reasons.append(Reason(WEEKENDS, {"days": off}))
    reasons += [Reason(UNPUBLISHED, {"year": year}) for year in calendar.unpublished_years(first, last)]
    return tuple(reasons)


def _holiday_spans(calendar: WorkCalendar, first: date, last: date) -> Iterator[tuple[date, date]]:
    """Runs of holidays of one name; the weekend inside a holiday joins its run, although only weekdays are stored."""
    run: tuple[date, date] | None = None
    for day, kind in calendar.exceptions_between(first, last):
        if kind is not DayKind.HOLIDAY:
            continue
        if run and calendar.name_of(run[0]) == calendar.name_of(day) and calendar.workdays_between(run[1], day) == 0:
            run = (run[0], day)
            continue
        if run:
            yield run
        run = (day, day)
    if run:
        yield run


def _holiday_reason(calendar: WorkCalendar, start: date, end: date) -> Reason:
    name = calendar.name_of(start)
    params: dict[str, str | int] = {"name": name} if name else {}
    if start == end:
        return Reason(HOLIDAY_NAMED if name else HOLIDAY, {"date": start.isoformat(), **params})
    return Reason(HOLIDAYS_NAMED if name else HOLIDAYS, {"first": start.isoformat(), "last": end.isoformat(), **params})


def hours_by_day(calendar: WorkCalendar, begin: datetime, at: datetime, hours: OfficeHours) -> tuple[Reason, ...]:
    """How working time spreads over the first day, the full days between and the last day (one day needs no words)."""
    if begin.date() == at.date():
        return ()
    on_first = calendar.working_time_between(begin, day_start(begin.date() + timedelta(days=1)), hours)
    on_last = calendar.working_time_between(day_start(at.date()), at, hours)
    between = calendar.workdays_between(begin.date(), at.date()) - 1
    reasons = []
    if on_first:
        reasons.append(Reason(HOURS_OF_DAY, {"hours": hours_text(on_first), "date": begin.date().isoformat()}))
    if between:
        reasons.append(Reason(HOURS_OF_FULL_DAYS, {"hours": hours_text(between * hours.per_day), "days": between}))
    reasons.append(Reason(HOURS_OF_DAY, {"hours": hours_text(on_last), "date": at.date().isoformat()}))
    return tuple(reasons)


def hours_text(amount: timedelta) -> str:
    """Hours with at most two decimals and no trailing zeros."""
    return f"{amount / timedelta(hours=1):.2f}".rstrip("0").rstrip(".")


def minute_text(moment: datetime) -> str:
    """Local date and time to the minute, as parameters carry it."""
    return moment.strftime("%Y-%m-%d %H:%M")
