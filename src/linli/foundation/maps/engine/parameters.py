"""Query parameters of `/ogc/` as values (OGC 17-069r4 §7.15, OGC 18-058 §6). What cannot be read, or is not known, is an error 400."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date

from linli.foundation.maps.engine.crs import CRS84, LATITUDE_FIRST, OFFERED
from linli.foundation.maps.engine.layers import Layer
from linli.foundation.maps.types import Ask, Box
from linli.lib.errors import Invalid

LIMIT, MOST = 100, 1000
OPEN_END = ("", "..")
RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?")
ITEMS = ("bbox", "bbox-crs", "limit", "datetime", "crs", "after", "f")


def wrong(name: str, message: str) -> Invalid:
    """An error 400 that names the parameter."""
    return Invalid("PARAMETER", message, field=name, status=400, data={"name": name})


def check_known(given: Mapping[str, str], *known: str) -> None:
    """Every parameter is one of ``known``, and the format is JSON: /req/core/query-param-unknown."""
    for name in given:
        if name not in known:
            raise wrong(name, "The parameter %(name)s is not known here.")
    if given.get("f", "json") not in ("json", "geojson"):
        raise wrong("f", "Only JSON is given.")


def crs_of(given: Mapping[str, str], name: str = "crs") -> str:
    """The system asked for; CRS84 by default."""
    found = given.get(name, CRS84)
    if found not in OFFERED:
        raise wrong(name, "The coordinate reference system of %(name)s is not offered.")
    return found


def read_ask(layer: Layer, given: Mapping[str, str]) -> Ask:
    """What is asked of a layer's items."""
    check_known(given, *ITEMS, *layer.filterable())
    filters = {name: given[name] for name in layer.filterable() if name in given}
    during = read_interval(given["datetime"]) if "datetime" in given else None
    return Ask(
        box=read_box(given.get("bbox"), crs_of(given, "bbox-crs")),
        limit=read_limit(given.get("limit")),
        after=given.get("after", "")[:80],
        filters=filters,
        during=during if layer.dated else None,
    )


def read_limit(text: str | None) -> int:
    """1 to `MOST`; a larger number gives the most there is."""
    if text is None:
        return LIMIT
    if not text.isascii() or not text.isdecimal() or not int(text[:9]) > 0:
        raise wrong("limit", "%(name)s is a whole number from 1.")
    return min(int(text[:9]), MOST)


def read_box(text: str | None, crs: str = CRS84) -> Box | None:
    """Four numbers, or six whose heights are left aside, in the axes of ``crs``."""
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise wrong("bbox", "%(name)s is four numbers separated by commas: west, south, east, north.")
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if crs in LATITUDE_FIRST:
        numbers = [numbers[1], numbers[0], numbers[3], numbers[2]]
    box = Box(*numbers)
    if (
        box.south > box.north
        or not all(-90 <= n <= 90 for n in (box.south, box.north))
        or not all(-180 <= n <= 180 for n in (box.west, box.east))
    ):
        raise wrong("bbox", "%(name)s is no box of degrees: the lower corner comes first.")
    return box


def read_interval(text: str) -> tuple[date | None, date | None]:
    """A day or instant, or two of them with "/" between, either open (".." or nothing)."""
    ends = text.split("/")
    if len(ends) > 2 or (len(ends) == 2 and all(end in OPEN_END for end in ends) and ends != ["..", ".."]):
        raise wrong("datetime", "%(name)s is a day, or two days with a stroke between them.")
    days = [None if len(ends) == 2 and end in OPEN_END else _day(end) for end in ends]
    first, last = days[0], days[-1]
    if first and last and first > last:
        raise wrong("datetime", "%(name)s ends before it begins.")
    return first, last


def _day(text: str) -> date:
    found = RFC3339.fullmatch(text)
    try:
        if found:
            return date.fromisoformat(found[1])
    except ValueError:
        pass
    raise wrong("datetime", "%(name)s is a day, or two days with a stroke between them.")
