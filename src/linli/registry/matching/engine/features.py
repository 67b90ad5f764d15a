"""What is derived from a record once, so that every comparison of two records is an equality, a common element or an edit distance.

The same columns stand in DuckDB's table (`COLUMNS`) and in `Features`; None is "says nothing" and compares as NULL does in SQL.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from linli.lib import idcard
from linli.lib.errors import Invalid
from linli.registry.matching.engine.names import name_parts
from linli.registry.matching.engine.places import address_keys
from linli.registry.matching.types import Record

SEXES = frozenset({idcard.MALE, idcard.FEMALE})
_NO_NUMBER = frozenset("0X-")


class Features(NamedTuple):
    """Columns of one record.

    ``name`` without dots, spaces and case; ``name_sorted`` its characters (of a name in letters: its words) in order; ``sounds`` the ways
    to read it; ``alike`` and ``masks`` the name with one character put out, with and without what it looks or sounds like; ``shorts`` the
    shorter names it may go by; ``pieces`` the surname, or the parts of a name that has none; ``birth`` is YYYYMMDD, ``birth_turned`` with
    day and month the other way round; ``id_valid`` says that the check digit (of 15 digits: place and date) is right; ``homes`` names the
    dwelling, ``loose`` the same without the unit, ``houses`` the building, ``places`` the estate or road, ``area`` the community;
    ``tokens`` are the words of an address in letters. The last five exist for blocking.
    """

    key: str
    name: str | None
    name_sorted: str | None
    sounds: tuple[str, ...]
    alike: tuple[str, ...]
    masks: tuple[str, ...]
    shorts: tuple[str, ...]
    pieces: tuple[str, ...]
    latin: bool
    sex: str | None
    birth: str | None
    birth_turned: str | None
    birth_year: str | None
    id_number: str | None
    id_valid: bool
    phone: str | None
    address: str | None
    homes: tuple[str, ...]
    loose: tuple[str, ...]
    houses: tuple[str, ...]
    places: tuple[str, ...]
    area: str | None
    tokens: tuple[str, ...]
    sound: str | None
    surname_sound: str | None
    birth_day: str | None
    house: str | None
    block_phone: str | None


COLUMNS = Features._fields
LISTS = frozenset({"sounds", "alike", "masks", "shorts", "pieces", "homes", "loose", "houses", "places", "tokens"})
FLAGS = frozenset({"latin", "id_valid"})


def features(record: Record) -> Features:
    """Everything a record gives to compare with. What its own ID number says fills an empty sex or date of birth."""
    named = name_parts(record.name) if record.name else None
    where = address_keys(record.address) if record.address else None
    number, valid = id_number(record.id_number) if record.id_number else (None, False)
    birth = _digits(record.birth_date) if record.birth_date else number[6:14] if number and valid else None
    sex = record.sex if record.sex in SEXES else None
    if sex is None and number and valid:
        sex = idcard.MALE if int(number[16]) % 2 else idcard.FEMALE
    phone = record.phone or None
    return Features(
        key=record.key,
        name=named.name if named else None,
        name_sorted=named.name_sorted if named else None,
        sounds=named.sounds if named else (),
        alike=named.alike if named else (),
        masks=named.masks if named else (),
        shorts=named.shorts if named else (),
        pieces=named.pieces if named else (),
        latin=named.latin if named else False,
        sex=sex,
        birth=birth,
        birth_turned=turned(birth),
        birth_year=birth[:4] if birth else None,
        id_number=number,
        id_valid=valid,
        phone=phone,
        address=record.address if where else None,
        homes=where.homes if where else (),
        loose=where.loose if where else (),
        houses=where.houses if where else (),
        places=where.places if where else (),
        area=where.area if where else None,
        tokens=where.tokens if where else (),
        sound=named.sound if named else None,
        surname_sound=named.surname_sound if named else None,
        birth_day=birth[4:] if birth else None,
        house=where.house if where else None,
        block_phone=phone,
    )


def _digits(day: date) -> str:
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def turned(birth: str | None) -> str | None:
    """Day and month the other way round, where that is a date."""
    return birth[:4] + birth[6:] + birth[4:6] if birth and birth[6:] <= "12" else None


@lru_cache(maxsize=100_000)
def id_number(text: str) -> tuple[str | None, bool]:
    """The 18-digit form where there is one, and whether the number is a possible one. Zeros and the like are no number."""
    number = idcard.normalise(text)
    if not number or set(number) <= _NO_NUMBER:
        return None, False
    if len(number) == 15 and number.isdecimal() and number[0] != "0" and not idcard.is_centenarian_15(number):
        number = idcard.from_15(number, field=None)
    try:
        # Any province will do: what matters is that the check digit and the date are right, which wrong numbers are not.
        idcard.parse_id_number(number, today=date.max, regions=_EVERY, extra_provinces=_EVERY, field=None)
    except Invalid:
        return number, False
    return number, True


class _Everything(frozenset[str]):
    def __contains__(self, item: object) -> bool:
        return True


_EVERY = _Everything()
