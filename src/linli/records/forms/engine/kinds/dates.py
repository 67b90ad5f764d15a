"""Days and months, with bounds that may be relative to the business day."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_noop

from linli.lib.errors import Invalid
from linli.records.forms.types import Field
from linli.records.forms.types.definition import DATE_BOUND

from .base import Kind, Reading, narrow

_DAY = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?|(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D?|(\d{4})(\d{2})")


def shift(day: date, amount: int, unit: str) -> date:
    """`day` moved by days, months or years; a day the target month lacks becomes its last day. Clamped to the years 1 to 9999."""
    try:
        if unit == "d":
            return day + timedelta(days=amount)
        index = day.year * 12 + day.month - 1 + amount * (12 if unit == "y" else 1)
        year, month = divmod(index, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return date.max if amount > 0 else date.min


def bound_day(bound: object, today: date) -> date | None:
    """The day a `min` or `max` means on `today`; None when there is no bound."""
    match = DATE_BOUND.fullmatch(bound) if isinstance(bound, str) else None
    if match is None:
        return None
    if match[1]:
        return date.fromisoformat(match[1])
    return shift(today, int(match[2]), match[3]) if match[2] else today


class DateKind(Kind):
    """A day. Read as ISO, 20260131, 2026/1/31 or with the Chinese year, month and day signs; kept as ISO."""

    pattern = _DAY
    complaint = gettext_noop("Enter a date that exists, for example 2026-01-31.")

    def read(self, field: Field, raw: Any, reading: Reading) -> date:
        """The day. Errors: NOT_A_DATE, TOO_EARLY, TOO_LATE."""
        if isinstance(raw, date):
            day = self.whole(raw)
        else:
            match = self.pattern.fullmatch(narrow(raw))
            day = self._exists([int(group) for group in match.groups() if group]) if match else self._exists([])
        first, last = bound_day(field.min, reading.today), bound_day(field.max, reading.today)
        if first is not None and day < self.whole(first):
            raise Invalid("TOO_EARLY", gettext_noop("Enter %(min)s or later."), data={"min": self.dump(first)})
        if last is not None and day > self.whole(last):
            raise Invalid("TOO_LATE", gettext_noop("Enter %(max)s or earlier."), data={"max": self.dump(last)})
        return day

    def whole(self, day: date) -> date:
        """The value a day stands for."""
        return date(day.year, day.month, day.day)

    def dump(self, value: Any) -> Any:
        """ISO 8601."""
        return value.strftime("%Y-%m-%d").rjust(10, "0")

    def show(self, field: Field, value: Any) -> str:
        """In the reader's language."""
        return date_format(value, "DATE_FORMAT")

    def mask(self, field: Field, value: Any) -> str:
        """Only the year (community.md §13.2)."""
        return f"{value.year:04d}-**-**"

    def _exists(self, numbers: list[int]) -> date:
        try:
            year, month, *rest = numbers
            if not 1850 <= year <= 2200:
                raise ValueError(year)
            return self.whole(date(year, month, rest[0] if rest else 1))
        except ValueError as error:
            raise Invalid("NOT_A_DATE", self.complaint) from error


class MonthKind(DateKind):
    """A month, held as its first day and kept as 2026-01."""

    pattern = _MONTH
    complaint = gettext_noop("Enter a month that exists, for example 2026-01.")

    def whole(self, day: date) -> date:
        """The first of the month."""
        return date(day.year, day.month, 1)

    def dump(self, value: Any) -> Any:
        """ISO 8601 year and month."""
        return value.strftime("%Y-%m").rjust(7, "0")

    def show(self, field: Field, value: Any) -> str:
        """In the reader's language."""
        return date_format(value, "YEAR_MONTH_FORMAT")

    def mask(self, field: Field, value: Any) -> str:
        """Only the year."""
        return f"{value.year:04d}-**"
