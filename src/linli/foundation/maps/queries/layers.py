"""Layers in an actor's sight. One that is not is answered like one that does not exist."""

from __future__ import annotations

from linli.foundation.maps import policy
from linli.foundation.maps.engine import LAYERS, Layer
from linli.foundation.maps.types import Feature
from linli.foundation.types import Actor
from linli.lib.errors import NotFound


def layers(actor: Actor) -> list[Layer]:
    """In the order of the list beside the map."""
    return sorted((one for one in LAYERS.values() if policy.can_see(actor, one)), key=lambda one: (one.order, one.code))


def get_layer(actor: Actor, code: str) -> Layer:
    """One layer; `NotFound` otherwise."""
    for layer in layers(actor):
        if layer.code == code:
            return layer
    raise NotFound("LAYER_UNKNOWN", "There is no such layer.")


def one_feature(actor: Actor, layer: Layer, key: str) -> Feature:
    """One feature of a layer in the actor's sight; `NotFound` otherwise."""
    found = layer.one(actor, key)
    if found is None:
        raise NotFound("FEATURE_UNKNOWN", "There is no such feature.")
    return found
