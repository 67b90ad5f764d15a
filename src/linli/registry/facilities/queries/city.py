"""What the facilities of a synthetic city are made of and what of them counts in its checksum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from linli.foundation.units.models import Unit
from linli.registry.bodies.models import Body
from linli.registry.facilities.engine.city_facilities import Holder
from linli.registry.facilities.models import Facility, FacilityDuty, FacilityStatus

STREET_LETTERS: Final = 15
COUNTY_LETTERS: Final = 10
PROPERTY: Final = "K"
"""Section of GB/T 4754: property and its management."""


def units_by_county() -> dict[str, dict[str, Holder]]:
    """Path of a county -> line -> the county's unit; "" is one that stands in where a line has none. The city's own under the city's path."""
    found: dict[str, dict[str, Holder]] = defaultdict(dict)
    rows = Unit.objects.filter(level__in=("city", "county"), valid_to=None).order_by("region_path", "code")
    for pk, path, line, name in rows.values_list("pk", "region_path", "line", "name"):
        found[path[:COUNTY_LETTERS]].setdefault(line, Holder(None, pk.hex, name))
    return found


def keepers_by_place() -> dict[str, list[Holder]]:
    """Path of a street and of a county -> property companies there, by name."""
    found: dict[str, list[Holder]] = defaultdict(list)
    rows = Body.objects.filter(industry=PROPERTY, kind="enterprise", status="active").order_by("region_path", "name", "uscc")
    for pk, path, name in rows.values_list("pk", "region_path", "name"):
        for letters in (STREET_LETTERS, COUNTY_LETTERS):
            found[path[:letters]].append(Holder(pk.hex, None, name))
    return found


def export_facilities() -> Iterator[str]:
    """Logical values of facilities, their statuses and who is responsible; no keys."""
    facility = (
        *("code", "kind", "name", "region__code", "address", "longitude", "latitude", "status", "status_since", "opening_hours"),
        *("capacity", "phone", "confirmed_on"),
    )
    yield from _lines("facility", Facility.objects.values_list(*facility))
    yield from _lines("facility status", FacilityStatus.objects.values_list("facility__code", "status", "on", "note"))
    yield from _lines(
        "facility duty", FacilityDuty.objects.values_list("facility__code", "duty", "body__uscc", "unit__code", "name", "since", "until")
    )


def _lines(kind: str, rows: Any) -> Iterator[str]:
    for row in rows.iterator(chunk_size=5000):
        yield kind + "\t" + "\t".join("" if value is None else str(value) for value in row)
