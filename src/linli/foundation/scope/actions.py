"""`with scoped(actor):` opens the transaction and tells PostgreSQL who is acting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from linli.foundation.scope.engine import KEPT, PLANS, Gathered, Scope, current, settings_of
from linli.foundation.scope.models import insert_given
from linli.foundation.types import ANONYMOUS, Actor

NOBODYS = dict.fromkeys(settings_of(ANONYMOUS), "") | {PLANS: KEPT}


def _turn(before: dict[str, str], after: dict[str, str]) -> None:
    """Set what differs. Outside every scope all settings are empty: PostgreSQL takes local ones back at the end of a transaction."""
    values = {name: value for name, value in after.items() if value != before[name]}
    if not values:
        return
    sql = "SELECT " + ", ".join(["set_config(%s, %s, true)"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(sql, [part for pair in values.items() for part in pair])


@contextmanager
def within(actor: Actor) -> Iterator[Scope]:
    """The scope of a write: the open one when it is this actor's (an error is left to whoever catches it), else one of its own."""
    outer = current.get()
    if outer is None or outer.actor != actor:
        with scoped(actor, by_key=True) as scope:
            yield scope
        return
    if not outer.by_key:
        _turn(settings_of(actor), settings_of(actor, True))
        outer.by_key = True
    yield outer


@contextmanager
def scoped(actor: Actor, *, savepoint: bool = True, by_key: bool = False) -> Iterator[Scope]:
    """Run a block as ``actor``: one transaction (a savepoint inside another scope), rights set for exactly its length.

    ``savepoint`` False spares two round trips where nobody catches an error between this block and the next savepoint further out: an
    error then undoes everything up to that one. ``by_key``: see `settings_of`; a scope within one that has it has it too.

    What was put on ``scope.afterwards`` runs after the outermost block has committed or rolled back: the trail of refused attempts is written there.
    """
    outer = current.get()
    if outer is not None and outer.actor == actor:
        with _as_before(outer.gathered, savepoint), transaction.atomic(savepoint=savepoint):
            yield outer
        return
    if outer is not None and outer.gathered is not None:
        outer.gathered.write()  # rows are written by whom they are from
    by_key = by_key or (outer is not None and outer.by_key)
    scope = Scope(actor, by_key, afterwards=outer.afterwards if outer else [])
    token = None
    try:
        with transaction.atomic(savepoint=savepoint):
            own, others = settings_of(actor, by_key), settings_of(outer.actor, outer.by_key) if outer else NOBODYS
            _turn(others, own)
            token = current.set(scope)
            yield scope
            if connection.in_atomic_block and not connection.needs_rollback and (outer or len(connection.savepoint_ids)):
                _turn(own, others)
    finally:
        if token is not None:
            current.reset(token)
        if outer is None:
            while scope.afterwards:
                scope.afterwards.pop(0)()


@contextmanager
def _as_before(gathered: Gathered | None, savepoint: bool) -> Iterator[None]:
    """After an error wait the rows that waited before it, as they were."""
    if gathered is None:
        yield
        return
    mark = gathered.mark(savepoint and connection.in_atomic_block)
    try:
        yield
    except BaseException:
        gathered.back_to(mark)
        raise


@contextmanager
def gathering(actor: Actor) -> Iterator[None]:
    """New rows, events and jobs of the block are written together at its end (ADR 0010): for several actions that change each other's rows.

    What the database refuses (a key given twice, a row out of sight) is heard at the end of the block at the latest, not by the action.
    """
    with within(actor) as scope:
        if scope.gathered is not None:
            yield
            return
        gathered = scope.gathered = Gathered(insert_given)
        try:
            with connection.execute_wrapper(gathered.before):
                try:
                    yield
                finally:  # after an error, too: what the actions before it did stands, as without gathering
                    if not connection.needs_rollback:
                        gathered.close()
        finally:
            scope.gathered = None
