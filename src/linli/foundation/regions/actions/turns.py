"""Who waits for whom: locks by name, held until the transaction ends."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from linli.foundation.regions import policy, queries
from linli.foundation.regions.models import Region
from linli.foundation.types import Actor


def lock_tree() -> None:
    """One rewriting of paths at a time: a subtree must not move while something is put into it."""
    _lock("regions.tree")


def require_free(actor: Actor, regions: Iterable[Region]) -> None:
    """REGION_ORDERED when an order waits that touches the regions. Nobody else orders until this transaction ends."""
    lock_orders()
    policy.check_free(queries.orders_about(actor, regions))


def lock_orders() -> None:
    """One order at a time. Not held by the job that carries one out: whoever comes meanwhile is told so at once and does not wait for it."""
    _lock("regions.orders")


def _lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
