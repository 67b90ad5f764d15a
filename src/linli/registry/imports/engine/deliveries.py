"""Records of another database as a file in the layout: every record under the first spelling of each heading, new fields noted, missing ones refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any

from django.utils.translation import gettext_noop

from linli.lib.errors import Invalid
from linli.registry.imports.types import Column, heading_key
from linli.registry.imports.types import Mapping as Layout

MOST_UNKNOWN = 50
LONGEST_LINE = 1_000_000


@dataclass(slots=True)
class Written:
    """What became a file: how many rows, its digest, and the headings the layout does not know."""

    rows: int = 0
    sha256: str = ""
    unknown: list[str] = field(default_factory=list)


class Writer:
    """Writes JSON lines, checking every record's fields against the layout. Errors: FIELDS_MISSING, DELIVERY_TOO_LARGE."""

    def __init__(self, layout: Layout, sink: IO[bytes], *, max_bytes: int) -> None:
        self._layout, self._sink, self._room = layout, sink, max_bytes
        self._digest, self._seen = hashlib.sha256(), dict[tuple[str, ...], list[tuple[str, list[str]]]]()
        self.written = Written()

    def add(self, record: Mapping[str, Any]) -> None:
        plan = self._plan(tuple(record))
        row = {heading: next((said for key in keys if (said := text(record[key]))), "") for heading, keys in plan}
        line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
        self._room -= len(line)
        if self._room < 0:
            raise Invalid(
                "DELIVERY_TOO_LARGE",
                gettext_noop("The delivery is larger than the largest file that can be taken."),
                hint=gettext_noop("Ask for less at a time: give the connector a column that tells what is new."),
            )
        self._digest.update(line)
        self._sink.write(line)
        self.written.rows += 1

    def end(self) -> Written:
        self.written.sha256 = self._digest.hexdigest()
        return self.written

    def _plan(self, keys: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        """For each column of the layout the fields of the record that are it; made once for records of one shape."""
        if keys not in self._seen:
            self._seen[keys] = self._new_plan(keys)
        return self._seen[keys]

    def _new_plan(self, keys: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        by_key = {heading_key(key): key for key in keys}
        plan = [(one.headings[0], [by_key[h] for h in map(heading_key, one.headings) if h in by_key]) for one in self._layout.columns]
        missing = [one.headings[0] for one, (_, found) in zip(self._layout.columns, plan, strict=True) if not found and self._obliged(one)]
        if missing:
            raise Invalid(
                "FIELDS_MISSING",
                gettext_noop("The other database no longer sends %(headings)s: its shape has changed. Nothing was taken over."),
                hint=gettext_noop("Ask the office what has changed, or add the new spelling to the layout."),
                data={"headings": ", ".join(missing)},
            )
        known = {heading_key(heading) for one in self._layout.columns for heading in one.headings}
        for key in keys:
            if heading_key(key) not in known and key[:60] not in self.written.unknown and len(self.written.unknown) < MOST_UNKNOWN:
                self.written.unknown.append(key[:60])
        return plan

    def _obliged(self, column: Column) -> bool:
        return column.required or (bool(self._layout.key) and heading_key(self._layout.key) in map(heading_key, column.headings))


def text(value: Any) -> str:
    """A value as a cell of text."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def records_of(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """JSON lines of a push; LINE_DAMAGED names the first that is no object: nothing of such a delivery is taken over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, parse_int=str, parse_float=str) if len(line) <= LONGEST_LINE else None
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise Invalid("LINE_DAMAGED", gettext_noop("Line %(line)s is no JSON object."), field="file", data={"line": number})
        yield value
