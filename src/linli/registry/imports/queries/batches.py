"""Files, and what became of their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import QuerySet, Sum

from linli.foundation.types import Actor
from linli.lib.errors import NotFound
from linli.registry.imports import policy
from linli.registry.imports.models import Batch, Part
from linli.registry.imports.types import Problem, Verdict


def batches(actor: Actor) -> QuerySet[Batch]:
    """Files in the actor's sight, the newest first."""
    return Batch.objects.filter(policy.batches.visible(actor)).select_related("source").order_by("-made_at")


def get_batch(actor: Actor, pk: UUID, *, lock: bool = False) -> Batch:
    """One file; `NotFound` for any other."""
    rows = Batch.objects.filter(policy.batches.visible(actor), pk=pk)
    batch = (rows.select_for_update() if lock else rows.select_related("source")).first()
    if batch is None:
        raise NotFound("BATCH_UNKNOWN", "There is no such file.")
    return batch


def parts_of(actor: Actor, batch: Batch, kind: str) -> QuerySet[Part]:
    """Portions that are done, in the order of the file; the last one's last line is where to go on."""
    return Part.objects.filter(policy.parts.visible(actor), batch=batch, kind=kind).order_by("last_line")


def progress(actor: Actor, batch: Batch, kind: str) -> tuple[int, dict[str, int]]:
    """Rows done, and how many of each verdict."""
    rows = parts_of(actor, batch, kind)
    counts: Counter[str] = Counter()
    for found in rows.values_list("counts", flat=True):
        counts.update(found)
    return rows.aggregate(rows=Sum("rows"))["rows"] or 0, dict(counts)


def verdict_rows(actor: Actor, batch: Batch, kind: str) -> Iterator[tuple[int, Verdict, str | None, list[Problem]]]:
    """Line, verdict, person and problems of each row that is done, portion by portion."""
    for verdicts in parts_of(actor, batch, kind).values_list("verdicts", flat=True).iterator(chunk_size=4):
        for line, verdict, person, problems in verdicts:
            yield line, Verdict(verdict), person, [Problem(*problem) for problem in problems]


def files_in_batches(ids: Collection[UUID]) -> set[UUID]:
    """Of some files those that were brought to be loaded. Under a job's rights."""
    return set(Batch.objects.filter(file_id__in=list(ids)).values_list("file_id", flat=True))
