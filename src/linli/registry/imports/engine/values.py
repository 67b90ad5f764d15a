"""One cell into the register's own form, by the kind of its column. `Invalid` says why not; the caller decides what that means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext_noop

from linli.lib import codes, idcard
from linli.lib.address import full_address, parse_address
from linli.lib.bankcard import parse_bank_card
from linli.lib.contact import parse_phone
from linli.lib.errors import Invalid
from linli.lib.names import parse_person_name
from linli.registry.bodies.types import PREFIX
from linli.registry.imports.engine.cells import says_nothing
from linli.registry.imports.engine.days import parse_day
from linli.registry.imports.engine.organisations import amount, body_reader, term
from linli.registry.imports.types import Column, Kind

Reader = Callable[[str], str]
"""From a cleaned cell that is not blank to the value; empty when the office says nothing."""

MOST_CODES = 10_000
"""Different cells of one column whose reading is kept."""
LONGEST = {"live_address": 160, "hukou_address": 160, "bank_name": 40, "body.name": 100, "body.address": 160, "body.scope": 500}
LONG = 60

_ROUNDED = re.compile(r"[0-9.]+E\+?[0-9]+|[0-9]{15}0{3}", re.IGNORECASE)
_WHOLE = re.compile(r"([0-9]+)\.0+")
_PHONES = re.compile("[/,;\u3001|]+")


def reader_of(column: Column, *, today: date, regions: Mapping[str, str] | None) -> Reader:
    """How the cells of a column are read. `regions` leads from names and codes of communities to codes; None: they stay as written."""
    readers: dict[Kind, Reader] = {
        Kind.NAME: parse_person_name,
        Kind.ID_NUMBER: lambda text: _id_number(text, today),
        Kind.DATE: lambda text: _day(text, column.formats, today),
        Kind.PHONE: _phone,
        Kind.ADDRESS: lambda text: _short(_address(text), LONGEST.get(column.attribute, LONG)),
        Kind.TEXT: lambda text: _short(" ".join(text.split()), LONGEST.get(column.attribute, LONG)),
        Kind.BANK_ACCOUNT: lambda text: parse_bank_card(_unfloat(text)),
        Kind.REGION: lambda text: _region(text, regions),
    }
    readers[Kind.AMOUNT] = lambda text: amount(text, column.units)
    readers[Kind.TERM] = lambda text: term(text, column.formats)
    if column.kind is Kind.CODE:
        return _Codes(column)  # it knows better what an empty value is: 0 may be a code
    read = readers[column.kind]
    if column.attribute.startswith(PREFIX):
        read = body_reader(column, read)
    return lambda text: "" if says_nothing(text) else read(text)


class _Codes:
    """The office's values as our codes: its own list first, then codes and labels of the table. Readings are kept; there are few."""

    def __init__(self, column: Column) -> None:
        self._own = {_plain(value): code for value, code in column.codes.items()}
        self._table = codes.table(column.table) if column.table else None
        self._endings = ("", *column.endings)
        self._known: dict[str, str | None] = {}

    def __call__(self, text: str) -> str:
        code = self._known[text] if text in self._known else self._remember(text)
        if code is None:
            raise Invalid(
                "CODE_UNKNOWN",
                gettext_noop("The value %(value)s is not in the office's list of codes."),
                hint=gettext_noop("Correct it in the file, or add it to the layout."),
                data={"value": text[:20]},
            )
        return code

    def _remember(self, text: str) -> str | None:
        code = self._find(_plain(text))
        if len(self._known) < MOST_CODES:
            self._known[text] = code
        return code

    def _find(self, value: str) -> str | None:
        if value in self._own:
            return self._own[value]
        if says_nothing(value):
            return ""
        return None if self._table is None else self._in_table(self._table, value)

    def _in_table(self, table: codes.CodeTable, value: str) -> str | None:
        """A code as it stands, in capitals, or without the zero a spreadsheet took, else a label with or without what the office leaves off."""
        longest = max(len(entry.code) for entry in table)
        for written in (value, value.upper(), value.zfill(longest) if value.isdecimal() else value):
            if written in table:
                return written
        return next((code for ending in self._endings if (code := table.code_of(value + ending))), None)


def _plain(text: str) -> str:
    return "".join(_unfloat(text).split()).casefold()


def _unfloat(text: str) -> str:
    """A number that went through a table of decimals, without its point."""
    match = _WHOLE.fullmatch(text)
    return match[1] if match else text


def _id_number(text: str, today: date) -> str:
    """18 characters; the 15 digits of old cards are written anew. A number of another document is none."""
    number = idcard.normalise("".join(text.split()))
    if len(number) == 15 and number.isdecimal():
        if idcard.is_centenarian_15(number):
            raise Invalid(
                "ID_CENTENARIAN",
                gettext_noop("The old identity number may be of somebody born before 1900."),
                hint=gettext_noop("Look up the number of 18 characters."),
            )
        number = idcard.from_15(number)
    try:
        return idcard.parse_id_number(number, today=today).number
    except Invalid as error:
        if _ROUNDED.fullmatch(number):
            raise Invalid(
                "ID_ROUNDED",
                gettext_noop("A spreadsheet has rounded the identity number; its last digits are lost."),
                hint=gettext_noop("Have the column exported as text."),
            ) from error
        raise


def _day(text: str, formats: tuple[str, ...], today: date) -> str:
    day = parse_day(text, formats)
    if day > today:
        raise Invalid("DATE_RANGE", gettext_noop("The day lies in the future."), hint=gettext_noop("Check the year."))
    return day.isoformat()


def _phone(text: str) -> str:
    """The number; of several in one cell the first that is one."""
    try:
        return parse_phone(_unfloat(text)).number
    except Invalid:
        for part in _PHONES.split(text):
            try:
                return parse_phone(part).number
            except Invalid:
                continue
        raise


@lru_cache(maxsize=4_096)  # families stand together
def _address(text: str) -> str:
    """The standard writing (services.md 1.7)."""
    return full_address(parse_address(text))


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise Invalid("TEXT_LONG", gettext_noop("The text is longer than %(most)s characters."), data={"most": most})
    return text


def _region(text: str, regions: Mapping[str, str] | None) -> str:
    """A community's code of 12 digits, or its name where nobody knows the codes."""
    name = "".join(_unfloat(text).split())
    if regions is None:
        return name
    code = regions.get(name)
    if code is None:
        raise Invalid(
            "REGION_UNKNOWN",
            gettext_noop("There is no community %(name)s, or there are several."),
            hint=gettext_noop("Give its code of 12 digits."),
            data={"name": name[:20]},
        )
    return code
