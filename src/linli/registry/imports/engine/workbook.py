"""Rows of an .xlsx workbook one after the other, in bounded memory: only its shared texts are held.

Written for this because the libraries either hold the whole sheet or are too slow for a million rows, and do not know the day formats of Chinese
workbooks. ECMA-376 part 1: 18.2 (workbook), 18.3 (sheets), 18.4 (shared texts), 18.8.30 (number formats), 22.9.2.19 (escapes).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, NamedTuple

from lxml import etree
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from linli.registry.imports.engine.cells import text_of

BROKEN = (
    zipfile.BadZipFile,
    etree.XMLSyntaxError,
    KeyError,
    ValueError,
    IndexError,
    ArithmeticError,
    OSError,
    EOFError,
    NotImplementedError,
)
"""What reading a damaged workbook raises."""
MOST_COLUMNS = 16_384
BUILT_IN_DAYS = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
"""Number formats of days that need not be written down in a workbook; 27 to 36 and 50 to 58 are East Asian."""

_AT_ONCE = 500
_DIGITS = "0123456789"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SheetEntry(NamedTuple):
    """A visible sheet of cells and where it is kept."""

    name: str
    member: str


class Book:
    """An open workbook. Raises one of `BROKEN` when it is damaged."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        try:
            self._texts: list[str] | None = None
            self._members = {name.casefold(): name for name in self._zip.namelist()}
            book = etree.fromstring(self._zip.read("xl/workbook.xml"), _parser())
            properties = book.find("{*}workbookPr")
            since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
            self._epoch = CALENDAR_MAC_1904 if since_1904 else CALENDAR_WINDOWS_1900
            self._targets = self._relations()
            self.sheets = tuple(self._sheets(book))
            self._is_day = self._day_styles()
        except BaseException:
            self._zip.close()
            raise

    def close(self) -> None:
        self._zip.close()

    def rows(self, member: str, after: int = 0) -> Iterator[tuple[int, list[str]]]:
        """(number of the row, cells up to its last one); rows without cells may be missing, cells of rows up to `after` are left out."""
        if self._texts is None:
            self._texts = list(self._shared())
        number = 0
        with self._zip.open(member) as stream:
            for row in _elements(stream, "row"):
                number = int(row.get("r") or number + 1)
                cells: list[str] = []
                for cell in row if number > after else ():
                    reference = cell.get("r")
                    place = _column(reference.rstrip(_DIGITS)) if reference else len(cells)
                    if place > len(cells):
                        cells += [""] * (place - len(cells))
                    cells.append(self._text(cell, self._texts))
                yield number, cells

    def _text(self, cell: Any, texts: list[str]) -> str:
        kind = cell.get("t")
        if kind == "inlineStr":
            return "".join(map(_string, cell.iterchildren("{*}is")))
        last = cell[-1] if len(cell) else None  # after the formula, if there is one
        value = None if last is None else last.text if last.tag.endswith("}v") else cell.findtext("{*}v")
        if not value:
            return ""
        if kind == "s":
            return texts[int(value)]
        if kind is None or kind == "n":
            style = int(cell.get("s") or 0)
            return _day(str(value), self._epoch) if style < len(self._is_day) and self._is_day[style] else _number(value)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "d":
            return str(value).removesuffix("Z").removesuffix("T00:00:00")
        return _unescape(value)

    def _relations(self) -> dict[str, str]:
        root = etree.fromstring(self._zip.read("xl/_rels/workbook.xml.rels"), _parser())
        found = {}
        for relation in root:
            if str(relation.get("Type")).endswith("/worksheet"):
                target = posixpath.normpath(posixpath.join("/xl", str(relation.get("Target")))).lstrip("/")
                found[str(relation.get("Id"))] = self._members.get(target.casefold(), target)
        return found

    def _sheets(self, book: Any) -> Iterator[SheetEntry]:
        for sheet in book.iterfind("{*}sheets/{*}sheet"):
            relation = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
            if sheet.get("state", "visible") == "visible" and relation in self._targets:
                yield SheetEntry(sheet.get("name", ""), self._targets[relation])

    def _day_styles(self) -> list[bool]:
        """For each style of cells whether it shows numbers as days."""
        if "xl/styles.xml" not in self._zip.namelist():
            return []
        root = etree.fromstring(self._zip.read("xl/styles.xml"), _parser())
        own = {int(str(form.get("numFmtId"))): form.get("formatCode", "") for form in root.iterfind("{*}numFmts/{*}numFmt")}
        styles = [int(style.get("numFmtId") or 0) for style in root.iterfind("{*}cellXfs/{*}xf")]
        return [_shows_days(own[form]) if form in own else form in BUILT_IN_DAYS for form in styles]

    def _shared(self) -> Iterator[str]:
        member = self._members.get("xl/sharedstrings.xml")
        if member:
            with self._zip.open(member) as stream:
                for entry in _elements(stream, "si"):
                    yield _string(entry)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)


def _elements(stream: IO[bytes], name: str) -> Iterator[Any]:
    """The elements of a name; those that were given out are thrown away by the hundred."""
    found = etree.iterparse(stream, events=("end",), tag="{*}" + name, resolve_entities=False, no_network=True)
    for count, (_, element) in enumerate(found, start=1):
        yield element
        if not count % _AT_ONCE and (parent := element.getparent()) is not None:
            del parent[:-1]


def _string(entry: Any) -> str:
    """Plain text, or the runs of a formatted one; how a word is pronounced is left out."""
    if len(entry) == 1 and (only := entry[0]).tag.endswith("}t"):
        return _unescape(only.text or "")
    runs = (run for run in entry if not run.tag.endswith("}rPh"))
    return _unescape("".join(text.text or "" for run in runs for text in run.iter("{*}t")))


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


@lru_cache(maxsize=MOST_COLUMNS)
def _column(letters: str) -> int:
    """A is 0."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    if not 0 < index <= MOST_COLUMNS:
        raise ValueError(f"no column {letters[:10]!r}")
    return index - 1


def _number(value: str) -> str:
    """As it was written, but never with an exponent: that would hide what a spreadsheet has rounded."""
    if value.isdecimal():
        return value
    number = Decimal(value)
    return str(int(number)) if number == int(number) else str(float(number))


@lru_cache(maxsize=32_768)
def _day(value: str, epoch: datetime) -> str:
    try:
        return text_of(from_excel(float(value), epoch))
    except (OverflowError, ValueError):
        return _number(value)


def _shows_days(form: str) -> bool:
    return bool(is_date_format(form)) and not is_timedelta_format(form)
