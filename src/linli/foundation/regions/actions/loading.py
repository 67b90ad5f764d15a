"""Regions of a pack: `regions.csv`, `zones.yaml`, `geo.yaml`."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import LoadReport, pack_error, read_csv, read_yaml
from linli.foundation.regions.actions.zones import load_zones
from linli.foundation.regions.engine import child_path, feature
from linli.foundation.regions.engine.drawing import polygon
from linli.foundation.regions.models import LEVELS, Region, RegionCode
from linli.foundation.regions.types import RegionRow
from linli.foundation.types import Actor
from linli.lib.divisions import parse_division
from linli.lib.errors import Invalid

FILE = "regions.csv"
COLUMNS = ("code", "name", "level", "kind", "parent_code", "urban", "valid_from")


@action("admin.packs", audit="regions.loaded")
def load_regions(actor: Actor, *, folder: Path) -> LoadReport:
    """Load a pack's divisions. A known region keeps its id and path; a name that changed closes the old entry of its history."""
    report = LoadReport()
    path = folder / FILE
    if not path.exists():
        return report
    known = {region.code: region for region in Region.objects.all()}
    taken: dict[Any, list[str]] = defaultdict(list)
    for region in known.values():
        taken[region.parent_id].append(region.path)
    for row in _read(path):
        _put(path, row, known, taken, report)
    load_zones(folder / "zones.yaml", known, report)
    _place(folder / "geo.yaml", known, report)
    return report


def _read(path: Path) -> list[RegionRow]:
    """Rows from the city down; the order inside a level is the file's and decides the paths."""
    rows = [RegionRow(line, **{name: values[name] for name in COLUMNS}) for line, values in read_csv(path, COLUMNS)]
    seen: set[str] = set()
    for row in rows:
        if row.level not in LEVELS:
            raise pack_error(path, row.line, f"unknown level {row.level!r}")
        if row.code in seen:
            raise pack_error(path, row.line, f"{row.code} is listed twice")
        seen.add(row.code)
        try:
            parse_division(row.code)
        except Invalid as error:
            raise pack_error(path, row.line, error.text()) from error
    return sorted(rows, key=lambda row: LEVELS.index(row.level))


def _put(path: Path, row: RegionRow, known: dict[str, Region], taken: dict[Any, list[str]], report: LoadReport) -> None:
    parent = known.get(row.parent_code) if row.parent_code else None
    if (row.level != LEVELS[0]) != (parent is not None):
        raise pack_error(path, row.line, f"parent {row.parent_code!r} is unknown" if row.parent_code else "only the city has no parent")
    if parent is not None and LEVELS.index(parent.level) >= LEVELS.index(row.level):
        raise pack_error(path, row.line, f"a {row.level} cannot lie below a {parent.level}")
    region = known.get(row.code)
    values: dict[str, Any] = {"name": row.name, "level": row.level, "kind": row.kind, "urban": row.urban, "valid_from": _day(path, row)}
    names = report.compare(region, values)
    if region is None:
        region = Region(code=row.code, parent=parent, **values)
        region.path = child_path(parent.path if parent else "", taken[region.parent_id])
        region.save(force_insert=True)
        known[row.code] = region
        taken[region.parent_id].append(region.path)
        RegionCode(region=region, code=row.code, name=row.name, valid_from=values["valid_from"]).save(force_insert=True)
        return
    if parent is not None and region.parent_id != parent.id:
        raise pack_error(path, row.line, f"{row.code} has moved; order the move on the desk, with its document")
    if names:
        renamed = region.name != row.name
        for name in names:
            setattr(region, name, values[name])
        region.save(update_fields=names)
        if renamed:
            renew_code(region, values["valid_from"])


def renew_code(region: Region, on: date | None) -> None:
    """Close the current entry of a region's codes on a day and open a new one with its present code and name."""
    for old in region.codes.filter(valid_to=None):
        old.valid_to = on
        old.save(update_fields=["valid_to"])
    RegionCode(region=region, code=region.code, name=region.name, valid_from=on).save(force_insert=True)


def _day(path: Path, row: RegionRow) -> date | None:
    try:
        return date.fromisoformat(row.valid_from) if row.valid_from else None
    except ValueError as error:
        raise pack_error(path, row.line, f"valid_from is not a date: {row.valid_from}") from error


def _place(path: Path, known: dict[str, Region], report: LoadReport) -> None:
    """Centres and outlines that a pack publishes; the rest is drawn by the city generator."""
    if not path.exists():
        return
    for place in read_yaml(path).get("regions", []):
        region = known.get(str(place.get("code")))
        if region is None:
            raise pack_error(path, 0, f"unknown region {place.get('code')}")
        values: dict[str, Any] = {}
        if "centre" in place:
            values["longitude"], values["latitude"] = map(float, place["centre"])
        if "outline" in place:
            values["outline"] = feature(polygon(place["outline"]))
        changed = [name for name, value in values.items() if getattr(region, name) != value]
        if changed:
            for name in changed:
                setattr(region, name, values[name])
            region.save(update_fields=changed)
            report.changed += 1


def export_regions(folder: Path, actor: Actor) -> None:
    """Write `regions.csv` from the database (grids are the generator's and stay out)."""
    with (folder / FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for region in Region.objects.exclude(level="grid").filter(valid_to=None).select_related("parent").order_by("path"):
            parent = region.parent.code if region.parent else ""
            writer.writerow([region.code, region.name, region.level, region.kind, parent, region.urban, region.valid_from or ""])
