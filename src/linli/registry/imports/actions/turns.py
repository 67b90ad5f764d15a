"""A turn of a job: portion by portion for a few seconds, then the next job goes on, so that nothing else waits behind a large file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final
from uuid import UUID

from django.utils import timezone

from linli.foundation.files.models import StoredFile
from linli.foundation.files.queries import path_on_disk
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit, put_jobs
from linli.foundation.types import system_actor
from linli.lib.errors import LinliError
from linli.registry.imports import queries
from linli.registry.imports.engine.reading import Table, open_table
from linli.registry.imports.engine.standard import Standardiser
from linli.registry.imports.models import Batch
from linli.registry.imports.types import Standard

JOB: Final = system_actor("imports.work")
PORTION = 500  # rows written in one transaction
TURN_S = 10.0
MOVED = "imports.batch_moved"


def turn(job: str, batch_id: UUID, portion: Callable[[], bool]) -> None:
    """Do portions until one says that it was the last, or the turn is over: then the next job is queued."""
    until = time.monotonic() + TURN_S
    while portion():
        if time.monotonic() > until:
            with scoped(JOB):
                put_jobs(job, "default", {"batch_id": str(batch_id)}, unhurried=True)
            return


def in_state(batch_id: UUID, state: str) -> Batch | None:
    """The batch, if its turn is still to come."""
    with scoped(JOB):
        batch = queries.get_batch(JOB, batch_id)
    return batch if batch.state == state else None


@contextmanager
def table_of(batch: Batch) -> Iterator[Table]:
    with scoped(JOB):
        stored = StoredFile.objects.get(pk=batch.file_id)
    with open_table(path_on_disk(stored), stored.name, queries.layout(batch.mapping)) as table:
        yield table


def portions(batch: Batch, table: Table, kind: str) -> Iterator[tuple[int, list[Standard]]]:
    """The rows that are still to be done, in the register's own form, each portion with the line before it."""
    with scoped(JOB):
        last = queries.parts_of(JOB, batch, kind).values_list("last_line", flat=True).last() or 0
        regions = queries.communities()
    reader = Standardiser(queries.layout(batch.mapping), table.headings, today=timezone.localdate(), batch_day=batch.as_of, regions=regions)
    rows = table.rows(after=last)
    while lines := list(islice(rows, PORTION)):
        yield last, [reader.standardise(number, cells) for number, cells in lines]
        last = lines[-1][0]


def move(batch: Batch, state: str) -> None:
    """The batch has come to the end of a step. Inside the caller's transaction."""
    batch.state, batch.done_at = state, timezone.now()
    batch.save(update_fields=["state", "done_at", "counts", "loaded", "kept"])
    emit(MOVED, region_path=batch.region_path, batch_id=batch.pk)


ENDS = {"check": ("checking", "counts", "checked"), "load": ("loading", "loaded", "loaded")}
"""Of each pass through a file: the state while it goes on, where its tally is kept, the state after it."""


def through(batch_id: UUID, kind: str) -> None:
    """The last row is done; somebody else may have said so already."""
    during, tally, after = ENDS[kind]
    with scoped(JOB):
        batch = queries.get_batch(JOB, batch_id, lock=True)
        if batch.state == during:
            setattr(batch, tally, queries.progress(JOB, batch, kind)[1])
            move(batch, after)


def fail(batch_id: UUID, error: Exception) -> None:
    """A job gave up: what was written stays, and the page says what to do."""
    with scoped(JOB):
        batch = queries.get_batch(JOB, batch_id, lock=True)
        if batch.state not in ("checking", "loading", "undoing"):
            return
        if isinstance(error, LinliError):
            batch.error = {"code": error.code, "message": error.message, "hint": error.hint, "data": error.data, "during": batch.state}
        else:
            batch.error = {"code": "FAULT", "message": "", "hint": "", "data": {}, "during": batch.state}
        batch.state, batch.done_at = "failed", timezone.now()
        batch.save(update_fields=["state", "error", "done_at"])
        emit(MOVED, region_path=batch.region_path, batch_id=batch.pk)
