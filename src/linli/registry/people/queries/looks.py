"""Who looked: every full number shown, for the person it is about."""

from __future__ import annotations

from uuid import UUID

from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.registry.people.queries.search import get_person
from linli.registry.people.types import Look

REVEALED = ("people.id_number_revealed", "people.phone_revealed", "people.bank_account_revealed")


def looks_at(actor: Actor, person_id: UUID, *, limit: int = 100) -> list[Look]:
    """Newest first; the person's own looks are left out. The trail is open to the audit administrator only, so a job's actor reads."""
    person = get_person(actor, person_id)
    with scoped(system_actor("people.looks_at")):
        rows = AuditEntry.objects.filter(subject_type="people.person", subject_id=str(person.id), action__in=REVEALED, outcome="done")
        return [
            Look(row.at, row.actor_label, row.action, row.notes.get("purpose", ""))
            for row in rows.exclude(actor_kind="citizen").order_by("-at")[:limit]
        ]
