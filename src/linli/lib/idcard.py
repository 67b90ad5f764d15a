"""Citizen identity numbers (GB 11643-1999) and the 18-digit permits that share their form (services.md 1.1 and 1.2).

The checks run in the order of services.md 1.1 and the first failure is raised: ID_FORMAT, ID_REGION, ID_BIRTH, ID_CHECK, ID_MISMATCH.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import mul

from linli.lib import divisions
from linli.lib.errors import Invalid
from linli.lib.width import half_width

_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]")
_OLD_FORM = re.compile(r"[1-9][0-9]{14}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARS = "10X98765432"
_BODY = re.compile(r"[0-9]{17}")
_EARLIEST_BIRTH = date(1900, 1, 1)

MALE, FEMALE = "1", "2"
"""GB/T 2261.1; the other two values, 0 unknown and 9 not stated, are never compared with a number."""

WARN_COUNTY = "ID_COUNTY_UNKNOWN"
WARN_PLACE = "ID_PLACE_UNKNOWN"


class IdKind(StrEnum):
    """What an 18-character identity number stands for."""

    RESIDENT = "resident"
    HK_PERMIT = "hk_permit"
    MACAO_PERMIT = "macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    FOREIGNER = "foreigner"


_PERMITS = {"81": IdKind.HK_PERMIT, "82": IdKind.MACAO_PERMIT, "83": IdKind.TAIWAN_PERMIT}


class AgeBoundary(StrEnum):
    """When a year of age is complete: from the birthday's midnight (allowances) or from the day after (civil and criminal law)."""

    ON_BIRTHDAY = "ON_BIRTHDAY"
    NEXT_DAY = "NEXT_DAY"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A valid number and what it says.

    `region_code` is six digits and names the place of first issue, not of today's registration. `warnings` are codes that do not refuse.
    """

    number: str
    kind: IdKind
    region_code: str
    birth_date: date
    sex: str
    warnings: tuple[str, ...] = ()
    nationality_code: str | None = None


def normalise(text: str) -> str:
    """Half-width, trimmed, with a capital X; the only form that is stored."""
    return half_width(text).strip().upper()


def check_digit(body: str) -> str:
    """The 18th character for the first 17 (ISO 7064 MOD 11-2); ValueError unless there are 17 digits."""
    if not _BODY.fullmatch(body):
        raise ValueError("an identity number body is 17 digits")
    return _CHECK_CHARS[sum(map(mul, map(int, body), _WEIGHTS)) % 11]


def parse_id_number(
    text: str,
    *,
    today: date,
    regions: Container[str] | None = None,
    extra_provinces: Container[str] = frozenset(),
    sex: str | None = None,
    birth_date: date | None = None,
    field: str | None = "id_number",
) -> IdNumber:
    """Check a number and read it; `Invalid` with the first rule it breaks.

    `regions` are the county codes known (default: the bundled current and historic ones); an unknown county only warns.
    `extra_provinces` adds two-digit prefixes, such as the fictional 20/30/40 of test data. `sex` and `birth_date` are what a form says.
    """
    number = normalise(text)
    if not _FORM.fullmatch(number):
        raise Invalid(
            "ID_FORMAT",
            "An identity number has 17 digits and a last digit or X.",
            field=field,
            hint="Type all 18 characters as printed on the card.",
        )
    kind, region_code, warnings = _region(number, divisions.known_counties() if regions is None else regions, extra_provinces, field)
    birth = _birth(number, today, field)
    if check_digit(number[:17]) != number[17]:
        raise Invalid("ID_CHECK", "The identity number has a typing error.", field=field, hint="Compare each digit with the card.")
    own_sex = MALE if int(number[16]) % 2 else FEMALE
    if (sex in (MALE, FEMALE) and sex != own_sex) or (birth_date is not None and birth_date != birth):
        raise Invalid(
            "ID_MISMATCH",
            "The sex or date of birth differs from the identity number.",
            field=field,
            hint="The card decides; correct the other fields.",
        )
    nationality = number[3:6] if kind is IdKind.FOREIGNER else None
    return IdNumber(number, kind, region_code, birth, own_sex, warnings, nationality)


def _region(number: str, regions: Container[str], extra: Container[str], field: str | None) -> tuple[IdKind, str, tuple[str, ...]]:
    """Kind, place of first issue and warnings; raises ID_REGION."""
    if number[0] == "9":
        # The middle part of the 2023 permanent residence card is not finally confirmed (services.md 1.2): its place only warns.
        place = number[1:3]
        known = place in divisions.provinces() or place in extra
        return IdKind.FOREIGNER, place + "0000", () if known else (WARN_PLACE,)
    province, county = number[:2], number[:6]
    if province in _PERMITS and county == province + "0000":
        return _PERMITS[province], county, ()
    if province in _PERMITS or (province not in divisions.provinces() and province not in extra):
        raise Invalid("ID_REGION", "The identity number starts with no known province.", field=field, hint="Check the first six digits.")
    return IdKind.RESIDENT, county, () if county in regions else (WARN_COUNTY,)


def _birth(number: str, today: date, field: str | None) -> date:
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        birth = date.min
    if not _EARLIEST_BIRTH <= birth <= today:
        raise Invalid("ID_BIRTH", "The identity number holds no possible date of birth.", field=field, hint="Check digits 7 to 14.")
    return birth


def from_15(old: str, *, field: str | None = "id_number") -> str:
    """The 18-character form of a 15-digit number of before 1999; `Invalid` ID_FORMAT. The result still has to be parsed.

    Ask `is_centenarian_15` first: such people were born in the 1800s and must be checked by hand.
    """
    old = normalise(old)
    if not _OLD_FORM.fullmatch(old):
        raise Invalid("ID_FORMAT", "An old identity number has 15 digits.", field=field, hint="Type all 15 digits as printed on the card.")
    body = old[:6] + "19" + old[6:]
    return body + check_digit(body)


def to_15(number: str) -> str | None:
    """The old form that may stand in older records of the same person; None for people born in 2000 or later or holding another card."""
    if number[6:8] != "19" or number[:2] in _PERMITS or number[0] == "9":
        return None
    return number[:6] + number[8:17]


def is_centenarian_15(old: str) -> bool:
    """Serials 996 to 999 were kept for people already a hundred years old (services.md 1.1)."""
    return normalise(old)[-3:] in {"996", "997", "998", "999"}


def birthday_in(birth: date, year: int) -> date:
    """The birthday in a year; of 29 February it is the last day of February in common years."""
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def age(birth: date, on: date, boundary: AgeBoundary = AgeBoundary.ON_BIRTHDAY) -> int:
    """Full years of age on a day; ValueError before birth."""
    if on < birth:
        raise ValueError("the day lies before birth")
    birthday = birthday_in(birth, on.year)
    complete = on >= birthday if boundary is AgeBoundary.ON_BIRTHDAY else on > birthday
    # On the day of birth itself NEXT_DAY would give -1.
    return max(0, on.year - birth.year - (0 if complete else 1))
