"""A pair is seen where both people are; whoever decides about it may make one person of two."""

from __future__ import annotations

from linli.foundation.scope.models import Power, Protection, Region
from linli.foundation.types import Actor
from linli.registry.matching.models import Pair

pairs = Protection(Pair, [Region("region_path"), Power("system")])


def can_decide(actor: Actor, pair: Pair) -> bool:
    return actor.may("people.merge") and actor.sees(pair.region_path)
