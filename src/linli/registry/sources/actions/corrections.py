"""Notes to offices whose word did not win (domain/community.md 15.5): opened from what they said last, closed when they say the same as the register."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording
from linli.foundation.scope.engine import current_actor
from linli.foundation.scope.models import insert_rows
from linli.foundation.types import Actor
from linli.registry.sources import policy, queries
from linli.registry.sources.models import Correction, Entry
from linli.registry.sources.types import COLLECTED, Origin, Standing

WAITING = ("open", "sent")


@dataclass(frozen=True, slots=True)
class Loss:
    """What an office said last of one attribute, where the register says something else: ``ours``, by the word of ``our_source``."""

    source: str
    subject_id: UUID
    attribute: str
    theirs: str
    ours: str
    our_source: str
    entry_id: UUID
    batch_id: UUID | None
    as_of: date
    region_path: str


def note_words(subjects: Sequence[Standing], origins: Mapping[UUID, Mapping[str, Origin]]) -> tuple[int, int]:
    """Of some subjects, each with the attributes that are looked at: open a note where what an office said last is not what stands, close those that are
    settled. (new, closed). Part of a job, under its rights."""
    actor, keys = current_actor(), [one.subject_id for one in subjects]
    said = queries.said_of(actor, keys)
    from_files = set(Entry.objects.filter(subject_id__in=keys, state="linked").exclude(key_index=None).values_list("pk", flat=True))
    losses, agreed = [], []
    for one in subjects:
        entries = [entry for entry in said.get(one.subject_id, ()) if entry.entry_id in from_files]
        last = {(entry.source, name): entry for entry in entries for name in one.values if entry.values.get(name)}  # they come oldest first
        for (source, name), entry in last.items():
            ours, theirs = one.values[name], entry.values[name]
            if ours == theirs:
                agreed.append((source, one.subject_id, name, ours))
            elif ours:
                origin = origins.get(one.subject_id, {}).get(name)
                whose = origin.source if origin is not None else COLLECTED
                losses.append(
                    Loss(source, one.subject_id, name, theirs, ours, whose, entry.entry_id, entry.batch_id, entry.as_of, one.region_path)
                )
    closed = close_settled(keys, agreed)
    return note_losses(keys, losses), closed


def note_losses(subjects: Collection[UUID], losses: Sequence[Loss]) -> int:
    """Open a note for each of these, and bring those that wait up to date; how many are new. Part of a job, under its rights."""
    waiting = {
        (row.source_id, row.subject_id, row.attribute): row
        for row in Correction.objects.select_for_update().filter(subject_id__in=list(subjects), state__in=WAITING).order_by("pk")
    }
    fresh = []
    for loss in losses:
        office = queries.source(loss.source)
        row = waiting.pop((office.pk, loss.subject_id, loss.attribute), None)
        if row is None:
            fresh.append(_new(loss))
        elif (row.theirs, row.ours) != (loss.theirs, loss.ours):
            row.theirs, row.ours, row.our_source, row.entry_id = loss.theirs, loss.ours, queries.source(loss.our_source), loss.entry_id
            row.as_of, row.state, row.sent_at = loss.as_of, "open", None
            row.save(update_fields=["theirs", "ours", "our_source", "entry_id", "as_of", "state", "sent_at"])
    insert_rows(fresh)
    return len(fresh)


def close_settled(subjects: Collection[UUID], agreed: Collection[tuple[str, UUID, str, str]]) -> int:
    """``agreed``: (source, subject, attribute, value) that an office now says like the register. How many notes that closes: accepted where the
    office has come round, rejected where the register has. Part of a job, under its rights."""
    said = {(queries.source(source).pk, subject, attribute): value for source, subject, attribute, value in agreed}
    closed = 0
    for row in Correction.objects.select_for_update().filter(subject_id__in=list(subjects), state__in=WAITING).order_by("pk"):
        value = said.get((row.source_id, row.subject_id, row.attribute))
        if value is None:
            continue
        row.state, row.closed_at = "accepted" if value == row.ours else "rejected", timezone.now()
        row.save(update_fields=["state", "closed_at"])
        closed += 1
    return closed


def _new(loss: Loss) -> Correction:
    return Correction(
        source=queries.source(loss.source),
        subject_id=loss.subject_id,
        attribute=loss.attribute,
        theirs=loss.theirs,
        ours=loss.ours,
        our_source=queries.source(loss.our_source),
        entry_id=loss.entry_id,
        batch_id=loss.batch_id,
        as_of=loss.as_of,
        region_path=loss.region_path,
    )


@action("imports.load", audit="sources.corrections_sent")
def mark_sent(actor: Actor, *, source: str, ids: Collection[UUID]) -> int:
    """These notes have gone to their office; how many had not before."""
    rows = Correction.objects.filter(policy.corrections.visible(actor), source__code=source, pk__in=list(ids), state="open")
    sent = int(rows.update(state="sent", sent_at=timezone.now()))
    record = recording.get()
    if record is not None:
        record.notes |= {"source": source, "notes": sent}
    return sent
