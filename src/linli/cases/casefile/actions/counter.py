"""What a counter does with a visitor's application in one go: hand in, and accept where the acceptance is this office's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from linli.cases.casefile import policy
from linli.cases.casefile.actions.intake import accept_case
from linli.cases.casefile.actions.opening import Applicant, Submitted, submit_at_counter
from linli.foundation.scope.actions import gathering
from linli.foundation.types import Actor
from linli.lib.errors import LinliError


@dataclass(frozen=True)
class TakenIn:
    """``accepted``: None where the acceptance is another office's, or the form had been sent before. ``why_not``: the office's own refusal."""

    submitted: Submitted
    accepted: bool | None = None
    why_not: LinliError | None = None


def take_in(
    actor: Actor,
    *,
    version_id: UUID,
    answers: Mapping[str, Any],
    applicant: Applicant,
    unit_id: UUID,
    submission_key: str,
    verdict: Mapping[str, Any],
    files: Mapping[str, list[UUID]],
    promises: Mapping[str, str],
) -> TakenIn:
    """Two actions, each on the trail, whose rows are written once. What the second refuses leaves the first standing."""
    with gathering(actor):
        done = submit_at_counter(
            actor,
            version_id=version_id,
            answers=answers,
            applicant=applicant,
            unit_id=unit_id,
            submission_key=submission_key,
            verdict=verdict,
            files=files,
        )
        mine = done.first is not None and any(t.kind == "accept" and policy.holds(actor, t) for t in done.first.tasks)
        if not mine or not actor.may("cases.accept"):
            return TakenIn(done)
        try:
            accept_case(actor, case_id=done.case.pk, promises=promises, new=done)
        except LinliError as error:
            return TakenIn(done, False, error)
        return TakenIn(done, True)
