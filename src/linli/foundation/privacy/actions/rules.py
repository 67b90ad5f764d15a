"""The rules of a pack: how long what is kept, what may be erased, in how many days a request is answered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import LoadReport, pack_error, read_yaml
from linli.foundation.privacy.models import Rule
from linli.foundation.types import Actor

FILE = "retention.yaml"


@action("admin.packs", audit="privacy.rules_loaded")
def load_rules(actor: Actor, *, folder: Path) -> LoadReport:
    """Load `retention.yaml`. A pack without the file changes nothing; a later pack overrides a rule of the same kind and code."""
    report, path = LoadReport(), folder / FILE
    if not path.exists():
        return report
    declared = read_yaml(path)
    known = {(row.kind, row.code): row for row in Rule.objects.all()}
    for kind, flag in (("answer", "active"), ("keep", "active"), ("erase", "erasable")):
        for number, one in enumerate(declared.get(kind, []), start=1):
            values = _read(path, kind, flag, number, one)
            row = known.get((kind, values["code"]))
            names = report.compare(row, values)
            if row is None:
                Rule(**values).save(force_insert=True)
            elif names:
                for name in names:
                    setattr(row, name, values[name])
                row.save(update_fields=names)
    return report


def _read(path: Path, kind: str, flag: str, number: int, one: Mapping[str, Any]) -> dict[str, Any]:
    try:
        days, active = int(one.get("days", 0)), bool(one.get(flag, kind != "erase"))
        values = {"kind": kind, "code": str(one["code"]), "name": str(one["name"]), "days": days, "active": active, "order": number}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise pack_error(path, 0, f"{kind} {number} needs code, name and whole days ({error})") from error
    if days < 0 or (kind == "answer" and days == 0):
        raise pack_error(path, 0, f"{kind} {values['code']}: days are counted from 1")
    if kind == "erase" and not active and not one.get("basis"):
        raise pack_error(path, 0, f"erase {values['code']}: what must stay needs a basis; residents read it")
    return {**values, "basis": str(one.get("basis", ""))[:200]}
