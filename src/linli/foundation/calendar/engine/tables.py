"""Reading a work calendar from its two tables (packs/national/calendar): days that differ from the plain week, and published years."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date

from linli.foundation.calendar.engine.workcalendar import WorkCalendar
from linli.foundation.calendar.types import DayKind


class CalendarTableError(ValueError):
    """A row of a calendar table is wrong; the message names the table and the line."""


def read_workdays(lines: Iterable[str]) -> tuple[dict[date, DayKind], dict[date, str]]:
    """Rows `date,is_workday,note` -> (kinds, notes). Refuses bad dates, repeated days and days that do not differ from the week."""
    kinds: dict[date, DayKind] = {}
    notes: dict[date, str] = {}
    for number, row in enumerate(csv.DictReader(lines), start=2):
        where = f"workdays line {number}"
        try:
            day = date.fromisoformat(row["date"])
            kind = {"0": DayKind.HOLIDAY, "1": DayKind.WORKDAY}[row["is_workday"]]
        except (KeyError, TypeError, ValueError) as error:
            raise CalendarTableError(f"{where}: expected an ISO date and 0 or 1 ({error})") from error
        if day in kinds:
            raise CalendarTableError(f"{where}: {day} is listed twice")
        if (kind is DayKind.WORKDAY) == (day.weekday() < 5):
            raise CalendarTableError(f"{where}: {day} does not differ from the plain week")
        kinds[day] = kind
        if row.get("note"):
            notes[day] = row["note"]
    return kinds, notes


def read_years(lines: Iterable[str]) -> frozenset[int]:
    """Rows `year,...` -> the published years."""
    years: set[int] = set()
    for number, row in enumerate(csv.DictReader(lines), start=2):
        try:
            years.add(int(row["year"]))
        except (KeyError, TypeError, ValueError) as error:
            raise CalendarTableError(f"years line {number}: expected a year ({error})") from error
    return frozenset(years)


def read_calendar(workdays: Iterable[str], years: Iterable[str], version: str) -> WorkCalendar:
    """The calendar of the two tables; refuses an exception day in a year that is not listed as published."""
    kinds, notes = read_workdays(workdays)
    published = read_years(years)
    stray = sorted({day.year for day in kinds} - published)
    if stray:
        raise CalendarTableError(f"workdays has days of years that are not published: {stray}")
    return WorkCalendar(kinds, published, version, names=notes)
