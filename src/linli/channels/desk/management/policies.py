"""Row policies of the database against those of the program, word for word as PostgreSQL understands them."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from linli.foundation.scope.models import PROTECTIONS

Policies = frozenset[tuple[object, ...]]


class _UndoError(Exception):
    """Rolls the comparison back."""


def differing_policies() -> list[str]:
    """Tables whose policies are missing, switched off or different.

    PostgreSQL keeps policies in a form of its own; so the program's are made on a temporary table of the same name and both are read
    back. Needs the right to make temporary tables, which every role of a PostgreSQL database has unless it was taken away.
    """
    wrong = []
    for table, protection in PROTECTIONS.items():
        with connection.cursor() as cursor:
            there = _read(cursor, table, "schemaname = 'public'")
            cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass(%s)", [f"public.{table}"])
            switched = cursor.fetchone()
            if not switched or not switched[0] or there != _expected(cursor, table, protection.policy_sql()):
                wrong.append(table)
    return wrong


def _expected(cursor: CursorWrapper, table: str, statements: list[str]) -> Policies:
    found: Policies = frozenset()
    try:
        with transaction.atomic():
            name = connection.ops.quote_name(table)
            cursor.execute(f"CREATE TEMPORARY TABLE {name} (LIKE public.{name}) ON COMMIT DROP")
            for statement in statements:
                cursor.execute(statement)
            found = _read(cursor, table, "schemaname LIKE 'pg_temp%%'")
            raise _UndoError
    except _UndoError:
        return found


def _read(cursor: CursorWrapper, table: str, where: str) -> Policies:
    cursor.execute(
        f"SELECT policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies WHERE tablename = %s AND {where}",
        [table],
    )
    return frozenset(cursor.fetchall())
