"""What the desk's map and the table beside it show of a layer, under the reader's rights."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from linli.foundation.maps.engine import Layer
from linli.foundation.maps.queries.outlines import Outlined, city_box, outlined
from linli.foundation.maps.types import Ask, Box, Feature, Shape, Tally
from linli.foundation.regions.engine import shape_of
from linli.foundation.regions.queries import in_ranges
from linli.foundation.regions.types import PATH_STEP
from linli.foundation.types import PATH_END, Actor

MOST = {Shape.POINT: 2000, Shape.AREA: 1000, Shape.ANY: 1000}
"""Features of one layer in one answer to the map."""
TALLY_LEVELS = ((9.0, "street"), (12.0, "community"))
"""Below this zoom the numbers are told by this level; above the last one by grids."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Single features with the address of each one's page ("" for none), or numbers; ``more``: not all of them. Empty while ``far``."""

    layer: Layer
    features: list[tuple[Feature, str]]
    tallies: list[Tally]
    more: bool = False
    far: bool = False


def in_view(actor: Actor, layer: Layer, box: Box, zoom: float, *, limit: int = 0) -> Seen:
    """What of a layer lies in the part of the map that is shown."""
    if zoom < layer.from_zoom:
        level = next((level for below, level in TALLY_LEVELS if zoom < below), "grid")
        tallies = layer.tally(actor, box, level) if layer.tally else []
        return Seen(layer, [], tallies, far=not layer.tally)
    most = limit or MOST[layer.shape]
    found = layer.read(actor, Ask(box, most + 1))
    return Seen(layer, [(one, page_of(layer, one)) for one in found[:most]], [], more=len(found) > most)


def page_of(layer: Layer, feature: Feature) -> str:
    """The desk's page of a feature; "" while no app mounts one."""
    try:
        return reverse(layer.page, args=[feature.id]) if layer.page else ""
    except NoReverseMatch:
        return ""


def first_view(actor: Actor, region: Outlined | None = None) -> tuple[float, float, float, float]:
    """West, south, east, north of what the map shows first: the region chosen, else the actor's own area, else the city."""
    if region is not None and region.outline:
        return _bounds(region)
    own = in_ranges(actor.ranges, "county", "street", "community").exclude(outline=None).first()
    whole = any(one.hi == PATH_END or len(one.lo) <= PATH_STEP for one in actor.ranges)
    return _bounds(outlined(own.level, own.id)) if own is not None and not whole else city_box()


def _bounds(region: Outlined) -> tuple[float, float, float, float]:
    west, south, east, north = shape_of(region.outline).bounds
    return west, south, east, north
