"""A file of another office as one table: its heading row found below titles, its blank lines left out, however long it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from django.utils.translation import gettext_noop

from linli.lib.errors import Invalid
from linli.registry.imports.engine.formats import FileFormat, Line, Opened, Sheet, open_file
from linli.registry.imports.types import Mapping, heading_key

HEADING_WITHIN = 10
"""Lines among which the heading row is looked for: offices put titles, remarks and dates above it."""

__all__ = ["FileFormat", "Table", "open_table"]


@dataclass(frozen=True, slots=True)
class Table:
    """An opened file. `titles` are the lines above the headings; `left_out` names the sheets with other headings, which are not read.

    Use it in a `with`, or call `close`.
    """

    format: FileFormat
    headings: list[str]
    titles: list[list[str]]
    left_out: tuple[str, ...]
    _opened: Opened
    _sheets: tuple[tuple[Sheet, int], ...]

    def rows(self, after: int = 0) -> Iterator[Line]:
        """(line number, cells) of each row that is not blank, from the beginning or `after` a line.

        A row has a cell for each heading, and more only where the file has too many. Lines of further sheets are counted on.
        `Invalid` when the rest of the file cannot be read.
        """
        width, before = len(self.headings), 0
        for sheet, heading_line in self._sheets:
            number = 0
            with closing(sheet.lines(max(0, after - before))) as lines:
                for number, cells in lines:
                    if number <= heading_line or before + number <= after or not any(map(str.strip, cells)):
                        continue
                    yield before + number, _fit(cells, width)
            before += number

    def __iter__(self) -> Iterator[Line]:
        return self.rows()

    def close(self) -> None:
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class _Found(NamedTuple):
    """The likeliest heading row of a sheet: how many columns of the mapping it has (without one: how far up it stands), and which it must have and lacks."""

    hits: int
    cells: int
    line: int
    headings: list[str]
    titles: list[list[str]]
    missing: list[str]


def open_table(path: Path, name: str, mapping: Mapping | None = None) -> Table:
    """Open a file that the office called `name`. The heading row is the one with most headings of the mapping; without a mapping, the
    first one with several cells, all different.

    `Invalid` of `open_file`, and HEADINGS_MISSING that names what lacks.
    """
    ways = open_file(path, name)
    try:
        best = _best(ways, mapping)
        if best is None or best[0].missing:
            raise _no_headings(mapping, best[0].missing if best else [])
        found, opened, index = best
        sheets, left_out = _further(opened.sheets, index, found, mapping)
    except BaseException:
        for way in ways:
            way.close()
        raise
    return Table(opened.format, found.headings, found.titles, left_out, opened, sheets)


def _best(ways: tuple[Opened, ...], mapping: Mapping | None) -> tuple[_Found, Opened, int] | None:
    """The likeliest heading row of all sheets, however the file is read; a way in which it cannot be read counts only if there is no other."""
    best: tuple[_Found, Opened, int] | None = None
    wrong: Invalid | None = None
    for opened in ways:
        for index, sheet in enumerate(opened.sheets):
            try:
                found = _heading_row(sheet, mapping)
            except Invalid as error:
                wrong = wrong or error
                continue
            if found and (best is None or _rank(found) > _rank(best[0])):
                best = found, opened, index
    if wrong is not None and (best is None or best[0].missing):
        raise wrong
    return best


def _rank(found: _Found) -> tuple[bool, int, int]:
    return not found.missing, found.hits, found.cells


def _heading_row(sheet: Sheet, mapping: Mapping | None) -> _Found | None:
    """The best of the first lines; of equal ones the first."""
    best: _Found | None = None
    titles: list[list[str]] = []
    with closing(sheet.lines()) as lines:
        for number, cells in islice(lines, 1 if sheet.keyed else HEADING_WITHIN):
            headings = _trimmed(cells)
            found = _judge(number, headings, list(titles), mapping)
            if found and mapping is None:
                return found
            if found and (best is None or _rank(found) > _rank(best)):
                best = found
            if headings:
                titles.append(headings)
    return best


def _judge(line: int, headings: list[str], titles: list[list[str]], mapping: Mapping | None) -> _Found | None:
    keys = {key for heading in headings if (key := heading_key(heading))}
    if mapping is None:
        plain = len(keys) >= 2 and len(keys) == len(headings)
        return _Found(HEADING_WITHIN - line, len(keys), line, headings, titles, []) if plain else None
    missing, hits = [], 0
    obliged = {heading_key(mapping.key)} if mapping.key else set()
    for column in mapping.columns:
        spellings = set(map(heading_key, column.headings))
        if spellings & keys:
            hits += 1
        elif column.required or spellings & obliged:
            missing.append(column.headings[0])
    return _Found(hits, len(keys), line, headings, titles, missing) if hits else None


def _further(
    sheets: tuple[Sheet, ...], index: int, found: _Found, mapping: Mapping | None
) -> tuple[tuple[tuple[Sheet, int], ...], tuple[str, ...]]:
    """The sheets with the same headings, from the first on, and the names of the others that hold something."""
    kept, left_out = [], []
    same = [heading_key(heading) for heading in found.headings]
    for place, sheet in enumerate(sheets):
        other = found if place == index else _heading_row(sheet, mapping)
        if other and [heading_key(heading) for heading in other.headings] == same:
            kept.append((sheet, other.line))
        elif _holds_something(sheet):
            left_out.append(sheet.name)
    return tuple(kept), tuple(left_out)


def _holds_something(sheet: Sheet) -> bool:
    with closing(sheet.lines()) as lines:
        return any(any(map(str.strip, cells)) for _, cells in islice(lines, HEADING_WITHIN))


def _trimmed(cells: list[str]) -> list[str]:
    """Headings on one line each, without the empty ones at the end."""
    headings = [" ".join(cell.split()) for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    return headings


def _fit(cells: list[str], width: int) -> list[str]:
    """As many cells as headings; what stands further to the right stays only if it is not blank."""
    if len(cells) < width:
        return cells + [""] * (width - len(cells))
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells


def _no_headings(mapping: Mapping | None, missing: list[str]) -> Invalid:
    if mapping is not None and not missing:
        missing = [column.headings[0] for column in mapping.columns if column.required]
    return Invalid(
        "HEADINGS_MISSING",
        gettext_noop("The first ten lines hold no heading row with these headings: %(headings)s."),
        field="file",
        hint=gettext_noop("Check that the file is the office's own and that its layout was chosen; or add the spelling to the layout."),
        data={"headings": ", ".join(missing)},
    )
