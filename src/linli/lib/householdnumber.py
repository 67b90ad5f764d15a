"""Household numbers (services.md 1.8): community code 12 + H + six digits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from linli.lib.errors import Invalid
from linli.lib.width import half_width

_FORM = re.compile(r"([0-9]{12})H([0-9]{6})")


@dataclass(frozen=True, slots=True)
class HouseholdNumber:
    """The parts of a household number; `str()` gives its 19 characters. ValueError from impossible parts."""

    community: str
    serial: int

    def __post_init__(self) -> None:
        if not _FORM.fullmatch(str(self)) or self.serial < 1:
            raise ValueError(f"no household number from {self.community!r} and {self.serial}")

    def __str__(self) -> str:
        return f"{self.community}H{self.serial:06d}"


def parse_household_number(text: str, *, field: str | None = "household_number") -> HouseholdNumber:
    """Check and read a number; `Invalid` HOUSEHOLD_NUMBER_FORMAT."""
    match = _FORM.fullmatch(half_width(text).strip().upper())
    if match is None or int(match[2]) == 0:
        raise Invalid(
            "HOUSEHOLD_NUMBER_FORMAT",
            "A household number is 12 digits, H and 6 digits.",
            field=field,
            hint="Look the household up by its address instead.",
        )
    return HouseholdNumber(match[1], int(match[2]))
