"""What a pack says of cycles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import LoadReport, pack_error, read_yaml
from linli.foundation.types import Actor
from linli.registry.collection.models import Cycle
from linli.registry.people.models import Person

FILE = "collection.yaml"
MOST_DAYS = 3660


@action("admin.packs", audit="collection.cycles_loaded")
def load_cycles(actor: Actor, *, folder: Path) -> LoadReport:
    """Load `collection.yaml`: after how many days people of a group are visited again. First visits are dealt out from the day a cycle is first loaded."""
    report = LoadReport()
    path = folder / FILE
    if not path.exists():
        return report
    known = {row.code: row for row in Cycle.objects.all()}
    columns = {field.name for field in Person._meta.concrete_fields}
    for order, given in enumerate(read_yaml(path).get("cycles", []), start=1):
        where: dict[str, Any] = dict(given.get("where", {}))
        days = given.get("days")
        if not isinstance(days, int) or not 0 < days <= MOST_DAYS or set(where) - columns:
            raise pack_error(
                path, order, f"{given.get('code')!r}: days must be 1 to {MOST_DAYS}, and where may name columns of people only"
            )
        values = {"name": given["name"], "days": days, "order": order, "where": where, "age_from": given.get("age_from")}
        cycle = known.get(given["code"])
        names = report.compare(cycle, values)
        if cycle is None:
            Cycle(code=given["code"], since=timezone.localdate(), **values).save(force_insert=True)
        elif names:
            for name in names:
                setattr(cycle, name, values[name])
            cycle.save(update_fields=names)
    return report
