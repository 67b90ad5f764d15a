"""A turn of a job: portion by portion for a few seconds, then the next job goes on, so that nothing else waits behind a large file."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
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
from linli.registry.imports.actions.batches import FOLLOW
from linli.registry.imports.engine.ahead import Ahead
from linli.registry.imports.engine.preparing import Portion, Task, prepared
from linli.registry.imports.models import Batch

JOB: Final = system_actor("imports.work")
TURN_S = 10.0
LONG_BYTES = 2_000_000  # what is shorter is read before another process is there
MOST_KEPT = 2
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


class Rows:
    """The rows of a file that are still to be done, ready to be judged, portion by portion. ``lines``: what a check remembers of those before
    (`Judge.lines`); ``last``: the line it has come to."""

    def __init__(self, portions: Ahead | Generator[Portion, None, None], last: int) -> None:
        self.portions, self.last, self.ended = portions, last, False
        self.lines: dict[bytes, int] = {}

    def __iter__(self) -> Rows:
        return self

    def __next__(self) -> Portion:
        try:
            found = next(self.portions)
        except BaseException:
            self.ended = True
            raise
        self.last = found[1][-1].row.number
        return found

    def close(self) -> None:
        self.portions.close()


_KEPT: dict[tuple[UUID, str], Rows] = {}
"""Files whose next turn is still to come, with the processes that read them ahead; by batch and kind."""


@contextmanager
def rows_of(batch: Batch, kind: str) -> Iterator[Rows]:
    """A long file is read by a process of its own, which is kept for the next turn."""
    with scoped(JOB):
        last = done_before(batch, kind)
        rows = _KEPT.pop((batch.pk, kind), None)
        if rows is not None and rows.last != last:  # another worker went on meanwhile
            rows.close()
            rows = None
        if rows is None:
            task = _task(batch, last)
            rows = Rows(Ahead(task) if batch.size >= LONG_BYTES else prepared(task), last)
    try:
        yield rows
    except BaseException:
        rows.close()
        raise
    if not rows.ended:
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT))).close()
        _KEPT[batch.pk, kind] = rows


def _task(batch: Batch, after: int) -> Task:
    stored, mapping = StoredFile.objects.get(pk=batch.file_id), queries.layout(batch.mapping)
    return Task(path_on_disk(stored), stored.name, mapping, timezone.localdate(), batch.as_of, queries.communities(), after)


def done_before(batch: Batch, kind: str) -> int:
    """The last line that is done."""
    return queries.parts_of(JOB, batch, kind).values_list("last_line", flat=True).last() or 0


def move(batch: Batch, state: str) -> None:
    """The batch has come to the end of a step. Inside the caller's transaction."""
    batch.state, batch.done_at = state, timezone.now()
    batch.save(update_fields=["state", "done_at", "counts", "loaded", "kept"])
    emit(MOVED, region_path=batch.region_path, batch_id=batch.pk)


ENDS = {"check": ("checking", "counts", "checked"), "load": ("loading", "loaded", "loaded"), "follow": ("following", "", "loaded")}
"""Of each pass through a file: the state while it goes on, where its tally is kept, the state after it."""


def through(batch_id: UUID, kind: str) -> None:
    """The last row is done; somebody else may have said so already."""
    during, tally, after = ENDS[kind]
    with scoped(JOB):
        batch = queries.get_batch(JOB, batch_id, lock=True)
        if batch.state != during:
            return
        if tally:
            setattr(batch, tally, queries.progress(JOB, batch, kind)[1])
        if kind == "load" and batch.more:
            after = "following"
            put_jobs(FOLLOW, "default", {"batch_id": str(batch_id)}, unhurried=True)
        move(batch, after)


def fail(batch_id: UUID, error: Exception) -> None:
    """A job gave up: what was written stays, and the page says what to do."""
    with scoped(JOB):
        batch = queries.get_batch(JOB, batch_id, lock=True)
        if batch.state not in ("checking", "loading", "following", "undoing"):
            return
        if isinstance(error, LinliError):
            batch.error = {"code": error.code, "message": error.message, "hint": error.hint, "data": error.data, "during": batch.state}
        else:
            batch.error = {"code": "FAULT", "message": "", "hint": "", "data": {}, "during": batch.state}
        batch.state, batch.done_at = "failed", timezone.now()
        batch.save(update_fields=["state", "error", "done_at"])
        emit(MOVED, region_path=batch.region_path, batch_id=batch.pk)
