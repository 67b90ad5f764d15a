"""Outlines drawn or brought by a person: read from GeoJSON, judged against the community and the grids beside. Pure, without the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from linli.foundation.regions.engine.cells import METRES_PER_DEGREE
from linli.foundation.regions.engine.drawing import feature
from linli.lib.errors import Invalid, LinliError

MOST_VERTICES = 5_000
MOST_BYTES = 1_000_000
SLACK_M = 10.0
"""How far an outline may run over a border: lines drawn by hand, or surveyed twice, never agree to the metre."""
GAP_SHARE = 0.001
"""Of the community's area; a smaller gap is the seam between two roundings."""
SQUARE_METRES = METRES_PER_DEGREE**2


@dataclass(frozen=True)
class Judgement:
    """What an outline does to its surroundings. ``cut``: sisters with what is left of them, when they give way; ``gap_share``: how much of the
    community would lie in no grid (0 to 1)."""

    overlaps: tuple[str, ...] = ()
    cut: dict[str, BaseGeometry] = field(default_factory=dict)
    swallowed: tuple[str, ...] = ()
    gap_share: float = 0.0


def shape_of(outline: Any) -> BaseGeometry:
    """The shape of a kept outline."""
    shape: BaseGeometry = shapely.from_geojson(json.dumps(outline))
    return shape


def read_outline(text: str, field_name: str = "outline") -> dict[str, Any]:
    """The polygon of a GeoJSON text (a geometry, a feature, or a collection of one), rounded to about a metre. `Invalid` beside ``field_name``."""

    def wrong(message: str, hint: str = "", **data: Any) -> Invalid:
        return Invalid("OUTLINE", message, field=field_name, hint=hint, data=data)

    if len(text) > MOST_BYTES:
        raise wrong("The outline is larger than %(most)s kilobytes.", "Simplify it first.", most=MOST_BYTES // 1000)
    geometry = _geometry(_json(text, wrong), wrong)
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except shapely.errors.ShapelyError:
        raise wrong(*_NO_POLYGON) from None
    return feature(_checked(shape, wrong))


_NO_POLYGON = (
    "This is no polygon in GeoJSON.",
    "Draw the outline on the map, or export one polygon as GeoJSON, longitude before latitude.",
)


def _json(text: str, wrong: Any) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise wrong(*_NO_POLYGON) from None


def _geometry(given: Any, wrong: Any) -> dict[str, Any]:
    if isinstance(given, dict) and given.get("type") == "FeatureCollection":
        features = given.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise wrong("The file has to hold exactly one outline.", "Export the one grid that is meant.")
        given = features[0]
    if isinstance(given, dict) and given.get("type") == "Feature":
        given = given.get("geometry")
    if not isinstance(given, dict) or given.get("type") not in ("Polygon", "MultiPolygon"):
        raise wrong(*_NO_POLYGON)
    return given


def _checked(shape: Any, wrong: Any) -> BaseGeometry:
    if shape is None or shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise wrong(*_NO_POLYGON)
    if shapely.get_num_coordinates(shape) > MOST_VERTICES:
        raise wrong("The outline has more than %(most)s points.", "Simplify it first.", most=MOST_VERTICES)
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise wrong(
            "These are no degrees of longitude and latitude.", "Export the outline in CGCS2000 or WGS 84, longitude before latitude."
        )
    shape = shapely.force_2d(shape)
    if not shape.is_valid:
        raise wrong("The outline crosses itself.", "Move the points so that no line crosses another.")
    found: BaseGeometry = shapely.set_precision(shape, 1e-5)
    if found.is_empty or found.geom_type not in ("Polygon", "MultiPolygon"):
        raise wrong("The outline is smaller than a metre.", "Draw it larger.")
    return found


def judge(shape: BaseGeometry, community: BaseGeometry | None, sisters: Mapping[str, BaseGeometry], *, yielding: bool) -> Judgement:
    """What the outline does to its community and its sisters (by a key of the caller). Raises `Invalid` when it leaves the community, or when a
    grid would be left with nothing. ``yielding``: sisters give what is taken from them."""
    slack = SLACK_M / METRES_PER_DEGREE
    if community is not None and not shape.difference(community).buffer(-slack / 2).is_empty:
        raise _outside()
    over = {key: sister for key, sister in sisters.items() if not shape.intersection(sister).buffer(-slack / 2).is_empty}
    cut: dict[str, BaseGeometry] = {}
    swallowed: list[str] = []
    for key, sister in over.items() if yielding else ():
        left = _areas(sister.difference(shape))
        if left.buffer(-slack / 2).is_empty:
            swallowed.append(key)
        else:
            cut[key] = left
    gap = 0.0
    if community is not None and community.area:
        covered = shapely.union_all([shape, *({**sisters, **cut}.values())])
        gap = community.difference(covered).area / community.area
    return Judgement(tuple(over), cut, tuple(swallowed), gap if gap > GAP_SHARE else 0.0)


def _outside() -> LinliError:
    return Invalid(
        "OUTLINE_OUTSIDE",
        "The outline leaves its community.",
        field="outline",
        hint="A grid lies in one community only. Draw inside the outline that is shown.",
    )


def _areas(shape: BaseGeometry) -> BaseGeometry:
    """Only the areas of a difference, without slivers thinner than the seam."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area * SQUARE_METRES > 1]
    return shapely.union_all(parts) if parts else shapely.Polygon()
