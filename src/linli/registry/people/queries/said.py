"""Who says what of one attribute of a person, and why one of the values stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from linli.foundation.types import Actor
from linli.registry.people.models import Person
from linli.registry.people.queries.facts import standing_of
from linli.registry.people.types import ATTRIBUTES
from linli.registry.sources.queries import heard, source
from linli.registry.sources.types import Offer


@dataclass(frozen=True)
class Heard:
    """What one source says. ``score`` is None for what has no say; ``stands``: it is the value of the register."""

    label: str
    offer: Offer
    score: float | None
    stands: bool


def heard_of(actor: Actor, person: Person, attribute: str) -> list[Heard]:
    """The best first. The caller has read the person under the actor's rights."""
    one, today = standing_of(person, ATTRIBUTES), timezone.localdate()
    offers, rule = heard(actor, one, attribute)
    found = [Heard(source(o.source).name, o, rule.score(o, today) if rule.hears(o.source) else None, False) for o in offers]
    found.sort(key=lambda h: (h.offer.value == one.values.get(attribute), h.score or 0.0, h.offer.as_of), reverse=True)
    if found and found[0].offer.value == one.values.get(attribute):
        found[0] = Heard(found[0].label, found[0].offer, found[0].score, True)
    return found
