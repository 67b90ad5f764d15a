"""Rows of an office into the register's own form, with what was wrong in them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_noop

from linli.lib import idcard
from linli.lib.errors import Invalid
from linli.registry.imports.engine.cells import UNREADABLE, clean, says_nothing
from linli.registry.imports.engine.days import parse_day
from linli.registry.imports.engine.organisations import USCC, agree
from linli.registry.imports.engine.values import Reader, reader_of
from linli.registry.imports.types import BODIES, BY_ID, BY_ROW, ERROR, WARNING, Column, Kind, Mapping, Problem, Standard, heading_key

_REQUIRED = gettext_noop("The value is missing.")
_LONG = gettext_noop("The row has more cells than there are headings, or is no record: it cannot be told what belongs where.")
_UNREADABLE = Invalid("ROW_BYTES", gettext_noop("Some characters cannot be read."))
_MISMATCH = gettext_noop("The value disagrees with the identity number.")
_CODE_SAYS = gettext_noop("The value disagrees with the credit code.")
IDENTITY = frozenset({"id_number", USCC})
"""What tells the subject of a row: a wrong one refuses it. The number of who heads an organisation does not."""
_AS_OF = gettext_noop("This is no day up to today; the day of the batch is taken.")


class _Place(NamedTuple):
    """A column of the mapping in this file: where its cells stand, in the order of its spellings, and how they are read."""

    column: Column
    cells: tuple[int, ...]
    read: Reader


class Standardiser:
    """Made once a file. `headings` are the file's, `batch_day` is the day rows are true of that do not say.

    `regions` leads from codes and names of communities to codes (leave out names that two of them bear); without it, a region stays as
    it is written. `standardise` refuses a row (level E) when a required value is missing or wrong or an identity number is wrong; any
    other wrong value is left out (level W).
    """

    def __init__(
        self,
        mapping: Mapping,
        headings: Sequence[str],
        *,
        today: date,
        batch_day: date,
        regions: AnyMapping[str, str] | None = None,
    ) -> None:
        self.mapping, self.headings, self.today, self.batch_day = mapping, list(headings), today, batch_day
        found: dict[str, list[int]] = {}
        for index, heading in enumerate(self.headings):
            found.setdefault(heading_key(heading), []).append(index)
        self._places: list[_Place] = []
        for column in mapping.columns:
            cells = tuple(index for heading in column.headings for index in found.get(heading_key(heading), ()))
            if column.attribute and (cells or column.required):
                self._places.append(_Place(column, cells, reader_of(column, today=today, regions=regions)))
        self._key = self._cells_of(mapping.key, found)
        key_column = mapping.column_of(mapping.key) if mapping.key else None
        self._key_is_id = key_column is not None and key_column.kind is Kind.ID_NUMBER
        self._as_of = self._cells_of(mapping.as_of, found)
        as_of_column = mapping.column_of(mapping.as_of) if mapping.as_of else None
        self._as_of_formats = as_of_column.formats if as_of_column else ()
        self._in_hash = sorted((heading_key(heading), index) for index, heading in enumerate(self.headings) if heading)

    def _cells_of(self, heading: str, found: dict[str, list[int]]) -> tuple[int, ...]:
        column = self.mapping.column_of(heading) if heading else None
        return tuple(index for spelling in column.headings for index in found.get(heading_key(spelling), ())) if column else ()

    def standardise(self, number: int, cells: Sequence[str]) -> Standard:
        """The row of a line. A refused row has the values that could be read; its key and day are given as far as they are known."""
        problems: list[Problem] = []
        values: dict[str, str] = {}
        if len(cells) > len(self.headings):
            problems.append(Problem(ERROR, "", "ROW_LONG", _LONG))
        texts = [clean(cell) for cell in cells]
        for place in self._places:
            if place.column.attribute not in values:
                self._read(place, texts, values, problems)
        self._agree(values, problems)
        as_of = self._day(texts, problems)
        return Standard(number, self._key_of(texts, values), values, as_of, tuple(problems))

    def _read(self, place: _Place, texts: list[str], values: dict[str, str], problems: list[Problem]) -> None:
        """The first cell of a column with a value; what was wrong with the cells before it is then only worth a warning."""
        column = place.column
        wrong: list[Problem] = []
        for index in place.cells:
            text = texts[index] if index < len(texts) else ""
            if not text:
                continue
            try:
                if UNREADABLE in text:
                    raise _UNREADABLE
                value = place.read(text)
            except Invalid as error:
                wrong.append(Problem(self._level(column), self.headings[index], error.code, error.message, error.data))
                continue
            if value:
                values[column.attribute] = value
                problems += [problem._replace(level=WARNING) for problem in wrong]
                return
        problems += wrong
        if column.required and not wrong:
            heading = self.headings[place.cells[0]] if place.cells else column.headings[0]
            problems.append(Problem(ERROR, heading, "REQUIRED", _REQUIRED))

    @staticmethod
    def _level(column: Column) -> str:
        return ERROR if column.required or column.attribute in IDENTITY else WARNING

    def _agree(self, values: dict[str, str], problems: list[Problem]) -> None:
        """Sex and day of birth that disagree with the identity number are left out: the card decides (services.md 1.1)."""
        if self.mapping.subject == BODIES:
            problems += [Problem(WARNING, self._heading(name), "USCC_MISMATCH", _CODE_SAYS) for name in agree(values)]
            return
        number = values.get("id_number", "")
        if not number:
            return
        birth = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        sex = idcard.MALE if int(number[16]) % 2 else idcard.FEMALE
        if values.get("birth_date", birth) != birth:
            self._drop("birth_date", values, problems)
        if values.get("sex") in (idcard.MALE, idcard.FEMALE) and values["sex"] != sex:
            self._drop("sex", values, problems)

    def _drop(self, attribute: str, values: dict[str, str], problems: list[Problem]) -> None:
        del values[attribute]
        problems.append(Problem(WARNING, self._heading(attribute), "ID_MISMATCH", _MISMATCH))

    def _heading(self, attribute: str) -> str:
        return self.headings[next(place for place in self._places if place.column.attribute == attribute).cells[0]]

    def _day(self, texts: list[str], problems: list[Problem]) -> date:
        text, index = self._first(self._as_of, texts)
        if not text:
            return self.batch_day
        try:
            day = parse_day(text, self._as_of_formats)
        except Invalid:
            day = None
        if day is None or day > self.today:
            problems.append(Problem(WARNING, self.headings[index], "AS_OF", _AS_OF))
            return self.batch_day
        return day

    def _key_of(self, texts: list[str], values: dict[str, str]) -> str:
        """The office's own id; an identity number, also when the office uses it as its id; a hash of the row, in whatever order."""
        own, _ = self._first(self._key, texts)
        number = values.get("id_number", "")
        if number and (not own or self._key_is_id or own.upper() in (number, idcard.to_15(number))):
            return BY_ID + number
        if own and not self._key_is_id:
            return own
        row = "\x1f".join(f"{heading}\x1e{texts[index]}" for heading, index in self._in_hash if index < len(texts) and texts[index])
        return BY_ROW + hashlib.sha256(row.encode(errors="replace")).hexdigest()[:32]

    @staticmethod
    def _first(cells: tuple[int, ...], texts: list[str]) -> tuple[str, int]:
        for index in cells:
            if index < len(texts) and not says_nothing(texts[index]):
                return texts[index], index
        return "", -1
