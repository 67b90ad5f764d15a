"""Loading a pack's units and posts."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import LoadReport, pack_error, read_csv, read_yaml
from linli.foundation.regions.models import Region, RegionLevel
from linli.foundation.types import Actor
from linli.foundation.units.engine import Place, UnitRow, post_rules, units_by_rule
from linli.foundation.units.models import Post, Unit

FILE, RULES, POSTS = "units.csv", "units.yaml", "posts.yaml"
COLUMNS = ("code", "name", "short", "level", "line", "region_code", "parent_code")


@action("admin.packs", audit="units.loaded")
def load_units(actor: Actor, *, folder: Path) -> LoadReport:
    """Load units one by one (`units.csv`), by rule (`units.yaml`), and their posts (`posts.yaml`)."""
    report = LoadReport()
    regions = {region.code: region for region in Region.objects.filter(valid_to=None)}
    known = {unit.code: unit for unit in Unit.objects.all()}
    rows: list[tuple[Path, UnitRow]] = []
    if (folder / FILE).exists():
        for line, values in read_csv(folder / FILE, COLUMNS):
            rows.append((folder / FILE, UnitRow(where=line, **{name: values[name] for name in COLUMNS})))
    if (folder / RULES).exists():
        places = [Place(r.code, r.name, r.level, r.kind) for r in sorted(regions.values(), key=lambda r: r.path)]
        rows += [(folder / RULES, row) for row in units_by_rule(read_yaml(folder / RULES).get("generators", []), places)]
    for path, row in _parents_first(rows, known):
        _put(path, row, regions, known, report)
    _put_posts(folder / POSTS, list(known.values()), report)
    return report


def _parents_first(rows: list[tuple[Path, UnitRow]], known: dict[str, Unit]) -> list[tuple[Path, UnitRow]]:
    """In an order in which each parent comes before its children; an unknown or circular parent is an error."""
    done = set(known)
    waiting = {row.code: (path, row) for path, row in rows}
    result: list[tuple[Path, UnitRow]] = []
    while waiting:
        ready = [
            code
            for code, (_, row) in waiting.items()
            if row.parent_code not in waiting and (not row.parent_code or row.parent_code in done)
        ]
        if not ready:
            path, row = next(iter(waiting.values()))
            problem = "is part of a circle" if row.parent_code in waiting else "is unknown"
            raise pack_error(path, row.where, f"parent {row.parent_code!r} {problem}")
        done.update(ready)
        result += [waiting.pop(code) for code in ready]
    return result


def _put(path: Path, row: UnitRow, regions: dict[str, Region], known: dict[str, Unit], report: LoadReport) -> None:
    if row.level not in RegionLevel.values:
        raise pack_error(path, row.where, f"unknown level {row.level!r}")
    region = regions.get(row.region_code)
    if region is None:
        raise pack_error(path, row.where, f"unknown region {row.region_code!r}")
    unit = known.get(row.code)
    if unit is not None and unit.edited:  # the desk has the last word
        report.unchanged += 1
        report.notes.append(f"{row.code} was changed on the desk and stays so")
        return
    parent = known.get(row.parent_code)
    values: dict[str, Any] = {
        "name": row.name,
        "short": row.short,
        "level": row.level,
        "line": row.line,
        "region_id": region.id,
        "region_path": region.path,
        "parent_id": parent.id if parent else None,
    }
    names = report.compare(unit, values)
    if unit is None:
        unit = Unit(code=row.code, **values)
        unit.save(force_insert=True)
        known[row.code] = unit
    elif names:
        for name in names:
            setattr(unit, name, values[name])
        unit.save(update_fields=names)


def _put_posts(path: Path, units: list[Unit], report: LoadReport) -> None:
    """Posts are added where a rule asks for them; none is taken away, because somebody may hold it."""
    if not path.exists():
        return
    try:
        rules = post_rules(read_yaml(path).get("posts", []))
    except (KeyError, TypeError) as error:
        raise pack_error(path, 0, f"a post rule needs role and titles ({error})") from error
    known = {(post.unit_id, post.title, post.role_code): post for post in Post.objects.all()}
    for rule in rules:
        for unit in units:
            if unit.valid_to is not None or not rule.matches(unit.code, unit.level, unit.line):
                continue
            for title in rule.titles:
                post = known.get((unit.id, title, rule.role))
                names = report.compare(post, {"everything": rule.everything})
                if post is None:
                    post = Post(unit=unit, title=title, role_code=rule.role, everything=rule.everything)
                    post.save(force_insert=True)
                    known[unit.id, title, rule.role] = post
                elif names:
                    post.everything = rule.everything
                    post.save(update_fields=["everything"])


def export_units(folder: Path, actor: Actor) -> None:
    """Write `units.csv` from the database: every unit that exists, also those made by rule."""
    with (folder / FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for unit in Unit.objects.filter(valid_to=None).select_related("region", "parent").order_by("region_path", "code"):
            writer.writerow(
                [unit.code, unit.name, unit.short, unit.level, unit.line, unit.region.code, unit.parent.code if unit.parent else ""]
            )
