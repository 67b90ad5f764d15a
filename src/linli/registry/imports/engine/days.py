"""Days as offices write them: with dashes, points, slashes or words, in eight digits, as the day numbers of a spreadsheet."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from django.utils.translation import gettext_noop

from linli.lib.errors import Invalid
from linli.lib.tables import json_table

EARLIEST = date(1900, 1, 1)
_ZERO = date(1899, 12, 30)
"""Day 0 of spreadsheets, for days after February 1900."""
_SERIAL = re.compile(r"([1-9][0-9]{4})(?:\.[0-9]+)?")
_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{6})?(?:\.0)?")
_TIME = r"(?:[ T]*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_SEPARATED = re.compile(rf"([0-9]{{4}})\s*([-/.])\s*([0-9]{{1,2}})\s*\2\s*([0-9]{{1,2}}){_TIME}")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{6}")


@cache
def _worded() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A day in words, and one whose year has two digits."""
    words = json_table("imports")
    year, month, day = ("|".join(map(re.escape, words[part])) for part in ("year", "month", "day"))
    rest = rf"\s*(?:{year})\s*([0-9]{{1,2}})\s*(?:{month})\s*([0-9]{{1,2}})\s*(?:{day})?{_TIME}"
    return re.compile("([0-9]{4})" + rest), re.compile("[0-9]{2}" + rest)


@lru_cache(maxsize=32_768)  # a century of birthdays
def parse_day(text: str, formats: tuple[str, ...] = ()) -> date:
    """The day a cleaned cell names; `Invalid` DATE_FORMAT, DATE_YEAR (two digits: the century would be a guess) or DATE_RANGE.

    `formats` are tried first, as by `strptime`. A time of day is left out. Days before 1900 are refused.
    """
    found = _by_formats(text, formats) or _read(text)
    if found is None:
        short = _SHORT_YEAR.fullmatch(text) or _worded()[1].fullmatch(text)
        if short:
            raise Invalid("DATE_YEAR", gettext_noop("The year needs four digits."), hint=gettext_noop("Write the day as 2026-11-23."))
        raise Invalid("DATE_FORMAT", gettext_noop("This is not a day of the calendar."), hint=gettext_noop("Write the day as 2026-11-23."))
    if found < EARLIEST:
        raise Invalid("DATE_RANGE", gettext_noop("The day lies before 1900."), hint=gettext_noop("Check the year."))
    return found


def _by_formats(text: str, formats: tuple[str, ...]) -> date | None:
    for pattern in formats:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  (a day of the calendar, without a zone)
        except ValueError:
            continue
    return None


def _read(text: str) -> date | None:
    if serial := _SERIAL.fullmatch(text):
        return _ZERO + timedelta(days=int(serial[1]))
    if match := _SEPARATED.fullmatch(text):
        return _day(match[1], match[3], match[4])
    if match := _DIGITS.fullmatch(text) or _worded()[0].fullmatch(text):
        return _day(*match.groups())
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
