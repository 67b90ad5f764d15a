"""Two people turn out to be one: rows that may be about the one who goes may be about the one who stays."""

from __future__ import annotations

from uuid import UUID

from linli.registry.imports.models import Consequence, Doubt
from linli.registry.people.actions.following import Column, following
from linli.registry.people.engine.merging import Follower, Handover, Moved

CANDIDATES = "imports.Doubt.candidates"
_ROWS = following(Column(Doubt, "person_id"), Column(Consequence, "person_id"))


def _follow(handover: Handover) -> Moved:
    return {**_ROWS.follow(handover), CANDIDATES: _renamed(handover)}


def _renamed(handover: Handover, only: frozenset[str] | None = None) -> list[str]:
    """Open pairs in which one candidate is called by the other key now; where both are candidates, the likelier line stays."""
    old, new, done = str(handover.from_), str(handover.to), []
    for doubt in Doubt.objects.select_for_update().filter(state="open", candidates__contains=[{"person": old}]).order_by("pk"):
        if only is not None and str(doubt.pk) not in only:
            continue
        seen: dict[UUID, dict[str, object]] = {}
        for one in doubt.candidates:
            key = new if one["person"] == old else one["person"]
            seen.setdefault(UUID(key), {**one, "person": key})
        doubt.candidates = list(seen.values())
        doubt.save(update_fields=["candidates"])
        done.append(str(doubt.pk))
    return done


def _give_back(handover: Handover, moved: Moved) -> None:
    _ROWS.give_back(handover, moved)
    _renamed(handover, frozenset(moved.get(CANDIDATES, ())))


FOLLOWER = Follower(_ROWS.columns, _follow, _give_back, _ROWS.later)
