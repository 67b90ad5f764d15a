"""The groups of a pack: who needs care or attention, and how secret belonging to them is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import LoadReport, pack_error, read_yaml
from linli.foundation.types import Actor, Level
from linli.registry.people.models import GroupKind

FILE = "key-groups.yaml"


@action("admin.packs", audit="people.groups_loaded")
def load_groups(actor: Actor, *, folder: Path) -> LoadReport:
    """Load `key-groups.yaml`: code, name, level from 3 to 5. A pack without the file changes nothing; a group is never removed."""
    report, path = LoadReport(), folder / FILE
    if not path.exists():
        return report
    known = {row.code: row for row in GroupKind.objects.all()}
    for number, declared in enumerate(read_yaml(path).get("groups", []), start=1):
        try:
            code = str(declared["code"])
            values: dict[str, Any] = {"name": str(declared["name"]), "level": int(Level(declared["level"])), "order": number}
        except (KeyError, TypeError, ValueError) as error:
            raise pack_error(path, 0, f"group {number} needs code, name and a level from 3 to 5 ({error})") from error
        if values["level"] < Level.PERSONAL:
            raise pack_error(path, 0, f"group {code} is about people: its level is 3 to 5")
        row = known.get(code)
        names = report.compare(row, values)
        if row is None:
            GroupKind(code=code, **values).save(force_insert=True)
        elif names:
            for name in names:
                setattr(row, name, values[name])
            row.save(update_fields=names)
    return report
