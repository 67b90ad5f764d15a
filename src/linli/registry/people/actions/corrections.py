"""What offices say of people and the register does not: notes to those offices, and what is settled by now."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording
from linli.foundation.scope.engine import current_actor
from linli.foundation.types import Actor
from linli.registry.people import queries
from linli.registry.people.models import Person
from linli.registry.people.types import ATTRIBUTES
from linli.registry.sources.actions import note_words
from linli.registry.sources.queries import rule_of

LASTING = tuple(name for name in ATTRIBUTES if name not in ("bank_account", "bank_name", "lives_here_since"))


@action("imports.load", audit="people.corrections_noted")
def note_corrections(actor: Actor, *, person_ids: Collection[UUID]) -> int:
    """How many new notes. By a job. Only about what lasts (a name, a date of birth): where somebody lives may have been true on the day it was said."""
    people = list(Person.objects.filter(pk__in=list(person_ids)))
    attributes = [name for name in LASTING if rule_of(name).half_life is None]
    standing = [queries.standing_of(person, attributes) for person in people]
    fresh, closed = note_words(standing, queries.origins_about(current_actor(), people))
    record = recording.get()
    if record is not None:
        record.notes |= {"people": len(people), "new": fresh, "closed": closed}
    return fresh
