"""The forms a subscription's records are handed over in, written row by row: memory does not grow with the file.

What a row says is what `queries.feed` told, in the order of the columns; nothing here chooses or hides anything.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any, Final, Protocol
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq

Record = Mapping[str, Any]
MOST_ROWS: Final = 1_000_000
"""Of one sheet: Excel takes 1,048,576."""
STAMP: Final = (1980, 1, 1, 0, 0, 0)
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9.]+$)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` at the interface, ``title`` of the catalogue, ``type`` of the catalogue (string, code, date, number, uuid)."""

    name: str
    title: str
    type: str


class Writer(Protocol):
    """Takes records until it is closed; the file is whole only then."""

    def write(self, records: Sequence[Record]) -> None: ...

    def close(self) -> None: ...


class CsvWriter:
    """UTF-8 with a byte-order mark, as office programs open it. A text that a spreadsheet would take for a formula gets an apostrophe in front."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._names = [column.name for column in columns]
        self._writer = csv.writer(self._file)
        self._writer.writerow(self._names)

    def write(self, records: Sequence[Record]) -> None:
        self._writer.writerows([_cell(record.get(name)) for name in self._names] for record in records)

    def close(self) -> None:
        self._file.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class WorkbookWriter:
    """A workbook of inline strings, straight into the archive: no rows are kept, and nothing of them stands in a temporary file elsewhere.

    The headings are the titles of the catalogue. After a million rows another sheet begins, with the same headings.
    """

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._names, self._titles = [column.name for column in columns], [column.title for column in columns]
        self._archive = zipfile.ZipFile(path, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=4, allowZip64=True)
        self._sheets, self._rows = 0, 0
        self._part: IO[bytes] | None = None
        self._text: TextIOWrapper | None = None
        self._begin()

    def _begin(self) -> None:
        self._sheets, self._rows = self._sheets + 1, 0
        self._part = self._archive.open(_entry(f"xl/worksheets/sheet{self._sheets}.xml"), "w", force_zip64=True)
        self._text = TextIOWrapper(self._part, encoding="utf-8", newline="")
        self._text.write(f'{_HEAD}<worksheet xmlns="{_SHEET}"><sheetData>')
        self._row(self._titles)

    def _row(self, values: Iterable[Any]) -> None:
        assert self._text is not None  # noqa: S101 - between two sheets nobody writes
        self._text.write(f"<row>{''.join(map(_inline, values))}</row>")

    def write(self, records: Sequence[Record]) -> None:
        for record in records:
            if self._rows == MOST_ROWS:
                self._end()
                self._begin()
            self._row(record.get(name) for name in self._names)
            self._rows += 1

    def _end(self) -> None:
        if self._text is not None:
            self._text.write("</sheetData></worksheet>")
            self._text.close()
            self._text = None

    def close(self) -> None:
        self._end()
        for name, content in _frame(self._sheets).items():
            self._archive.writestr(_entry(name), _HEAD + content)
        self._archive.close()


def _entry(name: str) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name, STAMP)
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def _inline(value: Any) -> str:
    """Always a text: what somebody typed is never a formula of the reader's. Characters XML cannot hold are left out."""
    if value is None or value == "":
        return "<c/>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(_CONTROL.sub("", str(value)))}</t></is></c>'


def _frame(sheets: int) -> dict[str, str]:
    """What a workbook needs beside its sheets (ECMA-376 part 1, the least of it)."""
    numbers = range(1, sheets + 1)
    parts = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers)
    names = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    leads = "".join(f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{parts}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELS}">{leads}</Relationships>',
    }


_ARROW = {"date": pa.date32(), "number": pa.float64()}


class ParquetWriter:
    """One row group a portion, typed by the catalogue: days as dates, numbers as doubles, everything else as text. Titles are in the columns' metadata."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._columns = columns
        kinds = [pa.field(c.name, _ARROW.get(c.type, pa.string()), metadata={"title": c.title}) for c in columns]
        self._schema = pa.schema(kinds)
        self._file = pq.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, records: Sequence[Record]) -> None:
        if records:
            values = [[_typed(record.get(c.name), c.type) for record in records] for c in self._columns]
            arrays = [pa.array(found, type=field.type) for found, field in zip(values, self._schema, strict=True)]
            self._file.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        self._file.close()


def _typed(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "date":
        return date.fromisoformat(str(value))
    return float(value) if kind == "number" else str(value)


WRITERS: Final[Mapping[str, type[CsvWriter] | type[WorkbookWriter] | type[ParquetWriter]]] = {
    "csv": CsvWriter,
    "xlsx": WorkbookWriter,
    "parquet": ParquetWriter,
}
MEDIA: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
