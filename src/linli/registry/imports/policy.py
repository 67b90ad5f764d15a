"""A file and its rows are seen by those who load files in its region; doubtful pairs by those who review them."""

from __future__ import annotations

from linli.foundation.scope.models import Power, Protection, Region, User
from linli.foundation.types import Actor
from linli.registry.imports.models import Arrival, Batch, Connector, Consequence, Doubt, Part

batches = Protection(Batch, [Region("region_path"), Power("system")])
parts = Protection(Part, [Region("region_path"), Power("system")])
consequences = Protection(Consequence, [Region("region_path"), Power("system")])
doubts = Protection(Doubt, [Region("region_path"), Power("system")])
connectors = Protection(Connector, [Region("region_path"), User("client_id"), Power("system")])
arrivals = Protection(Arrival, [Region("region_path"), Power("system")])


def can_change(actor: Actor, batch: Batch) -> bool:
    """Whoever loads files where this one belongs, not only who brought it: colleagues stand in for each other."""
    return actor.may("imports.load") and actor.sees(batch.region_path)


def can_decide(actor: Actor, doubt: Doubt) -> bool:
    return actor.may("imports.review") and actor.sees(doubt.region_path)


def can_connect(actor: Actor, connector: Connector) -> bool:
    """Whoever keeps connectors where this one belongs; who changes one gives it her rights."""
    return actor.may("imports.connect") and actor.sees(connector.region_path)
