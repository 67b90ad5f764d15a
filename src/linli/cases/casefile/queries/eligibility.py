"""Whether somebody meets a matter's conditions, as far as is known: before the form is filled in, and again when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from linli.cases.casefile.queries.facts import eligibility_facts
from linli.cases.catalogue.queries import Definition
from linli.foundation.regions.models import Region
from linli.foundation.rules.engine import Verdict, evaluate
from linli.foundation.types import Actor
from linli.records.forms.types import FieldType, Form
from linli.registry.people.models import Person
from linli.registry.people.queries import facts_about

_EXACT: Final = (FieldType.NUMBER, FieldType.MONEY)


def assess(
    actor: Actor,
    definition: Definition,
    *,
    person: Person | None,
    answers: Mapping[str, Any],
    region: Region | None,
    at: datetime,
    known: Mapping[str, Any] | None = None,
) -> Verdict | None:
    """The verdict of the matter's decision table on a ``person`` read under the actor's rights, and of whom `facts_about` may be known already;
    None when the matter has none.

    What nobody knows stays open and is left to the office.
    """
    table = definition.spec.eligibility_table
    if table is None:
        return None
    place = region or (person.region if person else None)
    if known is None:
        known = facts_about(actor, person, on=timezone.localdate(at)) if person else {}
    asked = eligibility_facts(
        definition.spec,
        person=dict(known),
        form=_numbers(definition.form, answers),
        division=place.code[:12] if place else "",
        at=timezone.localtime(at),
    )
    return evaluate(table, asked)


def _numbers(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers with their amounts as numbers: as JSON they are text, which a decision table cannot divide."""
    found = dict(answers)
    for section in form.sections:
        for item in section.fields if section.repeat is None else ():
            exact = item.type in _EXACT or (item.type is FieldType.COMPUTED and item.result in ("number", "money"))
            if exact and isinstance(found.get(item.key), str):
                found[item.key] = Decimal(found[item.key])
    return found


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
