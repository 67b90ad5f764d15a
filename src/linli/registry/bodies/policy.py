"""A body and everything about it is seen inside its region: where it is registered."""

from __future__ import annotations

from linli.foundation.scope.models import Power, Protection, Region
from linli.foundation.types import Actor
from linli.registry.bodies.models import Body, BodyName, BodyRole, BodyStatus, Gram, Succession

bodies = Protection(Body, [Region("region_path"), Power("system")])
names = Protection(BodyName, [Region("region_path"), Power("system")])
grams = Protection(Gram, [Region("region_path"), Power("system")])
statuses = Protection(BodyStatus, [Region("region_path"), Power("system")])
roles = Protection(BodyRole, [Region("region_path"), Power("system")])
successions = Protection(Succession, [Region("region_path"), Power("system")])


def can_view(actor: Actor, body: Body) -> bool:
    """Agrees with `bodies.visible`."""
    return actor.sees(body.region_path) or actor.may("system")


def can_edit(actor: Actor, body: Body) -> bool:
    """Staff whose area the body is registered in."""
    return can_view(actor, body)
