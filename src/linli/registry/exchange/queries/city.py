"""Who decides in a synthetic city, and what its checksum says of the uses. Under a job's rights."""

from __future__ import annotations

import json
from collections.abc import Iterator

from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.exchange.models import DataFile, Subscription


def holders(role: str, *, limit: int) -> list[User]:
    """The first people who hold posts of a role, by unit."""
    held = PostHolding.objects.filter(post__role_code=role, until=None, user__is_active=True, post__unit__level="city")
    return [one.user for one in held.select_related("user").order_by("post__unit__code", "user__username")[:limit]]


def export_uses() -> Iterator[str]:
    """Without keys, days and times of writing."""
    with scoped(system_actor("city.exchange")):
        rows = list(Subscription.objects.select_related("resource", "region").order_by("office"))
    for row in rows:
        told = [row.office, row.resource.code, row.purpose, row.fields, row.region.code, row.state, row.decision]
        yield json.dumps(["exchange", *told], ensure_ascii=False)


def export_files() -> Iterator[str]:
    """What was ordered and what became of it; without keys, digests and moments: the bytes hold keys that differ each time."""
    with scoped(system_actor("city.exchange")):
        rows = list(DataFile.objects.select_related("subscription"))
    for row in rows:
        told = [row.subscription.office, row.form, row.cause, row.state, row.rows, row.fields, row.fetched, row.error]
        yield json.dumps(["exchange_file", *told], ensure_ascii=False)
