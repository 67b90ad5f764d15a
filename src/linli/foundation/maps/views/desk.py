"""The desk's map: the page, what lies in its view as GeoJSON and as a table, and the page of a region."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.foundation.gate import desk
from linli.foundation.maps import queries
from linli.foundation.maps.engine import Layer, read_box
from linli.foundation.maps.engine.parameters import wrong
from linli.foundation.maps.types import Box, Feature, Shape
from linli.foundation.regions.queries import ancestors, children, contents_of, get_region
from linli.lib.errors import NotFound
from linli.ui.types import DeskRequest

MOST_ROWS, COLUMNS = 50, 4
LEVEL_WORDS = {
    "city": gettext_lazy("City"),
    "county": gettext_lazy("County or district"),
    "street": gettext_lazy("Street or town"),
    "community": gettext_lazy("Community"),
    "grid": gettext_lazy("Grid"),
}
NEAR = 15.0
"""The zoom of the table before a map has told another one: near enough for every layer."""


@never_cache
@require_GET
@desk("maps.view")
def map_page(request: DeskRequest) -> HttpResponse:
    """The map of the own area, or of the region that was looked for; the table beside it says the same in words."""
    text = request.GET.get("q", "").strip()[:40]
    region = _chosen(request)
    box = queries.first_view(request.actor, region)
    layers = queries.desk_layers(request.actor)
    shown = _shown(request, [layer for layer, _ in layers])
    found = queries.find_regions(text)
    context = {
        "q": text,
        "found": found,
        "region": region,
        "box": ",".join(f"{n:.5f}" for n in box),
        "layers": [_listed(layer, note, layer in shown) for layer, note in layers],
        **_table(request, shown, Box(*box), NEAR if region is not None else 0),
    }
    return render(request, "maps/desk/map.html", context)


def _listed(layer: Layer, note: str, on: bool) -> tuple[Layer, str, bool, str, str]:
    return layer, _title(layer), on, reverse("maps_desk_layer", args=[layer.code]), note


def _title(layer: Layer) -> str:
    """In the reader's language; what another office's layer is called is nobody's msgid."""
    return layer.title if layer.shape == Shape.ANY else gettext(layer.title)


def _chosen(request: HttpRequest) -> queries.Outlined | None:
    with suppress(ValueError, NotFound):
        return queries.any_outlined(UUID(request.GET["region"])) if "region" in request.GET else None
    return None


def _shown(request: HttpRequest, layers: list[Layer]) -> list[Layer]:
    """The layers of a link; those that are on at first, when it names none."""
    if "layers" in request.GET:
        wanted = request.GET["layers"].split(",")
        return [layer for layer in layers if layer.code in wanted]
    return [layer for layer in layers if layer.on]


@never_cache
@require_GET
@desk("maps.view")
def table(request: DeskRequest) -> HttpResponse:
    """What lies in a box, layer by layer, for who reads rather than looks: the part of the page beside the map."""
    box, zoom = _view(request)
    layers = _shown(request, [layer for layer, _ in queries.desk_layers(request.actor)])
    return render(request, "maps/desk/map.html#table", _table(request, layers, box, zoom))


def _table(request: DeskRequest, layers: list[Layer], box: Box, zoom: float) -> dict[str, Any]:
    seen = [queries.in_view(request.actor, layer, box, zoom, limit=MOST_ROWS) for layer in layers]
    return {"seen": [(_title(one.layer), one, *_in_columns(one)) for one in seen]}


def _in_columns(seen: queries.Seen) -> tuple[list[str], list[tuple[str, str, list[str]]]]:
    """Headings, and rows of (name, its page, further values): the layer's own fields, the name first."""
    fields = sorted(seen.layer.fields, key=lambda one: one.name != "name")[:COLUMNS]
    rows = []
    for feature, page in seen.features:
        values = [str(value) if (value := feature.properties.get(one.name)) is not None else "" for one in fields]
        rows.append((values[0] if values else feature.id, page, values[1:]))
    return [gettext(one.label) for one in fields], rows


@never_cache
@require_GET
@desk("maps.view")
def layer_data(request: DeskRequest, code: str) -> HttpResponse:
    """A layer's features in a box, or how many lie in each region while one looks from afar."""
    layer = queries.desk_layer(request.actor, code)
    box, zoom = _view(request)
    seen = queries.in_view(request.actor, layer, box, zoom)
    features = [
        {"type": "Feature", "id": n, "geometry": one.geometry, "properties": _properties(layer, one, page)}
        for n, (one, page) in enumerate(seen.features, start=1)
    ]
    features += [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [tally.longitude, tally.latitude]},
            "properties": {"name": tally.name, "number": tally.number},
        }
        for tally in seen.tallies
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features, "more": seen.more, "far": seen.far})


def _properties(layer: Layer, one: Feature, page: str) -> dict[str, Any]:
    """What the panel of a feature says: its name, its page, and ``detail``, the values that tell it from its neighbours."""
    shown = [one.properties.get(field.name) for field in layer.fields if field.name != "name"][: COLUMNS - 1]
    return {"name": one.properties.get("name") or one.id, "page": page, "detail": " · ".join(str(value) for value in shown if value)}


def _view(request: DeskRequest) -> tuple[Box, float]:
    """The box and the zoom of what the map shows; without a box the own area from near. `Invalid` (400) for one that is none."""
    box = read_box(request.GET.get("bbox")) or Box(*queries.first_view(request.actor))
    try:
        zoom = float(request.GET.get("zoom", NEAR))
    except ValueError:
        raise wrong("zoom", "%(name)s is a number.") from None
    return box, zoom


@never_cache
@require_GET
@desk("maps.view")
def region_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A region as the map knows it: where it lies, what lies in it; numbers only of the own area."""
    region = get_region(pk)
    own = request.actor.sees(region.path)
    context = {
        "region": region,
        "above": ancestors(region.path)[:-1],
        "children": children(region),
        "contents": [(gettext(label), number) for label, number in contents_of([region])] if own else [],
        "level": LEVEL_WORDS[region.level],
    }
    return render(request, "maps/desk/region.html", context)
