"""Case numbers (services.md 1.8): division 12 + yyyymmdd 8 + serial of the day 5 + Luhn digit 1 = 26 digits.

Serials come from the database; they start at 1 every day, and a cancelled number is never used again.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date

from linli.lib import luhn
from linli.lib.errors import Invalid
from linli.lib.width import half_width

_FORM = re.compile(r"[0-9]{26}")
_SEPARATORS = re.compile(r"[\s-]+")
_HINT = "Copy the number from the receipt or the text message."
LAST_SERIAL = 99_999
LOOKUP_DIGITS = 6


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """The parts of a case number; `str()` gives the 26 digits. ValueError from impossible parts."""

    division: str
    day: date
    serial: int

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{12}", self.division):
            raise ValueError(f"a case number needs a 12-digit division: {self.division!r}")
        if not 1 <= self.serial <= LAST_SERIAL:
            raise ValueError(f"a serial runs from 1 to {LAST_SERIAL}: {self.serial}")

    def __str__(self) -> str:
        body = f"{self.division}{self.day:%Y%m%d}{self.serial:05d}"
        return body + luhn.check_digit(body)


def parse_case_number(text: str, *, field: str | None = "case_number") -> CaseNumber:
    """Check and read a number, with or without spaces and hyphens; `Invalid` CASE_NUMBER_FORMAT or CASE_NUMBER_CHECK."""
    number = _SEPARATORS.sub("", half_width(text))
    if not _FORM.fullmatch(number):
        raise Invalid("CASE_NUMBER_FORMAT", "A case number has 26 digits.", field=field, hint=_HINT)
    if not luhn.is_valid(number):
        raise Invalid("CASE_NUMBER_CHECK", "The case number has a typing error.", field=field, hint=_HINT)
    try:
        day = date(int(number[12:16]), int(number[16:18]), int(number[18:20]))
        return CaseNumber(number[:12], day, int(number[20:25]))
    except ValueError:
        raise Invalid("CASE_NUMBER_FORMAT", "The case number holds no possible date or serial.", field=field, hint=_HINT) from None


def new_lookup_code() -> str:
    """Six random digits that, with the case number, let a person look at progress without signing in."""
    return f"{secrets.randbelow(10**LOOKUP_DIGITS):0{LOOKUP_DIGITS}d}"
