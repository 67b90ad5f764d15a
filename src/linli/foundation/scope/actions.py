"""`with scoped(actor):` opens the transaction and tells PostgreSQL who is acting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from linli.foundation.scope.engine import Scope, current, settings_of
from linli.foundation.types import Actor


def _apply(values: dict[str, str]) -> None:
    names = list(values)
    sql = "SELECT " + ", ".join(["set_config(%s, %s, true)"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(sql, [part for name in names for part in (name, values[name])])


@contextmanager
def scoped(actor: Actor) -> Iterator[Scope]:
    """Run a block as ``actor``: one transaction (a savepoint inside another scope), rights set for exactly its length.

    What was put on ``scope.afterwards`` runs after the outermost block has committed or rolled back: the trail of refused attempts is written there.
    """
    outer = current.get()
    if outer is not None and outer.actor == actor:
        with transaction.atomic():
            yield outer
        return
    scope = Scope(actor, afterwards=outer.afterwards if outer else [])
    token = None
    try:
        with transaction.atomic():
            _apply(settings_of(actor))
            token = current.set(scope)
            yield scope
            if connection.in_atomic_block and not connection.needs_rollback and (outer or len(connection.savepoint_ids)):
                _apply(settings_of(outer.actor) if outer else dict.fromkeys(settings_of(actor), ""))
    finally:
        if token is not None:
            current.reset(token)
        if outer is None:
            while scope.afterwards:
                scope.afterwards.pop(0)()
