"""Writing the trail. Called by the `@action` mechanism and by the named foreign writers' hooks; hardly ever by hand."""
from __future__ import annotations

from typing import Any

from linli.foundation.audit.models import AuditEntry
from linli.foundation.audit.types import Change, Outcome, Recording
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor


def write(actor: Actor, record: Recording, outcome: Outcome, reason: str = "") -> None:
    """Append one entry to the trail in the current transaction."""
    first = record.changes[0] if record.changes else None
    AuditEntry.objects.create(
        action=record.name,
        outcome=outcome,
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        actor_label=actor.label[:80],
        subject_type=first.subject_type if first else record.notes.get("subject_type", ""),
        subject_id=first.subject_id if first else str(record.notes.get("subject_id", "")),
        region_path=first.region_path if first else "",
        changes=[{"type": c.subject_type, "id": c.subject_id, "fields": c.fields} for c in record.changes],
        notes=record.notes,
        reason=reason[:300],
        address=actor.address,
        request_id=actor.request_id,
    )


def write_alone(actor: Actor, record: Recording, outcome: Outcome, reason: str) -> None:
    """Append an entry in a transaction of its own: for refused and failed attempts, after the rollback."""
    record.changes = []  # what was rolled back did not happen
    with scoped(actor):
        write(actor, record, outcome, reason)


def note(actor: Actor, name: str, *, outcome: Outcome = Outcome.DONE, reason: str = "", subject: Change | None = None, **notes: Any) -> None:
    """One line about something that is not an action of ours (a sign-in, a page that showed a full ID number)."""
    record = Recording(name, notes=notes)
    if subject:
        record.changes.append(subject)
    with scoped(actor):
        write(actor, record, outcome, reason)
