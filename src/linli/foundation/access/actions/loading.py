"""The roles of a pack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from linli.foundation.access.models import Role
from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import LoadReport, pack_error, read_yaml
from linli.foundation.types import Actor, Level

FILE = "roles.yaml"


@action("admin.packs", audit="access.roles_loaded")
def load_roles(actor: Actor, *, folder: Path) -> LoadReport:
    """Load `roles.yaml`. A business role may not hold administration rights, nor an administrator business ones (three administrators)."""
    report = LoadReport()
    path = folder / FILE
    if not path.exists():
        return report
    known = {role.code: role for role in Role.objects.all()}
    for number, declared in enumerate(read_yaml(path).get("roles", []), start=1):
        try:
            code = declared["code"]
            values: dict[str, Any] = {
                "name": declared["name"],
                "permissions": sorted(set(declared["permissions"])),
                "level": int(Level(declared.get("level", 3))),
                "business": bool(declared.get("business", True)),
            }
        except (KeyError, TypeError, ValueError) as error:
            raise pack_error(path, 0, f"role {number} needs code, name, permissions and a level from 1 to 5 ({error})") from error
        _require_apart(path, code, values)
        role = known.get(code)
        if role is not None and role.edited:  # the desk has the last word
            report.unchanged += 1
            report.notes.append(f"{code} was changed on the desk and stays so")
            continue
        names = report.compare(role, values)
        if role is None:
            role = Role(code=code, **values)
            role.save(force_insert=True)
            known[code] = role
        elif names:
            for name in names:
                setattr(role, name, values[name])
            role.save(update_fields=names)
    return report


def _require_apart(path: Path, code: str, values: dict[str, Any]) -> None:
    permissions: list[str] = values["permissions"]
    if values["business"] and any(p.startswith("admin.") for p in permissions):
        raise pack_error(path, 0, f"business role {code} holds an administrator's right")
    if not values["business"] and any(p.startswith(("cases.", "people.")) for p in permissions):
        raise pack_error(path, 0, f"administrator role {code} holds a business right")


def export_roles(folder: Path, actor: Actor) -> None:
    """Write `roles.yaml` from the database."""
    roles = [
        {"code": r.code, "name": r.name, "level": r.level, "business": r.business, "permissions": r.permissions}
        for r in Role.objects.order_by("code")
    ]
    (folder / FILE).write_text(yaml.safe_dump({"roles": roles}, allow_unicode=True, sort_keys=False), encoding="utf-8")
