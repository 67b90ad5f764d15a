"""What a granted case writes back to the register (services.md §3.7): by declared effects, with the case as the source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.cases import answers, definition_for
from linli.cases.catalogue.types import Effect
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.periods import add_months
from linli.registry.people.actions import apply_value, register_fact
from linli.registry.people.types import ATTRIBUTES
from linli.registry.sources.types import APPROVAL


def apply_effects(actor: Actor, case: Case, verdict: Mapping[str, Any], *, now: datetime) -> None:
    """Write the effects of the matter; a case about nobody in the register has none to write."""
    effects = definition_for(case).spec.effects
    if case.party_id is None or not effects:
        return
    places: dict[str, Mapping[str, Any]] = {
        "form": answers(case),
        "verdict": verdict,
        "decision": case.decision,
        "case": {"number": case.number, "month": timezone.localdate(case.submitted_at).replace(day=1).isoformat()},
    }
    with scoped(system_actor("casefile.effects", permissions=["people.write_back", "people.correct"])) as scope:
        for effect in effects:
            _apply(scope.actor, case, case.party_id, effect, places, timezone.localdate(now))


def _apply(actor: Actor, case: Case, party_id: UUID, effect: Effect, places: Mapping[str, Mapping[str, Any]], today: date) -> None:
    """One effect as a dated fact about the person; a plain attribute the register keeps is offered to it as well, by the sources' ranks."""
    place, _, name = effect.target.partition(".")
    attribute = name if place == "person" else effect.target
    values = {key: one(source, places) for key, source in effect.values.items()}
    since = _day(one(effect.effective_from, places)) or today
    register_fact(
        actor,
        subject_id=party_id,
        attribute=attribute,
        value=values,
        source_case=case.id,
        effective=since,
        until=_until(effect, since),
    )
    if effect.kind == "attribute" and attribute in ATTRIBUTES and len(values) == 1:
        apply_value(
            actor,
            person_id=party_id,
            attribute=attribute,
            value=str(next(iter(values.values())) or ""),
            source=APPROVAL,
            as_of=today,
            case_id=case.id,
        )


def _until(effect: Effect, since: date) -> date | None:
    """The last day of a fact that is valid for a term."""
    if effect.validity is None:
        return None
    if effect.validity.unit == "M":
        return add_months(since, effect.validity.amount) - timedelta(days=1)
    return since + timedelta(days=effect.validity.calendar_days_at_most() - 1)


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def one(source: str, places: Mapping[str, Mapping[str, Any]]) -> Any:
    """`form.x`, `verdict.x`, `decision.x`, `case.x`, or a text in single quotes."""
    if source.startswith("'"):
        return source.strip("'")
    place, _, name = source.partition(".")
    return places.get(place, {}).get(name)
