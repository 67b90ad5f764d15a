"""Who sees a layer at all; which of its features, its own app's `visible(actor)` says."""

from linli.foundation.maps.engine import Layer
from linli.foundation.types import Actor, Level


def can_see(actor: Actor, layer: Layer) -> bool:
    """Public layers everybody, every other one who holds its permission."""
    return layer.level == Level.PUBLIC or actor.may(layer.permission)
