"""Rules out of a pack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import LoadReport
from linli.foundation.types import Actor
from linli.registry.quality.engine.pack import read_rules
from linli.registry.quality.models import Rule


@action("admin.packs", audit="quality.rules_loaded")
def load_rules(actor: Actor, *, folder: Path) -> LoadReport:
    """Load `quality.yaml`. The last pack that has one says which rules there are; others are not examined any more."""
    report, specs = LoadReport(), read_rules(folder)
    if specs is None:
        return report
    known = {row.code: row for row in Rule.objects.all()}
    for order, spec in enumerate(specs, 1):
        values: dict[str, Any] = spec.model_dump(mode="json", exclude={"code", "check"})
        values |= {"check_name": spec.check, "order": order, "active": True}
        row = known.pop(spec.code, None)
        names = report.compare(row, values)
        if row is None:
            Rule(code=spec.code, **values).save(force_insert=True)
        elif names:
            for name in names:
                setattr(row, name, values[name])
            row.save(update_fields=names)
    for row in known.values():
        if row.active:
            row.active = False
            row.save(update_fields=["active"])
    return report
