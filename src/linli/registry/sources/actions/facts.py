"""What decided cases and registers say of somebody from a day, perhaps to a day."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.sources import queries
from linli.registry.sources.models import Fact


def end_facts(subject_id: UUID, attribute: str, last: date) -> int:
    """Facts in force end with a day, somebody having checked it; how many. Part of the caller's action."""
    with scoped(system_actor("sources.end_facts")):
        rows = list(
            Fact.objects.select_for_update(of=("self",)).filter(subject_id=subject_id, attribute=attribute).exclude(effective_to__lte=last)
        )
        for row in rows:
            row.effective_to = max(last, row.effective_from)
            row.save(update_fields=["effective_to"])
    return len(rows)


def add_fact(
    subject_id: UUID,
    attribute: str,
    value: Any,
    *,
    source: str,
    case_id: UUID | None,
    effective: date,
    until: date | None,
    region_path: str,
    party_id: UUID | None,
) -> Fact:
    """Write what a case decided. Repeating it for the same case changes nothing; the fact before it ends the day the new one begins."""
    with scoped(system_actor("sources.add_fact")):
        if case_id is not None:
            known = Fact.objects.filter(case_id=case_id, subject_id=subject_id, attribute=attribute).first()
            if known is not None:
                return known
        for old in Fact.objects.select_for_update().filter(
            subject_id=subject_id, attribute=attribute, effective_to=None, effective_from__lt=effective
        ):
            old.effective_to = date.fromordinal(effective.toordinal() - 1)
            old.save(update_fields=["effective_to"])
        fact = Fact(
            subject_id=subject_id,
            attribute=attribute,
            value=json.dumps(value, ensure_ascii=False, sort_keys=True, default=str),
            source=queries.source(source),
            case_id=case_id,
            effective_from=effective,
            effective_to=until,
            region_path=region_path,
            party_id=party_id,
        )
        fact.save(force_insert=True)
    return fact
