"""What a file says that did not win, told to its office: gone through after the load, turn by turn, so that the load is not slowed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import UUID

from linli.foundation.actions.engine import CityContext
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import system_actor
from linli.registry.imports.engine.subjects import SUBJECTS
from linli.registry.imports.models import Batch
from linli.registry.sources.models import Correction, Entry

JOB = system_actor("imports.corrections")
NOTE = "imports.note_corrections"
PORTION, TURN_S = 500, 10.0


def order_notes(batch_id: UUID) -> None:
    """Part of the caller's transaction."""
    put_jobs(NOTE, "default", {"batch_id": str(batch_id), "after": ""}, unhurried=True)


def note_on(batch_id: UUID, after: str) -> None:
    """A turn: the entries of the file in the order of their keys, from ``after`` on."""
    until = time.monotonic() + TURN_S
    with scoped(JOB):
        about = Batch.objects.values_list("subject", flat=True).get(pk=batch_id)
    while True:
        with scoped(JOB):
            rows = Entry.objects.filter(batch_id=batch_id, state="linked")
            rows = rows.filter(pk__gt=UUID(after)) if after else rows
            found = list(rows.order_by("pk").values_list("pk", "subject_id")[:PORTION])
        if not found:
            return
        SUBJECTS.get(about).note(JOB, {subject for _, subject in found if subject is not None})
        after = str(found[-1][0])
        if time.monotonic() > until:
            with scoped(JOB):
                put_jobs(NOTE, "default", {"batch_id": str(batch_id), "after": after}, unhurried=True)
            return


def build_corrections(city: CityContext) -> None:
    """Notes to the offices of a synthetic city, after its files."""
    with scoped(JOB):
        loaded = list(Batch.objects.filter(state="loaded").order_by("mapping").values_list("pk", flat=True))
    for batch_id in loaded:
        note_on(batch_id, "")
    with scoped(JOB):
        city.say(f"{Correction.objects.count()} correction notes")


def export_corrections() -> Iterator[str]:
    """By what they say."""
    for row in Correction.objects.select_related("source", "our_source"):
        yield f"correction\t{row.source.code}\t{row.attribute}\t{row.theirs}\t{row.ours}\t{row.our_source.code}\t{row.state}"
