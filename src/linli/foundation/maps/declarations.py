"""What the map registers itself: outlines of the divisions, public down to communities, and of grids; layers of other offices in a synthetic city."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_noop

from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS
from linli.foundation.maps import tasks  # noqa: F401 - jobs register themselves
from linli.foundation.maps.actions.city import build_layers, export_layers
from linli.foundation.maps.engine import LAYERS, Layer
from linli.foundation.maps.queries import region_count, region_feature, region_features
from linli.foundation.maps.types import Ask, Feature, Field, Shape
from linli.foundation.types import Actor, Level

_FIELDS = (
    Field("code", gettext_noop("Code")),
    Field("name", gettext_noop("Name")),
    Field("place", gettext_noop("Lies in")),
    Field("valid_from", gettext_noop("Since"), filters=False),
)


def _read(level: str, actor: Actor, ask: Ask) -> list[Feature]:
    return region_features(level, ask)


def _one(level: str, actor: Actor, key: str) -> Feature | None:
    return region_feature(level, key)


def _count(level: str, actor: Actor, ask: Ask) -> int:
    return region_count(level, ask)


def _register(
    code: str, level: str, title: str, description: str, order: int, *, from_zoom: float = 0, public: bool = True, on: bool = True
) -> None:
    layer = Layer(
        code=code,
        title=title,
        description=description,
        order=order,
        shape=Shape.AREA,
        fields=_FIELDS,
        read=partial(_read, level),
        one=partial(_one, level),
        count=partial(_count, level),
        level=Level.PUBLIC if public else Level.INTERNAL,
        permission="" if public else "maps.view",
        page="maps_desk_region",
        on=on,
        from_zoom=from_zoom,
        dated=True,
    )
    LAYERS.register(code, layer)


_register("counties", "county", gettext_noop("Counties and districts"), gettext_noop("Outlines of counties and districts."), 10)
_register("streets", "street", gettext_noop("Streets and towns"), gettext_noop("Outlines of streets and towns."), 20)
_register("communities", "community", gettext_noop("Communities"), gettext_noop("Outlines of communities and villages."), 30, from_zoom=10)
_register("grids", "grid", gettext_noop("Grids"), gettext_noop("Outlines of grids."), 40, from_zoom=12, public=False, on=False)
CITY_BUILDERS.register("map-layers", (50, build_layers))
CITY_EXPORTS.register("map-layers", export_layers)
