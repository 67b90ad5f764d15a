"""What packs say of sources: their names and ranks, and whose word counts how much for which attribute."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import LoadReport, pack_error, read_csv, read_yaml
from linli.foundation.types import Actor
from linli.registry.sources.models import Rule, Source

FILE = "provenance.csv"
COLUMNS = ("code", "name", "rank")
RULES = "survivorship.yaml"


@action("admin.packs", audit="sources.loaded")
def load_sources(actor: Actor, *, folder: Path) -> LoadReport:
    """Load `provenance.csv`: where values come from, with their rank (1 is the strongest)."""
    report = LoadReport()
    path = folder / FILE
    if not path.exists():
        return report
    known = {row.code: row for row in Source.objects.all()}
    for line, row in read_csv(path, COLUMNS):
        if not row["rank"].isdigit():
            raise pack_error(path, line, f"rank is not a number: {row['rank']!r}")
        values = {"name": row["name"], "rank": int(row["rank"])}
        source = known.get(row["code"])
        names = report.compare(source, values)
        if source is None:
            source = Source(code=row["code"], **values)
            source.save(force_insert=True)
            known[source.code] = source
        elif names:
            source.name, source.rank = row["name"], int(row["rank"])
            source.save(update_fields=names)
    return report


@action("admin.packs", audit="sources.rules_loaded")
def load_rules(actor: Actor, *, folder: Path) -> LoadReport:
    """Load `survivorship.yaml`: whose word counts how much, attribute by attribute (after the sources)."""
    report = LoadReport()
    path = folder / RULES
    if not path.exists():
        return report
    body: dict[str, Any] = read_yaml(path)
    codes = set(Source.objects.values_list("code", flat=True))
    known = {row.attribute: row for row in Rule.objects.all()}
    for attribute, given in {"": body.get("default", {}), **body.get("attributes", {})}.items():
        values: dict[str, Any] = {
            "weights": dict(given.get("weights", {})),
            "half_life": None if given.get("half_life") is None else float(given["half_life"]),
            "level": int(given.get("level", 1)),
        }
        for code, weight in values["weights"].items():
            if code not in codes or not isinstance(weight, int) or not 0 <= weight <= 100:
                raise pack_error(path, 1, f"{attribute or 'default'}: {code!r}: {weight!r} is not a known source with a weight of 0 to 100")
        rule = known.get(attribute)
        names = report.compare(rule, values)
        if rule is None:
            Rule(attribute=attribute, **values).save(force_insert=True)
        elif names:
            for name in names:
                setattr(rule, name, values[name])
            rule.save(update_fields=names)
    return report
