"""OGC API Features over the layers: part 1 Core, GeoJSON and OpenAPI 3.0 (OGC 17-069r4), part 2 reference systems (OGC 18-058).

`request.actor` was set by whoever mounted this (channels/api): a signed-in person, a partner with a token, or nobody. Refusals are raised; the door
turns them into documents.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from linli.foundation.gate import public
from linli.foundation.maps import queries
from linli.foundation.maps.engine import CRS84, OFFERED, STORAGE, Layer, check_known, crs_of, read_ask, turned
from linli.foundation.maps.engine.openapi import document
from linli.foundation.maps.types import Ask, Feature
from linli.foundation.types import Actor

JSON, GEOJSON, OPENAPI = "application/json", "application/geo+json", "application/vnd.oai.openapi+json;version=3.0"
CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
CONFORMS = (f"{CORE}/core", f"{CORE}/oas30", f"{CORE}/geojson", "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _address(request: HttpRequest, name: str, /, *args: str, **query: str) -> str:
    path = reverse(f"ogc_{name}", args=args)
    return request.build_absolute_uri(path + (f"?{urlencode(query)}" if query else ""))


def _link(href: str, rel: str, media: str, title: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": media, "title": title}


def _answer(body: dict[str, Any], media: str = JSON, crs: str = "") -> HttpResponse:
    """``links`` of the body stand in the Link header too; what somebody may see is nobody else's to keep."""
    response = JsonResponse(body, content_type=media, json_dumps_params={"ensure_ascii": False})
    links = [f'<{one["href"]}>; rel="{one["rel"]}"; type="{one["type"]}"' for one in body.get("links", ())]
    if links:
        response["Link"] = ", ".join(links[:8])
    if crs:
        response["Content-Crs"] = f"<{crs}>"
    response["Cache-Control"] = "private, no-store"
    response["Vary"] = "Authorization, Cookie, Accept-Language"
    return response


@require_safe
@public
def landing(request: HttpRequest) -> HttpResponse:
    """What is here."""
    check_known(request.GET, "f")
    return _answer(
        {
            "title": gettext("Map layers of the city"),
            "description": gettext("Outlines of divisions for everybody; further layers for who may see them. CGCS2000."),
            "links": [
                _link(_address(request, "landing"), "self", JSON, gettext("This document")),
                _link(_address(request, "api"), "service-desc", OPENAPI, gettext("The definition of the interface")),
                _link(_address(request, "conformance"), "conformance", JSON, gettext("Requirements that are met")),
                _link(_address(request, "collections"), "data", JSON, gettext("The layers")),
            ],
        }
    )


@require_safe
@public
def conformance(request: HttpRequest) -> HttpResponse:
    check_known(request.GET, "f")
    return _answer({"conformsTo": list(CONFORMS)})


@require_safe
@public
def api(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document; it names the layers this reader sees."""
    check_known(request.GET, "f")
    server = _address(request, "landing").rstrip("/")
    return _answer(document(queries.layers(_actor(request)), server, gettext("Map layers of the city")), OPENAPI)


@require_safe
@public
def collections(request: HttpRequest) -> HttpResponse:
    check_known(request.GET, "f")
    links = [_link(_address(request, "collections"), "self", JSON, gettext("This document"))]
    found = [_collection(request, layer) for layer in queries.layers(_actor(request))]
    return _answer({"links": links, "collections": found, "crs": list(OFFERED)})


@require_safe
@public
def collection(request: HttpRequest, code: str) -> HttpResponse:
    check_known(request.GET, "f")
    return _answer(_collection(request, queries.get_layer(_actor(request), code)))


def _collection(request: HttpRequest, layer: Layer) -> dict[str, Any]:
    return {
        "id": layer.code,
        "title": gettext(layer.title),
        "description": gettext(layer.description),
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [[*queries.city_box()]], "crs": CRS84}},
        "crs": list(OFFERED),
        "storageCrs": STORAGE,
        "links": [
            _link(_address(request, "collection", layer.code), "self", JSON, gettext("This document")),
            _link(_address(request, "items", layer.code), "items", GEOJSON, gettext(layer.title)),
        ],
    }


@require_safe
@public
def items(request: HttpRequest, code: str) -> HttpResponse:
    """A page of features; the next one is a link."""
    actor, given = _actor(request), request.GET.dict()
    layer = queries.get_layer(actor, code)
    ask, crs = read_ask(layer, given), crs_of(given)
    found = layer.read(actor, Ask(ask.box, ask.limit + 1, ask.after, ask.filters, ask.during))
    page, more = found[: ask.limit], len(found) > ask.limit
    links = [
        _link(_address(request, "items", code, **given), "self", GEOJSON, gettext("This document")),
        _link(_address(request, "collection", code), "collection", JSON, gettext(layer.title)),
    ]
    if more:
        links.append(_link(_address(request, "items", code, **{**given, "after": page[-1].after}), "next", GEOJSON, gettext("Next page")))
    body = {
        "type": "FeatureCollection",
        "features": [_feature(one, crs) for one in page],
        "numberReturned": len(page),
        "numberMatched": layer.count(actor, ask),
        "timeStamp": timezone.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
        "links": links,
    }
    return _answer(body, GEOJSON, crs)


@require_safe
@public
def item(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """One feature."""
    actor, given = _actor(request), request.GET.dict()
    check_known(given, "f", "crs")
    layer, crs = queries.get_layer(actor, code), crs_of(given)
    body = _feature(queries.one_feature(actor, layer, key), crs)
    body["links"] = [
        _link(_address(request, "item", code, key, **given), "self", GEOJSON, gettext("This document")),
        _link(_address(request, "collection", code), "collection", JSON, gettext(layer.title)),
    ]
    return _answer(body, GEOJSON, crs)


def _feature(found: Feature, crs: str) -> dict[str, Any]:
    return {"type": "Feature", "id": found.id, "geometry": turned(found.geometry, crs), "properties": found.properties}
