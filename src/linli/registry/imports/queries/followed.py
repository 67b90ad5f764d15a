"""What followed from a file besides values, and what did not."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext, gettext_noop

from linli.foundation.types import Actor
from linli.registry.imports import policy
from linli.registry.imports.models import Batch, Consequence
from linli.registry.imports.types import LEFT

SHOWN = 50
_OTHER = gettext_noop("It was refused.")


@dataclass(frozen=True)
class Followed:
    """``deaths``, ``placed``: reported, and people placed in households; ``left``: (person, why) of the first that the community has to look at."""

    deaths: int
    placed: int
    left: list[tuple[UUID, str]]
    more: int


def followed(actor: Actor, batch: Batch) -> Followed | None:
    """None where nothing did; as far as the actor sees."""
    rows = Consequence.objects.filter(policy.consequences.visible(actor), batch=batch)
    counts = {(kind, state): n for kind, state, n in rows.values_list("kind", "state").annotate(n=Count("id"))}
    if not counts:
        return None
    left = rows.filter(state="left").order_by("id").values_list("person_id", "why")[:SHOWN]
    several = sum(n for (_, state), n in counts.items() if state == "left")
    shown = [(pk, gettext(LEFT.get(why, _OTHER))) for pk, why in left]
    return Followed(counts.get(("death", "done"), 0), counts.get(("household", "done"), 0), shown, max(0, several - SHOWN))
