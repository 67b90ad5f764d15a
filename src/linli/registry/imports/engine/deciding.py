"""Whom a row is about, from the candidates the register has: linked, new, or for a person to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from linli.registry.matching.engine.features import Features
from linli.registry.matching.engine.model import Model, band, objection, score_features
from linli.registry.matching.types import Band, Objection, Score

MOST_SHOWN = 5
"""Candidates of a doubtful row that a person is shown."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the register whom the row may be about."""

    person_id: UUID
    score: Score
    band: Band
    objection: Objection

    def as_json(self) -> dict[str, Any]:
        return {
            "person": str(self.person_id),
            "weight": round(self.score.weight, 2),
            "probability": self.score.probability,
            "parts": [[p.comparison, p.level, round(p.weight, 2)] for p in self.score.parts],
            "why": str(self.objection),
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """``person_id`` is whom the row is linked to; without one and without ``doubts`` the row is about somebody new."""

    person_id: UUID | None = None
    doubts: tuple[Candidate, ...] = ()


def decide(model: Model, row: Features, known: Sequence[tuple[UUID, Features]]) -> Decision:
    """Link when exactly one candidate may be linked without asking; ask when somebody may be meant; else the row is about somebody new."""
    found = []
    for person_id, other in known:
        said = score_features(model, row, other)
        found.append(Candidate(person_id, said, band(said, model.rules), objection(said)))
    found.sort(key=lambda one: (-one.score.weight, str(one.person_id)))
    certain = [one for one in found if one.band is Band.AUTO]
    asked = [one for one in found if one.band is Band.REVIEW]
    by_number = [one for one in asked if one.score.level("id_number") == "equal"]
    if len(certain) == 1 and not by_number:
        return Decision(certain[0].person_id)
    if certain or asked:
        return Decision(doubts=tuple((certain + asked)[:MOST_SHOWN]))
    return Decision()
