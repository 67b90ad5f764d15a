"""Whether somebody meets a matter's conditions, as far as is known: before the form is filled in, and again when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.cases.casefile.queries.facts import eligibility_facts
from linli.cases.catalogue.queries import Definition
from linli.foundation.regions.models import Region
from linli.foundation.rules.engine import Verdict, evaluate
from linli.foundation.types import Actor
from linli.registry.people.models import Person
from linli.registry.people.queries import facts


def assess(
    actor: Actor, definition: Definition, *, person: Person | None, answers: Mapping[str, Any], region: Region | None, at: datetime
) -> Verdict | None:
    """The verdict of the matter's decision table; None when the matter has none. What nobody knows stays open and is left to the office."""
    table = definition.spec.eligibility_table
    if table is None:
        return None
    place = region or (person.region if person else None)
    known = facts(actor, person.id, on=timezone.localdate(at)) if person else {}
    asked = eligibility_facts(
        definition.spec, person=known, form=dict(answers), division=place.code[:12] if place else "", at=timezone.localtime(at)
    )
    return evaluate(table, asked)


def verdict_json(verdict: Verdict | None) -> dict[str, Any]:
    """The verdict as a case keeps it: outcome, conditions in words, values (amounts as text)."""
    if verdict is None:
        return {}
    return {
        "passed": verdict.passed,
        "undetermined": verdict.undetermined,
        "reasons": [{"key": r.key, "passed": r.passed, "text": r.text, "severity": r.severity, "row": r.row} for r in verdict.reasons],
        "values": {key: _plain(value) for key, value in verdict.values.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list) else value
