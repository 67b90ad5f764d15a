"""Where encrypted values stand, found by walking the models, so that no column can be forgotten; and the statements that change their key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import connections

from linli.foundation.scope.models import EncryptedText


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table with encrypted columns. Names come from models, never from a person."""

    table: str
    key: str
    key_type: str
    columns: tuple[str, ...]

    @property
    def next_rows(self) -> str:
        """Parameters: the key to begin after (twice), for each column the beginning of values that need nothing (twice), how many.

        Rows somebody holds are left out: nobody waits here, so nobody can wait in a circle.
        """
        other = " OR ".join(f'substr("{c}", 1, octet_length(%s::bytea)) <> %s::bytea' for c in self.columns)
        columns = ", ".join(f'"{c}"' for c in self.columns)
        return (
            f'SELECT "{self.key}"::text, {columns} FROM "{self.table}" '
            f'WHERE (%s::{self.key_type} IS NULL OR "{self.key}" > %s::{self.key_type}) AND ({other}) '
            f'ORDER BY "{self.key}" LIMIT %s FOR NO KEY UPDATE SKIP LOCKED'
        )

    @property
    def change(self) -> str:
        """Parameters: arrays of keys, then for each column those of the old and of the new values. A row whose values are others by now is left alone."""
        kinds = [f"%s::{self.key_type}[]", *["%s::bytea[]", "%s::bytea[]"] * len(self.columns)]
        names = ["k", *(f"{side}{n}" for n in range(len(self.columns)) for side in ("o", "n"))]
        given = ", ".join(f'"{c}" = given.n{n}' for n, c in enumerate(self.columns))
        same = " AND ".join(f'kept."{c}" IS NOT DISTINCT FROM given.o{n}' for n, c in enumerate(self.columns))
        return (
            f'UPDATE "{self.table}" AS kept SET {given} FROM unnest({", ".join(kinds)}) AS given({", ".join(names)}) '
            f'WHERE kept."{self.key}" = given.k AND {same}'
        )

    @property
    def by_key(self) -> str:
        """What follows SELECT: name of the key, values of it. No parameters."""
        each = " UNION ALL ".join(f'SELECT "{c}" AS v FROM "{self.table}" WHERE "{c}" IS NOT NULL' for c in self.columns)
        return f"convert_from(substr(v, 3, get_byte(v, 1)), 'UTF8'), count(*) FROM ({each}) AS values GROUP BY 1"

    def sample(self, column: str) -> str:
        """What follows SELECT: some values of a column by chance. Parameter: how many."""
        return f'"{column}" FROM "{self.table}" WHERE "{column}" IS NOT NULL ORDER BY random() LIMIT %s'


@cache
def sealed_tables() -> tuple[SealedTable, ...]:
    """Every table of every app, by name."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        columns = tuple(str(f.column) for f in model._meta.local_concrete_fields if isinstance(f, EncryptedText))
        if columns:
            kind = {"uuid": "uuid", "bigint": "bigint"}[str(model._meta.pk.db_type(connections["default"])).split(" ")[0]]
            found.append(SealedTable(model._meta.db_table, str(model._meta.pk.column), kind, columns))
    return tuple(sorted(found, key=lambda one: one.table))
