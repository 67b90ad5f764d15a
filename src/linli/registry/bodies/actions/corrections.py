"""What offices say of organisations and the register does not: notes to those offices, and what is settled by now."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording
from linli.foundation.scope.engine import current_actor
from linli.foundation.types import Actor
from linli.registry.bodies.models import Body
from linli.registry.bodies.queries.bodies import SHOWN
from linli.registry.bodies.queries.many import standings_of
from linli.registry.bodies.types import PREFIX
from linli.registry.sources.actions import note_words
from linli.registry.sources.queries import origins_of, rule_of


@action("imports.load", audit="bodies.corrections_noted")
def note_corrections(actor: Actor, *, body_ids: Collection[UUID]) -> int:
    """How many new notes. By a job. Only about what does not age: a telephone may have been right on the day it was said."""
    bodies = list(Body.objects.filter(pk__in=list(body_ids)))
    names = [name for name in SHOWN if rule_of(PREFIX + name).half_life is None]
    standing = standings_of(bodies, {body.pk: names for body in bodies})
    fresh, closed = note_words(standing, origins_of(current_actor(), standing))
    record = recording.get()
    if record is not None:
        record.notes |= {"bodies": len(bodies), "new": fresh, "closed": closed}
    return fresh
