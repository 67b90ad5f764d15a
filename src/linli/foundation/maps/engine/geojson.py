"""Features of GeoJSON (RFC 7946) as our copy keeps them: geometry in degrees to six decimals, a name, a few values beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.translation import gettext_noop
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from linli.lib.errors import Invalid

KINDS = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
NAMES = ("name", "title", "label")
MOST_CORNERS, SHOWN, LONGEST, NAME = 200_000, 3, 240, 120
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Taken:
    """One feature; ``bounds`` are west, south, east, north."""

    place: int
    name: str
    about: str
    geometry: dict[str, Any]
    bounds: tuple[float, float, float, float]


def read_features(page: dict[str, Any], name_field: str = "", *, begin: int = 0) -> list[Taken]:
    """The features of a document that have a geometry. Errors: LAYER_NO_GEOJSON, LAYER_DEGREES."""
    found: list[Taken] = []
    corners = 0
    for raw in _raw(page):
        geometry = _geometry(raw.get("geometry"))
        if geometry is None:
            continue
        corners += int(shapely.get_num_coordinates(geometry))
        if corners > MOST_CORNERS:
            raise no_geojson("coordinates")
        given = raw.get("properties")
        properties: dict[str, Any] = given if isinstance(given, dict) else {}
        name, about = _words(properties, name_field, raw.get("id"))
        found.append(Taken(begin + len(found), name, about, _plain(mapping(geometry)), geometry.bounds))
    return found


def _raw(page: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if page.get("type") == "Feature":
        yield page
    elif page.get("type") in KINDS:
        yield {"geometry": page}
    elif page.get("type") == "FeatureCollection" and isinstance(page.get("features"), list):
        for one in page["features"]:
            if not isinstance(one, dict) or one.get("type") != "Feature":
                raise no_geojson("features")
            yield one
    else:
        raise no_geojson("type")


def _geometry(raw: Any) -> BaseGeometry | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or raw.get("type") not in KINDS:
        raise no_geojson("geometry")
    try:
        found = shapely.force_2d(shape(raw))
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, shapely.errors.ShapelyError):
        raise no_geojson("coordinates") from None
    if found.is_empty:
        return None
    west, south, east, north = found.bounds
    if not all(map(math.isfinite, found.bounds)) or west < -180 or east > 180 or south < -90 or north > 90:
        raise Invalid(
            "LAYER_DEGREES",
            gettext_noop("The layer is not in degrees of longitude and latitude."),
            field="url",
            hint=gettext_noop("Ask the other office for CGCS2000 or WGS 84 in degrees, longitude first."),
        )
    return found


def _plain(value: Any) -> Any:
    """Coordinates as JSON, to six decimals (a tenth of a metre)."""
    if isinstance(value, dict):
        return {"type": value["type"], "coordinates": _plain(value["coordinates"])}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return round(float(value), 6)


def _words(properties: dict[str, Any], name_field: str, key: Any) -> tuple[str, str]:
    """How a feature is called, and up to three of its other values."""
    said = {str(k): _text(v) for k, v in properties.items() if isinstance(v, (str, int, float)) and not isinstance(v, bool) and _text(v)}
    lowered = {k.lower(): k for k in said}
    usual = next((lowered[one] for one in NAMES if one in lowered), "")
    chosen = name_field if name_field in said else usual or next((k for k, v in said.items() if isinstance(properties[k], str)), "")
    name = said.get(chosen) or _text(key) or "–"
    rest = [v for k, v in said.items() if k != chosen][:SHOWN]
    return name[:NAME], " · ".join(rest)[:LONGEST]


def _text(value: Any) -> str:
    return " ".join(_CONTROL.sub(" ", str(value)).split()) if isinstance(value, (str, int, float)) else ""


def no_geojson(what: str) -> Invalid:
    """``what`` names the part that is not as it should be."""
    return Invalid(
        "LAYER_NO_GEOJSON",
        gettext_noop("What stands at this address is no GeoJSON and no collection of OGC API Features (%(what)s)."),
        field="url",
        hint=gettext_noop("Give the address of one collection, or of a file of GeoJSON in degrees."),
        data={"what": what},
    )
