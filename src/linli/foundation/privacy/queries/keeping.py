"""What would end by itself: counts for the page that says so beforehand. Under a job's rights: numbers, never rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.foundation.privacy.engine.declared import KEEPINGS
from linli.foundation.privacy.models import DataRequest, Export, Rule
from linli.foundation.privacy.queries.rules import keep_rules
from linli.foundation.privacy.types import Keeping
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor


def counted(rows: object, most: int) -> int:
    """How many, counting to ``most``: of a table of millions nobody needs the exact number."""
    return len(rows.values_list("pk", flat=True).order_by()[:most])  # type: ignore[attr-defined]


def copies_due(before: datetime, most: int) -> int:
    return counted(DataRequest.objects.filter(content_until__lt=before), most)


def requests_due(before: datetime, most: int) -> int:
    return counted(DataRequest.objects.filter(decided_at__lt=before).exclude(name=""), most)


def exports_due(before: datetime, most: int) -> int:
    return counted(Export.objects.filter(made_at__lt=before, state__in=("gone", "refused", "failed")), most)


MOST = 100_000


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a rule would end by tomorrow night. ``more``: there are more than could be counted quickly."""

    rule: Rule
    keeping: Keeping
    due: int
    more: bool


def outlook(now: datetime) -> list[Outlook]:
    """Every rule of the pack, in its order; of those that are not in force what they would end."""
    found = []
    with scoped(system_actor("privacy.outlook")):
        for rule in keep_rules():
            keeping = KEEPINGS.get(rule.code)
            due = keeping.due(now + timedelta(days=1) - timedelta(days=rule.days), MOST + 1)
            found.append(Outlook(rule, keeping, min(due, MOST), due > MOST))
    return found
