"""What a file is (told by its bytes, not by its name) and its lines as text, one after the other. No format is held in memory as a whole."""

from __future__ import annotations

import codecs
import csv
import json
import zipfile
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from django.utils.translation import gettext_noop

from linli.lib.errors import Invalid
from linli.registry.imports.engine.cells import text_of, unguard
from linli.registry.imports.engine.workbook import BROKEN, Book

Line = tuple[int, list[str]]
"""Number of the line in its sheet, from 1 (0: headings that stand in no line), and its cells."""
Lines = Generator[Line, None, None]
"""Close it to let go of the file before the end."""

XLSX, XLS, CSV, JSONL, PARQUET = "xlsx", "xls", "csv", "jsonl", "parquet"
DELIMITERS = ",\t;|"
KEYS_FROM = 1_000
"""How many lines of a JSON file are asked for their keys."""
MOST_IN_MEMORY = 512 * 1024 * 1024
"""Bytes of a workbook's shared texts, unpacked: they alone must be held while its rows are read."""
_BLOCK = 1 << 20
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""Stands in the container that a new workbook with a password is wrapped in."""
_PLAIN_TEXT = frozenset({"", ".csv", ".txt", ".tsv", ".dat", ".prn", ".xls"})
"""Endings of separated text; systems name it .xls so that a double click opens it."""
_ENOUGH = 20
"""So many characters of several bytes are not valid UTF-8 by chance."""


@dataclass(frozen=True, slots=True)
class FileFormat:
    """What is needed to read a file again, and to write another one like it. `encoding` and `delimiter` are for text files."""

    kind: str
    encoding: str = "utf-8"
    delimiter: str = ","


class Sheet(Protocol):
    """A table of a file: its name and its lines, read anew each time."""

    @property
    def name(self) -> str: ...

    @property
    def keyed(self) -> bool:
        """Whether the format itself says what the headings are: then they are the first line."""

    def lines(self, after: int = 0) -> Lines:
        """All lines; the cells of those up to `after` are left empty, which is much faster."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    keyed: bool
    read: Callable[[int], Lines]

    def lines(self, after: int = 0) -> Lines:
        return self.read(after)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's sheets; `close` when done with them."""

    format: FileFormat
    sheets: tuple[Sheet, ...]
    close: Callable[[], None]


def open_file(path: Path, name: str) -> tuple[Opened, ...]:
    """The ways a file can be read: one, or for separated text one for each delimiter.

    `name` is what the office called the file. `Invalid` FILE_UNREADABLE, FILE_FORMAT, FILE_PASSWORD, FILE_TOO_LARGE, FILE_EMPTY.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4096)
            if head.startswith(b"PK\x03\x04"):
                return (_xlsx(path),)
            if head.startswith(_OLE):
                return (_xls(path),)
            if head.startswith(b"PAR1"):
                return (_parquet(path),)
            file.seek(0)
            return _text(path, file, head, Path(name).suffix.casefold())
    except (OSError, zipfile.BadZipFile) as error:
        raise unreadable() from error


def unreadable() -> Invalid:
    return Invalid(
        "FILE_UNREADABLE",
        gettext_noop("The file is damaged and cannot be read."),
        field="file",
        hint=gettext_noop("Open it in the program it was made with, save it again and upload it anew."),
    )


def _unknown() -> Invalid:
    return Invalid(
        "FILE_FORMAT",
        gettext_noop("This kind of file cannot be read."),
        field="file",
        hint=gettext_noop("Open it in a spreadsheet program and save it as .xlsx or .csv; .jsonl and .parquet are read, too."),
    )


def _locked() -> Invalid:
    return Invalid(
        "FILE_PASSWORD",
        gettext_noop("The workbook is protected by a password."),
        field="file",
        hint=gettext_noop("Open it, take the password off, save it and upload it again."),
    )


# Text


def _text(path: Path, file: BinaryIO, head: bytes, ending: str) -> tuple[Opened, ...]:
    if not head.strip():
        raise Invalid(
            "FILE_EMPTY", gettext_noop("The file is empty."), field="file", hint=gettext_noop("Check that the right file was chosen.")
        )
    encoding = _encoding(file)
    start = head.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")
    if "\0" in start or start.startswith(("<", "[")):  # binary, a web page named .xls, or one JSON array
        raise _unknown()
    if start.startswith("{"):
        return (_jsonl(path, encoding),)
    if ending not in _PLAIN_TEXT:
        raise _unknown()
    return tuple(_csv(path, FileFormat(CSV, encoding, delimiter)) for delimiter in DELIMITERS)


def _encoding(file: BinaryIO) -> str:
    """By the byte order mark, else UTF-8 if the text up to the first broken character is, else GB18030, which holds GBK and GB 2312."""
    start = file.read(4)
    file.seek(0)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    seen = 0
    while seen < _ENOUGH:
        block = file.read(_BLOCK)
        try:
            seen += _wide(decoder.decode(block, final=not block))
        except UnicodeDecodeError as error:
            seen += _wide(error.object[: error.start].decode())
            return "utf-8" if seen >= _ENOUGH else "gb18030"
        if not block:
            break
    return "utf-8"


def _wide(text: str) -> int:
    return len(text) - len(text.encode("ascii", errors="ignore"))


def _csv(path: Path, form: FileFormat) -> Opened:
    def lines(after: int) -> Lines:
        with path.open(encoding=form.encoding, errors="replace", newline="") as file:
            reader = csv.reader(file, delimiter=form.delimiter)
            first = 1  # a quoted cell may hold line breaks: a row's number is that of its first line
            try:
                for cells in reader:
                    yield first, [unguard(cell) for cell in cells] if first > after else []
                    first = reader.line_num + 1
            except csv.Error as error:
                raise Invalid(
                    "FILE_QUOTES",
                    gettext_noop("From line %(line)s on the cells cannot be told apart: a quotation mark is opened and never closed."),
                    field="file",
                    hint=gettext_noop("Correct the line in a text editor, or save the table anew as .csv or .xlsx."),
                    data={"line": first},
                ) from error

    return Opened(form, (_Sheet("", False, lines),), _nothing)


def _jsonl(path: Path, encoding: str) -> Opened:
    def written() -> Generator[tuple[int, str], None, None]:
        with path.open(encoding=encoding, errors="replace") as file:
            yield from ((number, line) for number, line in enumerate(file, start=1) if line.strip())

    def lines(after: int) -> Lines:
        with closing(written()) as beginning:
            keys = list(dict.fromkeys(key for _, line in islice(beginning, KEYS_FROM) for key in _record(line) or ()))
        yield 0, keys
        known = set(keys)
        for number, line in written():
            if number <= after:
                yield number, []
            elif (record := _record(line)) is None:  # too many cells: the row is refused, the others are read
                yield number, [""] * len(keys) + [line.strip()]
            else:
                more = [text_of(value) for key, value in record.items() if key not in known]
                yield number, [text_of(record.get(key)) for key in keys] + more

    return Opened(FileFormat(JSONL, encoding), (_Sheet("", True, lines),), _nothing)


def _record(line: str) -> dict[str, Any] | None:
    """An object, its numbers as they were written: an identity number must not be rounded."""
    try:
        value = json.loads(line, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _nothing() -> None:
    """Text files are opened and closed by each reading."""


# Workbooks


def _xlsx(path: Path) -> Opened:
    _check_archive(path)
    try:
        book = Book(path)
    except BROKEN as error:
        raise unreadable() from error

    def lines(member: str, after: int) -> Lines:
        try:
            yield from book.rows(member, after)
        except BROKEN as error:
            raise unreadable() from error

    return Opened(FileFormat(XLSX), tuple(_Sheet(entry.name, False, partial(lines, entry.member)) for entry in book.sheets), book.close)


def _check_archive(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise _locked()
    sizes = {member.filename: member.file_size for member in members}
    if "xl/workbook.xml" not in sizes:
        raise _unknown()
    if any(size > MOST_IN_MEMORY for member, size in sizes.items() if not member.startswith("xl/worksheets/")):
        raise Invalid(
            "FILE_TOO_LARGE",
            gettext_noop("The workbook holds too much different text to be read at once."),
            field="file",
            hint=gettext_noop("Save the table as .csv, which may have any length, and upload that."),
        )


def _xls(path: Path) -> Opened:
    """The old binary workbook, of 65,536 rows at most; a new one with a password looks the same from outside."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    content = path.read_bytes()
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))  # by itself the library would go by the name's ending
    except PasswordError as error:
        raise _locked() from error
    except (CalamineError, OSError, ValueError) as error:
        raise (_locked() if _ENCRYPTED in content else unreadable()) from error

    def lines(name: str, after: int) -> Lines:
        for number, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
            yield number, [text_of(value) for value in row] if number > after else []

    names = [s.name for s in book.sheets_metadata if s.visible is SheetVisibleEnum.Visible and s.typ is SheetTypeEnum.WorkSheet]
    sheets = tuple(_Sheet(name, False, partial(lines, name)) for name in names)
    return Opened(FileFormat(XLS), sheets, book.close)


def _parquet(path: Path) -> Opened:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            names = list(file.schema_arrow.names)
    except (ArrowException, OSError) as error:
        raise unreadable() from error

    def lines(after: int) -> Lines:
        yield 0, names
        number = 0
        try:
            with ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=5_000):
                    if number + batch.num_rows <= after:
                        number += batch.num_rows
                        continue
                    for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                        number += 1
                        yield number, [text_of(value) for value in row]
        except (ArrowException, OSError) as error:
            raise unreadable() from error

    return Opened(FileFormat(PARQUET), (_Sheet("", True, lines),), _nothing)
