"""Corrections of what a form already knew go back to the register as claims ("collected once": services.md 3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone

from linli.cases.casefile.queries.cases import get_case
from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import LinliError
from linli.registry.people.actions import apply_value
from linli.registry.people.types import STATABLE
from linli.registry.sources.types import STATED


@action("cases.submit", audit="cases.values_claimed")
def claim_values(actor: Actor, *, case_id: UUID, values: Mapping[str, str]) -> int:
    """Offer corrected values to the register as the applicant's own statement; the rank of the sources decides whether they stand at once.

    Returns how many stand. A value the register refuses does not undo the application: it is noted on the trail, and the office sees it
    in the form.
    """
    case = get_case(actor, case_id)
    if case.party_id is None:
        return 0
    applied, refused = 0, []
    with scoped(system_actor("casefile.claims", below=case.region_path, permissions=("people.correct",))) as scope:
        for attribute, value in values.items():
            if attribute not in STATABLE:
                continue
            try:
                applied += apply_value(
                    scope.actor,
                    person_id=case.party_id,
                    attribute=attribute,
                    value=value,
                    source=STATED,
                    as_of=timezone.localdate(),
                    case_id=case.id,
                )
            except LinliError as error:
                refused.append(f"{attribute}: {error.code}")
    record = recording.get()
    if record is not None and refused:
        record.notes["refused"] = refused
    return applied
