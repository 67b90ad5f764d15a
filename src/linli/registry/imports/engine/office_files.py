"""Files as the offices of a synthetic city write them: a plan out of a pack, a workbook or a text file. Touches no database."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from pydantic import BaseModel, ConfigDict, ValidationError

from linli.foundation.actions.engine import pack_error, read_yaml
from linli.lib import codes, idcard

FILE = Path("demo") / "imports.yaml"
KEY, AS_OF, NUMBER = "key", "as_of", "number"
"""What a column may say besides an attribute: the office's own key, the day the row is true of, its place in the list."""
WIDE = str.maketrans("0123456789X", "".join(chr(ord(sign) + 0xFEE0) for sign in "0123456789X"))
EVERY = {"lower": 1, "spaced": 1, "wide": 3, "old": 2}
"""How many rows there are to one that is written so."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnPlan(_Part):
    """A column: what it says and how the office writes it (`packs/*/demo/imports.yaml` tells the fields)."""

    heading: str
    says: str
    codes: dict[str, str] = {}
    table: str = ""
    day: str = ""
    style: Literal["", "lower", "spaced", "wide", "old"] = ""
    empty: str = ""


class ChangePlan(_Part):
    """What the office knows better, of at most so many people."""

    attribute: str
    most: int
    to: dict[str, str] = {}
    another: bool = False
    drawn: bool = False
    dead: bool = False


class FilePlan(_Part):
    """One file and how far the data officer gets with it."""

    layout: str
    name: str
    titles: tuple[str, ...] = ()
    days: int
    spread: int = 0
    rows: int
    one_community: bool = False
    strangers: int = 0
    refused: int = 0
    shared: int = 0
    namesakes: int = 0
    changes: tuple[ChangePlan, ...] = ()
    end: Literal["checked", "loaded", "undone"]
    decide: int = 0
    key: str = ""
    columns: tuple[ColumnPlan, ...]


class CityPlan(_Part):
    """The files of a city, and the street (by its code) whose people they are about."""

    street: str
    files: tuple[FilePlan, ...]


@dataclass(frozen=True)
class Row:
    """What an office says of somebody: values in the register's own form, before they are written its way."""

    n: int
    values: dict[str, str]
    as_of: date


def read_plan(folders: Iterable[Path], file: Path = FILE) -> CityPlan | None:
    """Of the first pack that has one; None without. `Invalid` PACK_INVALID naming the field."""
    for folder in folders:
        path = folder / file
        if path.exists():
            try:
                return CityPlan.model_validate(read_yaml(path))
            except ValidationError as error:
                told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
                raise pack_error(path, 0, told) from error
    return None


def write_file(plan: FilePlan, rows: Sequence[Row], *, told: dict[str, object]) -> bytes:
    """The file's bytes by the ending of its name; ``told`` fills the titles."""
    table = [[column.heading for column in plan.columns]]
    table += [[_cell(column, plan, row, place) for column in plan.columns] for place, row in enumerate(rows, start=1)]
    titles = [title.format(**told) for title in plan.titles]
    return _book(titles, table) if plan.name.endswith(".xlsx") else _text(titles, table)


def _cell(column: ColumnPlan, plan: FilePlan, row: Row, place: int) -> str:
    own = {KEY: plan.key.format(n=row.n), AS_OF: row.as_of.isoformat(), NUMBER: str(place)}
    value = own.get(column.says, row.values.get(column.says, ""))
    if not value:
        return column.empty
    if value in column.codes:
        return column.codes[value]
    if column.table:
        return codes.table(column.table).label(value)
    if column.day:
        day = date.fromisoformat(value)
        return column.day.format(year=day.year, month=day.month, day=day.day)
    return _styled(value, column.style) if column.style and row.n % EVERY[column.style] == 0 else value


def _styled(value: str, style: str) -> str:
    if style == "lower":
        return value.lower()
    if style == "spaced":
        return " ".join(value) if len(value) == 2 else value
    if style == "wide":
        return value.translate(WIDE)
    old = idcard.to_15(value)
    return old if old and not idcard.is_centenarian_15(old) else value


def _book(titles: list[str], table: list[list[str]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for line, title in enumerate(titles, start=1):
        sheet.append([title])
        sheet.merge_cells(start_row=line, end_row=line, start_column=1, end_column=len(table[0]))
    for cells in table:
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _text(titles: list[str], table: list[list[str]]) -> bytes:
    """In the encoding of the offices' old programs."""
    out = StringIO()
    csv.writer(out).writerows([*([title] for title in titles), *table])
    return out.getvalue().encode("gb18030")
