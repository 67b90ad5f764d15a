"""Writes: loading the published work days, and the administrator's edits. Each raises the year's version and is told by a topic."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import LoadReport, pack_error
from linli.foundation.calendar import queries
from linli.foundation.calendar.engine import CalendarTableError, read_workdays, read_years
from linli.foundation.calendar.models import CalendarYear, DayException
from linli.foundation.calendar.types import DayKind
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.errors import Invalid

FOLDER = "calendar"
CHANGED = "calendar.changed"


@action("admin.packs", audit="calendar.loaded")
def load_calendar(actor: Actor, *, folder: Path) -> LoadReport:
    """Load published years and exception days. A day the administrator edited is set back to what the pack says."""
    report = LoadReport()
    days, listed = folder / FOLDER / "workdays.csv", folder / FOLDER / "years.csv"
    if not days.exists():
        return report
    try:
        with days.open(encoding="utf-8") as file:
            kinds, notes = read_workdays(file)
        with listed.open(encoding="utf-8") as file:
            published = read_years(file)
    except CalendarTableError as error:
        raise pack_error(days, 0, str(error)) from error
    touched = _put_years(published, report)
    known = {row.date: row for row in DayException.objects.all()}
    for day, kind in kinds.items():
        if day.year not in published:
            raise pack_error(days, 0, f"{day} lies in a year that is not listed as published")
        if _put_day(known.get(day), day, kind is DayKind.WORKDAY, notes.get(day, ""), report):
            touched.add(day.year)
    _changed(touched)
    return report


def _put_years(published: frozenset[int], report: LoadReport) -> set[int]:
    known = {row.year: row for row in CalendarYear.objects.all()}
    touched: set[int] = set()
    for year in sorted(published):
        row = known.get(year)
        names = report.compare(row, {"published": True})
        if row is None:
            CalendarYear(year=year, published=True).save(force_insert=True)
            touched.add(year)
        elif names:
            row.published = True
            row.save(update_fields=["published"])
            touched.add(year)
    return touched


def _put_day(row: DayException | None, day: date, is_workday: bool, note: str, report: LoadReport) -> bool:
    names = report.compare(row, {"is_workday": is_workday, "note": note})
    if row is None:
        DayException(date=day, is_workday=is_workday, note=note).save(force_insert=True)
        return True
    if names:
        row.is_workday, row.note = is_workday, note
        row.save(update_fields=["is_workday", "note"])
    return bool(names)


@action("admin.calendar", audit="calendar.day_set")
def set_day(actor: Actor, *, day: date, is_workday: bool, note: str = "") -> None:
    """Say whether offices work on ``day``. A day that then equals the plain week is no exception any more."""
    plain = day.weekday() < 5
    row = DayException.objects.select_for_update().filter(date=day).first()
    if is_workday == plain:
        if row is None:
            raise Invalid("DAY_PLAIN", "This day already is what the plain week says.", field="day")
        row.delete()
    else:
        _put_day(row, day, is_workday, note.strip(), LoadReport())
    _changed({day.year})


@action("admin.calendar", audit="calendar.year_published")
def publish_year(actor: Actor, *, year: int, published: bool = True) -> CalendarYear:
    """Mark a year's notice as published (or take that back): provisional due dates become final."""
    row = CalendarYear.objects.select_for_update().filter(year=year).first() or CalendarYear(year=year, version=0)
    row.published = published
    row.save()
    _changed({year})
    return CalendarYear.objects.get(year=year)


def _changed(years: set[int]) -> None:
    """A new version of each year touched, and one topic for all: supervision recomputes what is open."""
    if not years:
        return
    for year in sorted(years):
        row = CalendarYear.objects.select_for_update().filter(year=year).first()
        if row is None:
            row = CalendarYear(year=year, published=False, version=0)
        row.version += 1
        row.save()
    queries.forget()
    emit(CHANGED, years=",".join(map(str, sorted(years))))


def export_calendar(folder: Path, actor: Actor) -> None:
    """Write the two tables as a pack holds them."""
    (folder / FOLDER).mkdir(exist_ok=True)
    with (folder / FOLDER / "workdays.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["date", "is_workday", "note"])
        rows.writerows([day.date, int(day.is_workday), day.note] for day in DayException.objects.order_by("date"))
    with (folder / FOLDER / "years.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["year", "note"])
        rows.writerows([year.year, ""] for year in CalendarYear.objects.filter(published=True).order_by("year"))
