"""INSERT and UPDATE of one row, whose SQL is written once a set of columns: most statements of an action are these (ADR 0009)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connections, models, transaction
from django.db.models.expressions import DatabaseDefault

from linli.foundation.scope.engine import Given, gathered_now

_SQL: dict[tuple[Any, ...], str] = {}
FIELD, NULL = "\x1f", "\\N"
"""Between the values of a line, and a value that is not there. Values hold neither line feeds nor control characters."""
AS_THEY_ARE = 50  # values: the text of longer statements is taken apart anew each time by psycopg


class PlainWrites(models.Model):
    """A model whose rows are saved without Django composing the statement anew; anything but plain values goes Django's own way."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if args or kwargs != {"force_insert": True} or not self._insert():
            super().save(*args, **kwargs)

    def _insert(self) -> bool:
        """A new row without Django's walk over parents, generated keys and signals: of the first two there are none here, of signals nowhere."""
        meta, model = self._meta, type(self)
        if meta.parents or meta.db_returning_fields or self.pk is None:
            return False
        row = [(f, f.pre_save(self, True)) for f in meta.local_concrete_fields if not f.generated]
        given = [(f, v) for f, v in row if not isinstance(v, DatabaseDefault)]  # a column left to the database's default is not named
        if not _plain(given):
            return False
        waiting = gathered_now()
        if waiting is not None:
            waiting.add(model, self.pk, {f.attname: (f, v) for f, v in given})
        else:
            with transaction.mark_for_rollback_on_error("default"):
                _run_many(model, tuple(f for f, _ in given), [[v for _, v in given]])
        self._state.adding, self._state.db = False, "default"
        return True

    def _do_update(self, base_qs: Any, using: str | None, pk_val: Any, values: Any, *rest: Any) -> Any:
        given, (_, forced) = [(f, v) for f, _, v in values], rest
        if not given or not forced or not _plain(given):
            return super()._do_update(base_qs, using, pk_val, values, *rest)
        waiting = gathered_now()
        if waiting is not None and waiting.change(base_qs.model, pk_val, {f.attname: (f, v) for f, v in given}):
            return True
        sql = _update(base_qs.model, tuple(f for f, _ in given))
        return _run(using, sql, [*given, (base_qs.model._meta.pk, pk_val)]) > 0


def insert_rows(rows: Sequence[models.Model]) -> None:
    """New rows of one model in one statement, however many; keys that the database gives are not read back."""
    if not rows:
        return
    model, waiting = type(rows[0]), gathered_now()
    fields = tuple(f for f in model._meta.local_concrete_fields if not (f.generated or f.has_db_default() or f is model._meta.auto_field))
    if waiting is None:
        _run_many(model, fields, [[f.pre_save(row, True) for f in fields] for row in rows])
        return
    for row in rows:
        waiting.add(model, row.pk or id(row), {f.attname: (f, f.pre_save(row, True)) for f in fields})


def insert_lines(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[str | None]], constants: Mapping[str, Any]
) -> None:
    """Very many new rows of plain text: as one text that PostgreSQL takes apart, where an array would have to be quoted value by value.

    ``rows`` hold the values of the columns ``names`` as PostgreSQL reads them (bytes as \\x and hexadecimal digits; None for NULL), without control
    characters; ``constants`` are columns that are the same in all.
    """
    connection = connections["default"]
    text = "\n".join([FIELD.join([NULL if value is None else value for value in row]) for row in rows])
    if not text:
        return
    key = (model, (*names, *constants), "lines")
    sql = _SQL.get(key)
    if sql is None:
        kinds = {f.column: (f.db_type(connection) or "").partition("(")[0] for f in model._meta.local_concrete_fields}
        given = {name: kinds[name] for name in constants}
        sql = _SQL[key] = lines_taken_apart(model._meta.db_table, {name: kinds[name] for name in names}, given)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*constants.values(), text])


def lines_taken_apart(table: str, kinds: Mapping[str, str], constants: Mapping[str, str] | None = None) -> str:
    """An INSERT whose last parameter is lines of values between `FIELD`s; the parameters before it are those of ``constants``. Both: column -> type."""
    given = constants or {}
    columns = ", ".join(f'"{name}"' for name in (*kinds, *given))
    values = ", ".join(
        [*(f"c[{place}]::{kind}" for place, kind in enumerate(kinds.values(), 1)), *(f"%s::{kind}" for kind in given.values())]
    )
    lines = r"SELECT string_to_array(line, chr(31), '\N') AS c FROM string_to_table(%s, chr(10)) AS line OFFSET 0"
    return f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM ({lines}) AS lines'


def update_rows(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Some columns of existing rows of one model in one statement, however many."""
    if not rows:
        return
    model, connection = type(rows[0]), connections["default"]
    fields = [model._meta.pk, *(f for f in model._meta.local_concrete_fields if f.attname in names)]
    key = (model, tuple(fields), "updates")
    sql = _SQL.get(key)
    if sql is None:
        arrays = ", ".join(f"%s::{(f.db_type(connection) or '').partition('(')[0]}[]" for f in fields)
        columns = [f.column for f in fields]
        given = ", ".join(f'"{name}" = given."{name}"' for name in columns[1:])
        listed = ", ".join(f'"{name}"' for name in columns)
        sql = _SQL[key] = (
            f'UPDATE "{model._meta.db_table}" AS kept SET {given} FROM unnest({arrays}) AS given({listed}) '
            f'WHERE kept."{columns[0]}" = given."{columns[0]}"'
        )
    lines = [[f.get_db_prep_save(f.pre_save(row, False), connection=connection) for f in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*lines, strict=True)])


def insert_given(model: type[models.Model], rows: list[Given]) -> None:
    """Rows that have waited: those with the same columns in one statement."""
    alike: dict[tuple[Any, ...], list[list[Any]]] = {}
    for row in rows:
        alike.setdefault(tuple(f for f, _ in row.values()), []).append([v for _, v in row.values()])
    for fields, found in alike.items():
        _run_many(model, fields, found)


def _run_many(model: type[models.Model], fields: tuple[Any, ...], rows: list[list[Any]]) -> None:
    """A few rows as they are; many as arrays, whose statement is the same however many (but quoting what is in an array takes its time)."""
    connection = connections["default"]
    few = len(rows) == 1 or len(rows) * len(fields) <= AS_THEY_ARE
    key = (model, fields, len(rows) if few else "many")
    sql = _SQL.get(key)
    if sql is None:
        columns = ", ".join(f'"{f.column}"' for f in fields)
        # without the length: a cast to it would cut what is too long, where the column refuses it
        arrays = ", ".join(f"%s::{(f.db_type(connection) or '').partition('(')[0]}[]" for f in fields)
        places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(rows))
        sql = _SQL[key] = f'INSERT INTO "{model._meta.db_table}" ({columns}) ' + (
            f"VALUES {places}" if few else f"SELECT * FROM unnest({arrays})"
        )
    lines = [[f.get_db_prep_save(v, connection=connection) for f, v in zip(fields, row, strict=True)] for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(sql, [v for line in lines for v in line] if few else [list(column) for column in zip(*lines, strict=True)])


def _plain(given: list[tuple[Any, Any]]) -> bool:
    """No expressions, no columns that want more than a value (of those that do, PostgreSQL takes bytes as they are)."""
    return not any(
        hasattr(v, "resolve_expression") or (hasattr(f, "get_placeholder") and not isinstance(f, models.BinaryField)) for f, v in given
    )


def _run(using: str | None, sql: str, given: list[tuple[Any, Any]]) -> int:
    connection = connections[using or "default"]
    with connection.cursor() as cursor:
        cursor.execute(sql, [f.get_db_prep_save(v, connection=connection) for f, v in given])
        return int(cursor.rowcount)


def _update(model: type[models.Model], fields: tuple[Any, ...]) -> str:
    sql = _SQL.get((model, fields, "update"))
    if sql is None:
        columns = ", ".join(f'"{f.column}" = %s' for f in fields)
        key = model._meta.pk.column
        sql = _SQL[model, fields, "update"] = f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{key}" = %s'
    return sql
