"""The calendar in force, as a value that computes."""

from __future__ import annotations

import time

from linli.foundation.calendar.engine import WorkCalendar
from linli.foundation.calendar.models import CalendarYear, DayException
from linli.foundation.calendar.types import DayKind

_KEPT: tuple[float, WorkCalendar | None] = (0.0, None)
KEEP_SECONDS = 10


def current() -> WorkCalendar:
    """The work calendar as the administrator last left it; remembered for a few seconds, because every step of every case asks."""
    global _KEPT
    kept = _KEPT[1]
    if kept is None or time.monotonic() - _KEPT[0] > KEEP_SECONDS:
        exceptions = {row.date: DayKind.WORKDAY if row.is_workday else DayKind.HOLIDAY for row in DayException.objects.all()}
        notes = {row.date: row.note for row in DayException.objects.exclude(note="")}
        years = list(CalendarYear.objects.filter(published=True))
        version = str(sum(y.version for y in years))
        kept = WorkCalendar(exceptions, frozenset(y.year for y in years), version, names=notes)
        _KEPT = (time.monotonic(), kept)
    return kept


def forget() -> None:
    """Read the table afresh at the next question (after an edit, and between tests)."""
    global _KEPT
    _KEPT = (0.0, None)
