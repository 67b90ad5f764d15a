"""Rows that wait until the end of a block, so that what one step writes and the next one changes is written once (ADR 0010)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Given = dict[str, tuple[Any, Any]]
"""One row as it will be written: column name -> (field, value)."""
Mark = tuple[dict[Any, dict[Any, Given]], dict[Callable[[list[Any]], None], list[Any]]]


class Gathered:
    """What a block has written so far and PostgreSQL does not know yet. Holds new rows, and what is to be written when it closes.

    It is asked before every statement of the connection (`before`). A question about other tables goes ahead; anything that names a table
    with a waiting row, and any write of somebody else's, lets them be written first: nobody ever reads past them.
    """

    def __init__(self, insert: Callable[[Any, list[Given]], None]) -> None:
        self._insert = insert
        self._rows: dict[Any, dict[Any, Given]] = {}
        self._later: dict[Callable[[list[Any]], None], list[Any]] = {}
        self._known: set[str] = set()
        self._expected = False
        self._writing = False

    def add(self, model: Any, key: Any, given: Given) -> None:
        """A new row waits; one with a key that waits already is for the database to judge."""
        if self.waits(model, key):
            self.write()
        self._rows.setdefault(model, {})[key] = given

    def change(self, model: Any, key: Any, given: Given) -> bool:
        """Change a waiting row; False when there is none with that key."""
        row = self._rows.get(model, {}).get(key)
        if row is None:
            return False
        row.update(given)
        return True

    def waits(self, model: Any, key: Any) -> bool:
        return key in self._rows.get(model, ())

    def drop(self, model: Any, column: str, value: Any) -> None:
        """Forget the waiting rows of ``model`` that hold ``value`` there: as if they had been deleted."""
        rows = self._rows.get(model, {})
        for key in [k for k, given in rows.items() if given[column][1] == value]:
            del rows[key]

    def at_the_end(self, write: Callable[[list[Any]], None], item: Any) -> None:
        """Call ``write`` once when the block closes, with all items it was given."""
        self._later.setdefault(write, []).append(item)

    def mark(self, savepoint: bool) -> Mark:
        """What waits now, to come `back_to` when the savepoint about to be made is rolled back."""
        self._expected = savepoint
        rows = {model: {key: dict(given) for key, given in rows.items()} for model, rows in self._rows.items()}
        return rows, {write: list(items) for write, items in self._later.items()}

    def back_to(self, mark: Mark) -> None:
        self._rows, self._later = mark

    def write(self) -> None:
        """Write the waiting rows, table by table in the order in which they were first written to."""
        rows, self._rows = self._rows, {}
        self._writing = True
        try:
            for model, found in rows.items():
                if found:
                    self._insert(model, list(found.values()))
        finally:
            self._writing = False

    def close(self) -> None:
        """Write everything."""
        self.write()
        later, self._later = self._later, {}
        for write, items in later.items():
            write(items)

    def before(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Django's wrapper around each statement."""
        if not self._writing:
            self._look(sql)
        return execute(sql, params, many, context)

    def _look(self, sql: str) -> None:
        first = sql.lstrip()[:8].upper()
        if first == "ROLLBACK":  # to a savepoint: `back_to` brings again what waited when it was made
            self._rows, self._later = {}, {}
        elif first == "SAVEPOIN" and self._expected:
            self._expected = False
            self._known.add(sql.split()[-1])
        elif first == "RELEASE " and sql.split()[-1] in self._known:
            pass
        elif not first.startswith("SELECT") or any(model._meta.db_table in sql for model in self._rows):
            self.write()
