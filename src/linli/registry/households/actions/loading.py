"""Loading a synthetic city by the million: worker processes make rows as text, one transaction of linli_owner takes them in.

Secondary indexes, keys and foreign keys are dropped in that transaction (and triggers silenced), the rows copied, everything made again and checked
over all rows, and committed at once. Nobody can meet a table without them: a load that is killed leaves what was there before. linli_owner owns the
tables, so the policies of row-level security do not touch it and are not touched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import LiteralString, Protocol

import psycopg
from django.db import connection
from psycopg import sql

from linli.foundation.scope.actions import scoped
from linli.foundation.scope.models import FIELD, NULL, lines_taken_apart
from linli.foundation.types import Actor
from linli.lib.errors import Conflict

Texts = Mapping[str, bytes]
"""Lines of each table, each closed by a line feed."""
_QUOTE = "\x01"
_LOCK_WAIT = "20s"

_CONSTRAINTS = """
SELECT k.conrelid::regclass::text, quote_ident(k.conname), pg_get_constraintdef(k.oid), k.contype = 'f' FROM pg_constraint k
WHERE (k.conrelid = ANY(%(tables)s::regclass[]) AND k.contype IN ('p', 'u', 'f')) OR (k.confrelid = ANY(%(tables)s::regclass[]) AND k.contype = 'f')
ORDER BY k.contype = 'f', k.contype <> 'p', 1, 2
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = ANY(%(tables)s::regclass[]) AND (i.indpred IS NULL OR i.indrelid <> ALL(%(sparse)s::regclass[]))
AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))
ORDER BY 1
"""
_TYPES = """
SELECT split_part(format_type(a.atttypid, a.atttypmod), '(', 1) FROM unnest(%s::text[]) WITH ORDINALITY AS c(name, place)
JOIN pg_attribute a ON a.attrelid = %s::regclass AND a.attname = c.name ORDER BY c.place
"""


class Load(Protocol):
    """Takes in lines."""

    def take(self, texts: Texts) -> None: ...

    def run(self, statement: LiteralString, parameters: Sequence[str]) -> None:
        """Something small that has to be there with the rows or not at all."""


@contextmanager
def city_load(actor: Actor, tables: Mapping[str, str], sparse: Sequence[str] = ()) -> Iterator[Load]:
    """Take rows into ``tables`` (name -> columns, those referred to first); all of them or none.

    Partial indexes of ``sparse`` tables hold few of their rows: they stay in place, because making each anew would read the whole table.

    With LINLI_OWNER_DATABASE_URL as the module says; `Conflict` when the tables are in use. Without it (the operator keeps the owner to himself), and
    inside a transaction of the caller's, as ``actor`` under the policies with everything in place: slower, the same rows.
    """
    url = os.environ.get("LINLI_OWNER_DATABASE_URL", "")
    if not url or connection.in_atomic_block:
        with scoped(actor):
            yield _UnderPolicies(tables)
        return
    with psycopg.connect(url, dbname=connection.settings_dict["NAME"]) as owner:  # the role is the owner's, the database the application's
        try:
            load = _InOneTransaction(owner, tables, sparse)
        except psycopg.errors.LockNotAvailable:
            raise Conflict("CITY_IN_USE", "Somebody uses the tables of the city.", hint="Stop web and worker while it is built.") from None
        yield load
        load.finish()


class _InOneTransaction:
    """The owner's way. Nothing is seen by anybody before `finish` and the commit after it."""

    def __init__(self, owner: psycopg.Connection, tables: Mapping[str, str], sparse: Sequence[str]) -> None:
        self._owner, self._tables = owner, tables
        names = {"tables": list(tables), "sparse": list(sparse)}
        owner.execute(f"SET LOCAL lock_timeout = '{_LOCK_WAIT}'")
        owner.execute("SET LOCAL maintenance_work_mem = '512MB'")
        owner.execute("SET LOCAL work_mem = '128MB'")
        owner.execute(_said(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE"))
        keys = owner.execute(_CONSTRAINTS, names).fetchall()
        indexes = owner.execute(_INDEXES, names).fetchall()
        self._again = [f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}" for table, name, rule, foreign in keys if not foreign]
        self._again += [definition for _, definition in indexes]
        self._again += [f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}" for table, name, rule, foreign in keys if foreign]
        for table, name, _, _ in reversed(keys):
            owner.execute(_said(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
        for name, _ in indexes:
            owner.execute(_said(f"DROP INDEX {name}"))
        for table in tables:  # triggers that follow changes: a subscriber begins with the whole register anyway
            owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        self._copies = {table: self._copy(table) for table in tables}

    def _copy(self, table: str) -> sql.Composed:
        """A table that was empty gets a new file, whose rows are written frozen: no vacuum has to visit them again."""
        found = self._owner.execute(sql.SQL("SELECT NOT EXISTS (SELECT FROM {})").format(sql.Identifier(table))).fetchone()
        empty = bool(found and found[0])
        if empty:
            self._owner.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(table)))
        columns = sql.SQL(", ").join(map(sql.Identifier, self._tables[table].split(",")))
        return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, ENCODING utf8, DELIMITER {}, NULL {}, QUOTE {}, FREEZE {})").format(
            sql.Identifier(table), columns, FIELD, NULL, _QUOTE, empty
        )

    def take(self, texts: Texts) -> None:
        with self._owner.cursor() as cursor:
            for table, text in texts.items():
                if text:
                    with cursor.copy(self._copies[table]) as copy:
                        copy.write(text)

    def run(self, statement: LiteralString, parameters: Sequence[str]) -> None:
        self._owner.execute(statement, parameters)

    def finish(self) -> None:
        """Indexes, keys, foreign keys (checked over all rows), and the planner's statistics."""
        for statement in self._again:
            self._owner.execute(_said(statement))
        for table in self._tables:
            self._owner.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
            self._owner.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))


class _UnderPolicies:
    """The application's way: COPY is refused where policies apply, so a batch goes in as one text that PostgreSQL takes apart."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._tables = tables
        self._inserts: dict[str, str] = {}

    def take(self, texts: Texts) -> None:
        with connection.cursor() as cursor:
            for table, text in texts.items():
                if text:
                    cursor.execute(self._insert(table), [text.decode().removesuffix("\n")])

    def run(self, statement: LiteralString, parameters: Sequence[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)

    def _insert(self, table: str) -> str:
        if table not in self._inserts:
            names = self._tables[table].split(",")
            with connection.cursor() as cursor:
                cursor.execute(_TYPES, [names, table])
                self._inserts[table] = lines_taken_apart(table, dict(zip(names, (kind for (kind,) in cursor.fetchall()), strict=True)))
        return self._inserts[table]


def _said(statement: str) -> LiteralString:
    """What PostgreSQL itself gave us as a definition, with our own table names; nothing from outside."""
    return statement


def lines(rows: Sequence[Sequence[str | None]]) -> bytes:
    """Rows as lines."""
    return "".join(FIELD.join([NULL if value is None else value for value in row]) + "\n" for row in rows).encode()
