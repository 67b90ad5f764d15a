"""A row made ready to be judged: in the register's own form, with the blind indexes it is looked up by and its content as an entry keeps it.

All that takes time and touches no database, so that another process may do it (`engine.ahead`).
"""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from linli.foundation.scope.engine import blind_index, keyring
from linli.registry.imports.engine.formats import Line
from linli.registry.imports.engine.reading import open_table
from linli.registry.imports.engine.standard import Standardiser
from linli.registry.imports.types import Mapping, Standard
from linli.registry.people.types import ID_INDEX

KEY_INDEX, CONTENT_INDEX = "entry.key", "entry.content"
PORTION: Final = 1000  # rows judged together, and written in one transaction


class Prepared(NamedTuple):
    """``number_index``: blind index of the identity number, as people have it; ``key_index`` and ``digest``: of the office's own key, and of what the row
    says and of when; ``content``: encrypted. A refused row has only itself."""

    row: Standard
    number_index: bytes = b""
    key_index: bytes = b""
    digest: bytes = b""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Task:
    """What has to be read: a stored file in an office's layout, from behind a line on. ``regions`` as `Standardiser` wants them."""

    path: Path
    name: str
    mapping: Mapping
    today: date
    batch_day: date
    regions: dict[str, str]
    after: int = 0


Portion = tuple[int, list[Prepared]]
"""The line before the rows, and the rows."""


def prepared(task: Task) -> Generator[Portion, None, None]:
    """The rows of a file portion by portion. Errors: those of `open_table`, and `Invalid` when the rest of the file cannot be read."""
    with open_table(task.path, task.name, task.mapping) as table:
        reader = Standardiser(task.mapping, table.headings, today=task.today, batch_day=task.batch_day, regions=task.regions)
        rows, last = table.rows(after=task.after), task.after
        while lines := list(islice(rows, PORTION)):
            yield last, [_prepare(task.mapping.source, reader, line) for line in lines]
            last = lines[-1][0]


def _prepare(source: str, reader: Standardiser, line: Line) -> Prepared:
    row = reader.standardise(*line)
    if row.refused:
        return Prepared(row)
    content, number = content_of(row), row.values.get("id_number", "")
    key, digest = blind_index(f"{source}\x1f{row.key}", KEY_INDEX), blind_index(f"{row.as_of}\x1f{content}", CONTENT_INDEX)
    return Prepared(row, blind_index(number, ID_INDEX), key, digest, keyring().encrypt(content))


def content_of(row: Standard) -> str:
    """The values of a row as an entry keeps them."""
    return json.dumps(row.values, ensure_ascii=False, sort_keys=True)
