"""What a granted case writes back to the register (services.md §3.7): by declared effects, with the case as the source."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.cases import answers, definition_for
from linli.cases.catalogue.types import Effect
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.registry.people.actions import register_fact


def apply_effects(actor: Actor, case: Case, verdict: Mapping[str, Any], *, now: datetime) -> None:
    """Write the effects of the matter; a case about nobody in the register has none to write."""
    effects = definition_for(case).spec.effects
    if case.party_id is None or not effects:
        return
    places: dict[str, Mapping[str, Any]] = {
        "form": answers(case), "verdict": verdict,
        "decision": {**case.decision, "date": timezone.localdate(now).isoformat()},
        "case": {"number": case.number, "month": timezone.localdate(case.submitted_at).strftime("%Y-%m")},
    }
    with scoped(system_actor("casefile.effects", permissions=["people.write"])) as scope:
        for effect in effects:
            register_fact(
                scope.actor, party_id=case.party_id, kind=effect.kind, target=effect.target, values=_values(effect, places), case_id=case.id,
                effective_from=str(_one(effect.effective_from, places) or timezone.localdate(now).isoformat()),
            )


def _values(effect: Effect, places: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {name: _one(source, places) for name, source in effect.values.items()}


def _one(source: str, places: Mapping[str, Mapping[str, Any]]) -> Any:
    """`form.x`, `verdict.x`, `decision.x`, `case.x`, or a text in single quotes."""
    if source.startswith("'"):
        return source.strip("'")
    place, _, name = source.partition(".")
    return places.get(place, {}).get(name)
