"""Disability certificate numbers: identity number 18 + category 1 + level 1, and B1..B9 when issued again (services.md 1.5)."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from linli.lib.errors import Invalid
from linli.lib.idcard import IdNumber, normalise, parse_id_number

_FORM = re.compile(r"([0-9]{17}[0-9X])([1-7])([1-4])(B[1-9])?")


@dataclass(frozen=True, slots=True)
class DisabilityCard:
    """A certificate number read. `category` and `level` are codes of the tables disability and disability_level; level 1 is the gravest."""

    number: str
    holder: IdNumber
    category: str
    level: str
    reissue: int


def parse_disability_card(
    text: str,
    *,
    today: date,
    regions: Container[str] | None = None,
    extra_provinces: Container[str] = frozenset(),
    field: str | None = "disability_card",
) -> DisabilityCard:
    """Check and read a certificate number; `Invalid` DISABILITY_FORMAT, or the identity number's own codes."""
    number = normalise(text)
    match = _FORM.fullmatch(number)
    if match is None:
        raise Invalid(
            "DISABILITY_FORMAT",
            "A disability certificate number is an identity number with category 1-7 and level 1-4.",
            field=field,
            hint="Type all 20 characters as printed, and B with a digit when it was issued again.",
        )
    holder = parse_id_number(match[1], today=today, regions=regions, extra_provinces=extra_provinces, field=field)
    return DisabilityCard(number, holder, match[2], match[3], int(match[4][1]) if match[4] else 0)
