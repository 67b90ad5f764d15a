"""The OpenAPI 3.0 document of `/ogc/`, made from the layers an actor sees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from linli.foundation.maps.engine.crs import CRS84, OFFERED
from linli.foundation.maps.engine.layers import Layer
from linli.foundation.maps.engine.parameters import LIMIT, MOST

EXCEPTION = {
    "type": "object",
    "required": ["code"],
    "properties": {"code": {"type": "string"}, "description": {"type": "string"}, "field": {"type": "string", "nullable": True}},
}
LINK = {
    "type": "object",
    "required": ["href"],
    "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "title")},
}


def _answer(description: str, media: str = "application/json") -> dict[str, Any]:
    return {"description": description, "content": {media: {"schema": {"type": "object"}}}}


def _refusals(*codes: str) -> dict[str, Any]:
    words = {
        "400": "A parameter is not known or not right",
        "401": "The token is not in force",
        "404": "There is no such resource, or not for you",
    }
    refused = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/exception"}}}
    return {code: {"description": words[code], "content": refused} for code in codes}


def _get(name: str, summary: str, answer: dict[str, Any], parameters: Iterable[dict[str, Any]] = (), *refusals: str) -> dict[str, Any]:
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": list(parameters),
            "responses": {"200": answer, **_refusals("400", "401", *refusals)},
        }
    }


def _query(name: str, schema: dict[str, Any], description: str = "", **more: Any) -> dict[str, Any]:
    found = {"name": name, "in": "query", "required": False, "schema": schema, "style": "form", "explode": False, **more}
    return {**found, "description": description} if description else found


def _numbers() -> dict[str, Any]:
    return {"type": "array", "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}], "items": {"type": "number"}}


def _system() -> dict[str, Any]:
    return {"type": "string", "format": "uri", "enum": list(OFFERED), "default": CRS84}


def _item_parameters(layer: Layer) -> list[dict[str, Any]]:
    filters = [_query(one.name, {"type": one.type}) for one in layer.fields if one.filters]
    return [
        {"$ref": "#/components/parameters/bbox"},
        {"$ref": "#/components/parameters/bbox-crs"},
        {"$ref": "#/components/parameters/limit"},
        {"$ref": "#/components/parameters/datetime"},
        {"$ref": "#/components/parameters/crs"},
        *filters,
    ]


def document(layers: Iterable[Layer], server: str, title: str) -> dict[str, Any]:
    """``server`` is the address of the landing page without its last stroke."""
    geo = "application/geo+json"
    paths: dict[str, Any] = {
        "/": _get("landingPage", "What is here", _answer("Landing page")),
        "/conformance": _get("conformance", "Requirements classes that are met", _answer("Conformance classes")),
        "/collections": _get("collections", "The layers", _answer("Collections")),
    }
    for layer in layers:
        path, name = f"/collections/{layer.code}", layer.code
        key = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
        crs = {"$ref": "#/components/parameters/crs"}
        paths[path] = _get(f"{name}.collection", layer.title, _answer("Collection"), (), "404")
        paths[f"{path}/items"] = _get(f"{name}.items", layer.description, _answer("Features", geo), _item_parameters(layer), "404")
        paths[f"{path}/items/{{featureId}}"] = _get(f"{name}.item", layer.title, _answer("A feature", geo), (key, crs), "404")
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": "1.0.0"},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": {"exception": EXCEPTION, "link": LINK},
            "parameters": {
                "bbox": _query("bbox", _numbers(), "Only features that meet this box"),
                "bbox-crs": _query("bbox-crs", _system(), "The system of bbox"),
                "limit": _query("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}),
                "datetime": _query("datetime", {"type": "string"}, "A day, or two of them with a stroke between; an open end is two dots"),
                "crs": _query("crs", _system(), "The system of the answer"),
            },
        },
        "security": [{}, {"bearer": []}],
    }
