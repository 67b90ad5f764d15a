"""Secondary indexes set aside while a big city is written: building one at once is cheaper than row by row. Needs the owner."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

_INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary
AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype = 'u')
"""
_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f'
"""


@contextmanager
def without_indexes(tables: tuple[str, ...], *, when: bool) -> Iterator[None]:
    """Drop and remake secondary indexes and foreign keys of ``tables`` around the block, and refresh the planner's statistics.

    Only as linli_owner (LINLI_OWNER_DATABASE_URL); without it the block runs with everything in place, more slowly. They are remade also
    when the block fails; foreign keys are checked over all rows then.
    """
    url = os.environ.get("LINLI_OWNER_DATABASE_URL", "")
    if not url:
        yield
        return
    with psycopg.connect(url, autocommit=True) as owner:
        again: list[str] = []
        if when:
            keys = owner.execute(_FOREIGN_KEYS, [list(tables)]).fetchall()
            indexes = owner.execute(_INDEXES, [list(tables)]).fetchall()
            again = [definition for _, definition in indexes] + [
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}" for table, name, rule in keys
            ]
            with owner.transaction():
                for table, name, _ in keys:
                    owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
                for name, _ in indexes:
                    owner.execute(f"DROP INDEX {name}")
        try:
            yield
        finally:
            for statement in again:
                owner.execute(statement)
        for table in tables:
            owner.execute(f"ANALYZE {table}")
