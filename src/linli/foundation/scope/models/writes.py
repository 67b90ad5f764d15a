"""INSERT and UPDATE of one row, whose SQL is written once a set of columns: most statements of an action are these (ADR 0009)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections, models, transaction
from django.db.models.expressions import DatabaseDefault

_SQL: dict[tuple[Any, ...], str] = {}


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
        with transaction.mark_for_rollback_on_error("default"):
            _run("default", _insert(model, tuple(f for f, _ in given)), given)
        self._state.adding, self._state.db = False, "default"
        return True

    def _do_update(self, base_qs: Any, using: str | None, pk_val: Any, values: Any, *rest: Any) -> Any:
        given, (_, forced) = [(f, v) for f, _, v in values], rest
        if not given or not forced or not _plain(given):
            return super()._do_update(base_qs, using, pk_val, values, *rest)
        sql = _update(base_qs.model, tuple(f for f, _ in given))
        return _run(using, sql, [*given, (base_qs.model._meta.pk, pk_val)]) > 0


def insert_rows(rows: Sequence[models.Model]) -> None:
    """New rows of one model in one statement, however many; keys that the database gives are not read back."""
    if not rows:
        return
    model = type(rows[0])
    fields = tuple(f for f in model._meta.local_concrete_fields if not (f.generated or f.has_db_default() or f is model._meta.auto_field))
    connection = connections["default"]
    sql = _SQL.get((model, fields, "many"))
    if sql is None:
        columns = ", ".join(f'"{f.column}"' for f in fields)
        # without the length: a cast to it would cut what is too long, where the column refuses it
        arrays = ", ".join(f"%s::{(f.db_type(connection) or '').partition('(')[0]}[]" for f in fields)
        sql = _SQL[model, fields, "many"] = f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT * FROM unnest({arrays})'
    values = [[f.get_db_prep_save(f.pre_save(row, True), connection=connection) for row in rows] for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


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


def _insert(model: type[models.Model], fields: tuple[Any, ...]) -> str:
    sql = _SQL.get((model, fields))
    if sql is None:
        columns, places = ", ".join(f'"{f.column}"' for f in fields), ", ".join(["%s"] * len(fields))
        sql = _SQL[model, fields] = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})'
    return sql


def _update(model: type[models.Model], fields: tuple[Any, ...]) -> str:
    sql = _SQL.get((model, fields, "update"))
    if sql is None:
        columns = ", ".join(f'"{f.column}" = %s' for f in fields)
        key = model._meta.pk.column
        sql = _SQL[model, fields, "update"] = f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{key}" = %s'
    return sql
