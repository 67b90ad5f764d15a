"""The calendar in force, as a value that computes."""

from __future__ import annotations

from linli.foundation.calendar.engine import WorkCalendar
from linli.foundation.calendar.models import CalendarYear, DayException
from linli.foundation.calendar.types import DayKind
from linli.lib.remembered import forget_all, remembered


@remembered(seconds=10)
def current() -> WorkCalendar:
    """The work calendar as the administrator last left it; remembered for a few seconds, because every step of every case asks."""
    exceptions = {row.date: DayKind.WORKDAY if row.is_workday else DayKind.HOLIDAY for row in DayException.objects.all()}
    notes = {row.date: row.note for row in DayException.objects.exclude(note="")}
    years = list(CalendarYear.objects.filter(published=True))
    version = str(sum(y.version for y in years))
    return WorkCalendar(exceptions, frozenset(y.year for y in years), version, names=notes)


def forget() -> None:
    """Read the table afresh at the next question (after an edit, and between tests)."""
    forget_all()
