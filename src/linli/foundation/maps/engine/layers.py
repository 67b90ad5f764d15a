"""The registry of layers. An app that keeps something with a position registers a `Layer` from its `declarations`; the desk's map, the table
beside it and OGC API Features (`/ogc/`) show it from then on, under the reader's rights.

How to register (premises/declarations.py is the pattern)::

    LAYERS.register("homes", Layer(
        code="homes", title=gettext_noop("Homes"), description=gettext_noop("..."), order=50, shape=Shape.POINT,
        level=Level.PERSONAL, permission="people.view", fields=(Field("estate", gettext_noop("Estate")),),
        read=queries.on_map, one=queries.one_on_map, count=queries.number_on_map, tally=queries.tally_on_map, page="households_desk_home",
    ))

What a layer promises:

* ``read(actor, ask)`` gives features inside `ask.box` in a fixed order, at most ``ask.limit``, after ``ask.after``, with ``ask.filters`` on its
  own fields. It starts from the app's ``visible(actor)``: the map is a read path like every other. The bounds are compared with indexed columns
  (``longitude``, ``latitude`` as float: a btree whose operators are leakproof, so row-level security does not keep it from the index).
* Coordinates of homes, and of whatever a person could be found by, are rounded (`lib.masking.mask_coordinates`), and the box is compared with the
  *rounded* value: use `snapped` - else somebody finds the exact place by asking for ever smaller boxes.
* Properties hold no names of people, and nothing of level L5 is ever a layer or a property (domain/community.md §2.5).
* ``level`` PUBLIC means that everybody sees the layer, signed in or not; every other one asks for ``permission``.
* ``one`` answers None for what does not exist and for what the actor may not see: the two are not told apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from linli.foundation.maps.types import Ask, Box, Feature, Field, Shape, Tally
from linli.foundation.types import Actor, Level
from linli.lib.masking import COORDINATE_DECIMALS
from linli.lib.registry import Registry


@dataclass(frozen=True, slots=True)
class Layer:
    """``title`` and ``description`` are msgids; ``page`` is the name of the desk address of one feature (by key), "" when it has none.

    ``on`` says whether the map shows it at first; ``from_zoom`` how near one has to be for single features (further away a layer with a ``tally`` shows
    numbers, another one nothing); ``dated`` whether features have ``valid_from`` and ``valid_to`` (OGC ``datetime``)."""

    code: str
    title: str
    description: str
    order: int
    shape: Shape
    fields: tuple[Field, ...]
    read: Callable[[Actor, Ask], list[Feature]]
    one: Callable[[Actor, str], Feature | None]
    count: Callable[[Actor, Ask], int]
    level: Level = Level.INTERNAL
    permission: str = ""
    tally: Callable[[Actor, Box, str], list[Tally]] | None = None
    """(actor, box, level of regions: "street", "community" or "grid")"""
    page: str = ""
    on: bool = False
    from_zoom: float = 0.0
    dated: bool = False

    def filterable(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.fields if one.filters)


def _check(key: str, layer: Layer) -> None:
    if key != layer.code:
        raise ValueError(f"layer {layer.code!r} is registered as {key!r}")
    if layer.level != Level.PUBLIC and not layer.permission:
        raise ValueError(f"layer {key!r} is not public and names no permission")
    if layer.level == Level.SPECIAL:
        raise ValueError(f"layer {key!r}: nothing of level L5 is shown on a map")


LAYERS: Registry[Layer] = Registry("map layer", check=_check)


def snapped(box: Box) -> Box:
    """The box of exact positions whose *rounded* value (three decimals) lies in ``box``."""
    unit = 10**COORDINATE_DECIMALS
    half = 0.5 / unit
    return Box(
        math.ceil(round(box.west * unit, 6)) / unit - half,
        math.ceil(round(box.south * unit, 6)) / unit - half,
        math.floor(round(box.east * unit, 6)) / unit + half,
        math.floor(round(box.north * unit, 6)) / unit + half,
    )
