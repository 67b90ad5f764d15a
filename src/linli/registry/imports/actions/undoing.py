"""Taking a file back: its entries are withdrawn, what stood before stands again, whom it brought leaves; later edits stay."""

from __future__ import annotations

import json
from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import recording
from linli.foundation.regions.engine import actor_of
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor
from linli.registry.imports import policy, queries
from linli.registry.imports.actions.batches import UNDO
from linli.registry.imports.actions.consequences import take_back
from linli.registry.imports.actions.turns import JOB, in_state, move, turn
from linli.registry.imports.engine.preparing import PORTION
from linli.registry.imports.engine.subjects import SUBJECTS
from linli.registry.imports.models import Batch, Doubt
from linli.registry.people.actions import remove_people, settle_people
from linli.registry.people.queries import tied
from linli.registry.sources.actions import withdraw_entries
from linli.registry.sources.models import Entry


def undo_on(batch_id: UUID) -> None:
    """One turn. What is withdrawn already needs no second look, so that a killed job goes on by itself."""
    batch = in_state(batch_id, "undoing")
    if batch is not None:
        actor = actor_of(batch.ordered_by)
        turn(UNDO, batch_id, lambda: undo_portion(actor, batch_id=batch_id))


@action("imports.load", audit="imports.portion_undone")
def undo_portion(actor: Actor, *, batch_id: UUID) -> bool:
    """Withdraw the next entries; False when none was left."""
    batch = queries.get_batch(actor, batch_id, lock=True)
    require(policy.can_change(actor, batch))
    if batch.state != "undoing":
        return False
    with scoped(JOB):
        if take_back(batch):
            return True
        rows = list(Entry.objects.filter(batch_id=batch.pk).exclude(state="withdrawn").order_by("-id")[:PORTION])
        if not rows:
            Doubt.objects.filter(batch=batch, state="open").update(state="dropped", decided_at=timezone.now())
            move(batch, "undone")
            return False
        SUBJECTS.get(batch.subject).withdraw(batch, rows)
    record = recording.get()
    if record is not None:
        record.notes |= {"batch": str(batch.pk), "file": batch.file_name, "entries": len(rows)}
    return True


def withdraw(batch: Batch, rows: Collection[Entry]) -> None:
    """Of a file about people."""
    withdraw_entries([row.pk for row in rows])
    brought = {row.subject_id for row in rows if row.brought and row.subject_id}
    staying = queries.still_said_of(brought)
    kept = dict.fromkeys(staying, "said") | dict.fromkeys(tied(brought - staying), "tied")
    remove_people(brought - set(kept))
    if kept:
        batch.kept = [*batch.kept, *({"person": str(pk), "why": why} for pk, why in sorted(kept.items()))]
        batch.save(update_fields=["kept"])
    leaving = brought - set(kept)
    said: dict[UUID, set[str]] = {}
    for row in rows:
        if row.subject_id and row.subject_id not in leaving:
            said.setdefault(row.subject_id, set()).update(json.loads(row.content or "{}"))
    settle_people(said, on=timezone.localdate())
