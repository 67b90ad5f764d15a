"""Administrative division codes: GB/T 2260 (6 digits), towns (9), communities (12) and the platform's grids (15).

A code is read in segments 2-2-2-3-3-3 (services.md 1.4, community.md 0.1). Zeros are stripped by whole segments only: town 100 must not
become the prefix of every 1xx. Names and validity of divisions live in the database; here is only what a code says by itself.
"""

from __future__ import annotations

import re
from enum import IntEnum, StrEnum
from functools import cache

from linli.lib.errors import Invalid
from linli.lib.tables import csv_rows
from linli.lib.width import half_width

_SEGMENTS = (2, 2, 2, 3, 3, 3)
_ENDS = (2, 4, 6, 9, 12, 15)
_FORM = re.compile(r"(?:[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})")


class Level(IntEnum):
    """Depth of a division; a smaller number is a wider area."""

    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    STREET = 4
    COMMUNITY = 5
    GRID = 6


class TownKind(StrEnum):
    """What the three digits of the town level say (statistical division codes)."""

    SUBDISTRICT = "subdistrict"
    TOWN = "town"
    TOWNSHIP = "township"
    SIMILAR = "similar"


class CommunityKind(StrEnum):
    """What the three digits of the community level say. Health record numbers use other ranges: never mix them."""

    RESIDENTS = "residents"
    VILLAGERS = "villagers"
    SIMILAR_RESIDENTS = "similar_residents"
    SIMILAR_VILLAGERS = "similar_villagers"


class GridKind(StrEnum):
    """First digit of a grid's serial (platform convention)."""

    BASIC = "basic"
    SPECIAL = "special"
    MICRO = "micro"


def parse_division(text: str, *, field: str | None = "division_code") -> str:
    """The code as written, trimmed and half-width; `Invalid` DIVISION_FORMAT unless it has 6, 9, 12 or 15 digits and a province part."""
    code = half_width(text).strip()
    if not _FORM.fullmatch(code) or code.startswith("00"):
        raise Invalid(
            "DIVISION_FORMAT",
            "A division code has 6, 9, 12 or 15 digits.",
            field=field,
            hint="Choose the area from the list, or copy its statistical code.",
        )
    return code


def significant(code: str) -> str:
    """The code without its trailing all-zero segments: the prefix that its whole area shares."""
    code = parse_division(code)
    ends = [end for end in _ENDS if end <= len(code)]
    while len(ends) > 1 and not code[ends[-2] : ends[-1]].strip("0"):
        ends.pop()
    return code[: ends[-1]]


def level(code: str) -> Level:
    """The level a code stands for: its shortest prefix followed by zero segments only."""
    return Level(_ENDS.index(len(significant(code))) + 1)


def parent_code(code: str) -> str | None:
    """The code of the next wider division in as many digits as given; None for a province.

    Levels a place does not have are skipped: a town directly below a city (counties 00) has that city as parent.
    """
    own = significant(code)
    if len(own) == _ENDS[0]:
        return None
    shorter = _ENDS[_ENDS.index(len(own)) - 1]
    return significant(own[:shorter].ljust(len(code), "0")).ljust(len(code), "0")


def ancestors(code: str) -> tuple[str, ...]:
    """The wider divisions from the province down to the parent, in as many digits as given."""
    found: list[str] = []
    parent = parent_code(code)
    while parent is not None:
        found.append(parent)
        parent = parent_code(parent)
    return tuple(reversed(found))


def contains(area: str, code: str) -> bool:
    """Whether `code` lies in `area` or is it; both may have different lengths."""
    return significant(code).startswith(significant(area))


def in_digits(code: str, digits: int) -> str:
    """The same division in another length (for example 6 -> 12); ValueError when digits that matter would be lost."""
    own = significant(code)
    if digits not in _ENDS[2:] or len(own) > digits:
        raise ValueError(f"{code} cannot be written in {digits} digits")
    return own.ljust(digits, "0")


def town_kind(code: str) -> TownKind | None:
    """The kind of the town part; None when the code has none or it is in no known range."""
    serial = int(code[6:9] or "0")
    ranges = ((1, 99, TownKind.SUBDISTRICT), (100, 199, TownKind.TOWN), (200, 399, TownKind.TOWNSHIP), (400, 599, TownKind.SIMILAR))
    return next((kind for low, high, kind in ranges if low <= serial <= high), None)


def community_kind(code: str) -> CommunityKind | None:
    """The kind of the community part; None when the code has none or it is in no known range."""
    serial = int(code[9:12] or "0")
    ranges = (
        (1, 199, CommunityKind.RESIDENTS),
        (200, 399, CommunityKind.VILLAGERS),
        (400, 499, CommunityKind.SIMILAR_RESIDENTS),
        (500, 599, CommunityKind.SIMILAR_VILLAGERS),
    )
    return next((kind for low, high, kind in ranges if low <= serial <= high), None)


def grid_kind(code: str) -> GridKind | None:
    """The kind of a 15-digit grid code; None for wider divisions and for first digits without a meaning."""
    if len(code) != _ENDS[-1]:
        return None
    return {"0": GridKind.BASIC, "8": GridKind.SPECIAL, "9": GridKind.MICRO}.get(code[12])


@cache
def provinces() -> dict[str, str]:
    """Names of provinces by their two digits (GB/T 2260)."""
    return {row["code"]: row["name"] for row in csv_rows("provinces")}


@cache
def known_counties() -> frozenset[str]:
    """Six-digit codes in force now or at any time since 1980, with 360599, the unassigned prefix of our synthetic people.

    ID numbers keep the code of the place of first issue, so abolished counties stay good.
    """
    return frozenset(row["prefix"] + ending for row in csv_rows("known_counties") for ending in row["endings"].split())
