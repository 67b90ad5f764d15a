"""Visits and what was noted are seen where the people live: colleagues stand in for each other; what waits also by who noted it."""

from __future__ import annotations

from linli.foundation.scope.models import Power, Protection, Region, User
from linli.foundation.types import Actor
from linli.registry.collection.models import Held, Visit

visits = Protection(Visit, [Region("region_path"), Power("system")])
helds = Protection(Held, [Region("region_path"), User("worker_id"), Power("system")])


def can_visit(actor: Actor, visit: Visit) -> bool:
    """Whoever visits in this region, also in a colleague's place."""
    return (actor.may("collection.visit") and actor.sees(visit.region_path)) or actor.may("system")


def can_decide(actor: Actor, held: Held) -> bool:
    """A value: who noted it, or who looks after the region's visits. Somebody new, or gone: only the latter."""
    if actor.may("collection.oversee") and actor.sees(held.region_path):
        return True
    return held.kind == "value" and actor.may("collection.visit") and held.worker_id == actor.user_id
