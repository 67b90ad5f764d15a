"""Which key opens how many values: numbers only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from linli.foundation.privacy.engine.sealed import sealed_tables
from linli.foundation.privacy.models import KeyTurn
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import keyring
from linli.foundation.types import Actor, Level, system_actor
from linli.lib.errors import Unavailable

KEEPER = system_actor("privacy.keys", level=Level.SPECIAL)
"""Sees every row, to count and to encrypt anew; a test asks every protected table with encrypted columns for it."""


def values_by_key() -> dict[str, dict[str, int]]:
    """Table -> key -> encrypted values. Reads every encrypted column once."""
    found = {}
    with scoped(KEEPER), connection.cursor() as cursor:
        for one in sealed_tables():
            cursor.execute("SELECT " + one.by_key)
            found[one.table] = {str(name): int(number) for name, number in cursor.fetchall()}
    return found


def left_of(counts: dict[str, dict[str, int]], current: str) -> int:
    """Values that another key than this opens."""
    return sum(number for table in counts.values() for name, number in table.items() if name != current)


def turns(actor: Actor, *, most: int = 20) -> list[KeyTurn]:
    """Turns of the key, the newest first; they hold numbers, and whoever may open the page may read all."""
    with scoped(actor):
        return list(KeyTurn.objects.order_by("-started_at")[:most])


@dataclass(frozen=True, slots=True)
class Opened:
    """What a sample of one encrypted column came to. ``lacking``: values in the whole column whose key is not in the file."""

    table: str
    column: str
    tried: int
    opened: int
    lacking: int

    @property
    def sound(self) -> bool:
        return self.tried == self.opened and not self.lacking


def open_sample(size: int) -> list[Opened]:
    """Open some values of every encrypted column with the key file. Only counts leave here."""
    counts, ring, found = values_by_key(), keyring(), []
    with scoped(KEEPER), connection.cursor() as cursor:
        for one in sealed_tables():
            lacking = sum(number for name, number in counts[one.table].items() if name not in ring.key_ids)
            for column in one.columns:
                cursor.execute("SELECT " + one.sample(column), [size])
                values = [bytes(row[0]) for row in cursor.fetchall()]
                found.append(Opened(one.table, column, len(values), sum(_opens(value) for value in values), lacking))
    return found


def _opens(value: bytes) -> bool:
    try:
        keyring().decrypt(value)
    except Unavailable:
        return False
    return True
