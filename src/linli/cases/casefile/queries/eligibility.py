"""Whether somebody meets a matter's conditions, as far as is known: before the form is filled in, and again when it is sent."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.cases.casefile.queries.facts import eligibility_facts
from linli.cases.catalogue.engine.eligibility import Verdict, evaluate
from linli.cases.catalogue.queries import Definition
from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import at_level
from linli.lib.idcard import age
from linli.registry.people.models import Person


def assess(definition: Definition, *, person: Person | None, answers: Mapping[str, Any], region: Region | None, at: datetime) -> Verdict | None:
    """The verdict of the matter's decision table; None when the matter has none. What nobody knows stays open and is left to the office."""
    table = definition.spec.eligibility_table
    if table is None:
        return None
    place = region or (person.region if person else None)
    facts = eligibility_facts(
        definition.spec, person=person_facts(person, place, timezone.localdate(at)) if person else {}, form=dict(answers),
        division=place.code[:12] if place else "", at=timezone.localtime(at),
    )
    return evaluate(table, facts)


def person_facts(person: Person, place: Region | None, on: date) -> dict[str, Any]:
    """The register's facts that decision tables ask for; a fact that is not kept is left out, so that it counts as unknown."""
    hukou = person.hukou_region
    facts: dict[str, Any] = {
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "age": age(person.birth_date, on) if person.birth_date else None,
        "sex": person.sex,
        "is_alive": person.died_on is None,
        "lives_in_city": True,
        "hukou_in_city": hukou is not None,
        "employment": person.employment or None,
        "assist_kind": person.assistance or None,
        "disability_type": person.disability[:1] or None,
        "disability_level": person.disability[1:2] or None,
    }
    if place is not None:
        facts["hukou_in_county"] = hukou is not None and at_level(hukou.path, "county") == at_level(place.path, "county")
    return facts


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
