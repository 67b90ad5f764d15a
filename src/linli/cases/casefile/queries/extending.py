"""How far a matter's time may be extended, and the words its notice needs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.cases.casefile.models import Paper
from linli.cases.casefile.queries.facts import EXTENDABLE
from linli.cases.catalogue.types import MatterSpec

EXTENSION_DAYS = 10
"""Default of services.md 2.3 (with the approval of the office's head); a matter's parameter `extension_days` says otherwise, 0 forbids it."""


def longest_extension(spec: MatterSpec, day: date, division: str) -> int:
    """Days of the promised limit's own unit; 0 for what is done at once, in hours, or never extended."""
    if spec.handle_kind == "instant" or spec.promised.unit not in EXTENDABLE or not spec.promised.amount:
        return 0
    return int(spec.parameters_on(day, division).get("extension_days", EXTENSION_DAYS))


def extension_values(paper: Paper, spec: MatterSpec) -> dict[str, Any]:
    """Variables of the notice of extension (packs/*/papers/README.md)."""
    days, former = paper.context.get("days"), str(paper.context.get("former") or "")
    unit = {"W": _("%(n)s working days"), "N": _("%(n)s days")}.get(spec.promised.unit, "%(n)s")
    return {"extended_text": unit % {"n": days} if days else "", "former_due_at": datetime.fromisoformat(former) if former else None}
