"""The file that goes back to an office: its own rows in its own layout, and what becomes of each and why."""

from __future__ import annotations

import csv
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from django.utils.translation import gettext_noop

from linli.registry.imports.engine.bookwriting import BookWriter
from linli.registry.imports.engine.cells import guard
from linli.registry.imports.engine.formats import CSV, JSONL, PARQUET, XLSX, FileFormat
from linli.registry.imports.types import PEOPLE, WORDS_OF, Problem, Verdict, heading_key

VERDICT_HEADING, REASONS_HEADING = gettext_noop("What becomes of the row"), gettext_noop("Reasons")
BETWEEN_REASONS = "; "


def verdict_ending(form: FileFormat) -> str:
    """The ending of the verdict file's name, without a point."""
    return {CSV: CSV, JSONL: JSONL, PARQUET: JSONL}.get(form.kind, XLSX)


class VerdictWriter:
    """Writes row after row; nothing but a text file's buffer is held. Use it in a `with`, or call `close`.

    `headings` and `form` are those of the table that was read; `translate` turns msgids into words. A file that comes back with the verdicts of
    an earlier time gets new ones in their place. What a spreadsheet would run as a formula is written as text.
    """

    def __init__(self, path: Path, form: FileFormat, headings: Sequence[str], translate: Callable[[str], str], about: str = PEOPLE) -> None:
        self._translate = translate
        own = (translate(VERDICT_HEADING), translate(REASONS_HEADING))
        earlier = {heading_key(heading) for heading in own}
        self._kept = [index for index, heading in enumerate(headings) if heading_key(heading) not in earlier]
        self._width = len(headings)
        self._words = {verdict: translate(word) for verdict, word in WORDS_OF[about].items()}
        layout = [*(headings[index] for index in self._kept), *own]
        kinds: dict[str, type[_File]] = {CSV: _Csv, JSONL: _Jsonl}
        self._file = kinds.get(verdict_ending(form), _Xlsx)(path, form, layout)

    def write(self, cells: Sequence[str], verdict: Verdict, problems: Iterable[Problem] = ()) -> None:
        """A row as it came. Cells beyond the headings follow after the reasons: nothing of the office is lost."""
        reasons = BETWEEN_REASONS.join(problem.text(self._translate) for problem in problems)
        kept = [cells[index] if index < len(cells) else "" for index in self._kept]
        self._file.write([*kept, self._words[verdict], reasons, *cells[self._width :]])

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class _File(ABC):
    def __init__(self, path: Path, form: FileFormat, headings: list[str]) -> None:
        self._path, self._form, self._headings = path, form, headings
        self.open()

    @abstractmethod
    def open(self) -> None: ...

    @abstractmethod
    def write(self, cells: list[str]) -> None: ...

    @abstractmethod
    def close(self) -> None: ...


class _Csv(_File):
    """In the encoding and with the delimiter of the file that came."""

    def open(self) -> None:
        self._out = self._path.open("w", encoding=self._form.encoding, errors="replace", newline="")
        self._rows = csv.writer(self._out, delimiter=self._form.delimiter)
        self.write(self._headings)

    def write(self, cells: list[str]) -> None:
        self._rows.writerow([guard(cell) for cell in cells])

    def close(self) -> None:
        self._out.close()


class _Jsonl(_File):
    """Always UTF-8; cells beyond the headings stand under an empty key."""

    def open(self) -> None:
        self._out = self._path.open("w", encoding="utf-8", errors="replace")

    def write(self, cells: list[str]) -> None:
        record: dict[str, object] = dict(zip(self._headings, cells, strict=False))
        if more := cells[len(self._headings) :]:
            record[""] = more
        self._out.write(json.dumps(record, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._out.close()


class _Xlsx(_File):
    """Every cell is text: identity numbers keep their digits, and nothing runs."""

    def open(self) -> None:
        self._book = BookWriter(self._path, self._headings)

    def write(self, cells: list[str]) -> None:
        self._book.write(cells)

    def close(self) -> None:
        self._book.close()
