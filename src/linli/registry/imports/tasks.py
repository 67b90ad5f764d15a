"""The jobs that check, load and take back files, turn by turn."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from linli.foundation.topics.engine import consumer
from linli.foundation.topics.types import Event
from linli.lib.errors import LinliError
from linli.registry.imports.actions import check_on, fail, follow_on, load_on, undo_on
from linli.registry.imports.actions.arriving import follow as follow_batch
from linli.registry.imports.actions.arriving import pull_on, queue_due
from linli.registry.imports.actions.batches import CHECK, FOLLOW, LOAD, UNDO
from linli.registry.imports.actions.connecting import PULL
from linli.registry.imports.actions.corrections import JOB, NOTE, note_on, order_notes
from linli.registry.imports.actions.turns import MOVED
from linli.registry.imports.models import Batch
from linli.registry.people.actions import note_corrections

log = logging.getLogger(__name__)
REPEATED = 4


def _turn(context: JobContext, batch_id: str, run: Callable[[UUID], None]) -> None:
    """What a portion wrote stays; a fault is tried again, a refusal (the orderer's rights have ended, the file is damaged) is not."""
    try:
        run(UUID(batch_id))
    except LinliError as error:
        fail(UUID(batch_id), error)
    except Exception as error:
        log.exception("a turn with the file %s broke off at try %d", batch_id, context.job.attempts + 1)
        if context.job.attempts >= REPEATED:
            fail(UUID(batch_id), error)
        raise


@app.task(name=CHECK, queue="default", retry=RetryStrategy(max_attempts=REPEATED, exponential_wait=3), pass_context=True)
def check(context: JobContext, *, batch_id: str) -> None:
    _turn(context, batch_id, check_on)


@app.task(name=LOAD, queue="default", retry=RetryStrategy(max_attempts=REPEATED, exponential_wait=3), pass_context=True)
def load(context: JobContext, *, batch_id: str) -> None:
    _turn(context, batch_id, load_on)


@app.task(name=FOLLOW, queue="default", retry=RetryStrategy(max_attempts=REPEATED, exponential_wait=3), pass_context=True)
def follow(context: JobContext, *, batch_id: str) -> None:
    _turn(context, batch_id, follow_on)


@app.task(name=UNDO, queue="default", retry=RetryStrategy(max_attempts=REPEATED, exponential_wait=3), pass_context=True)
def undo(context: JobContext, *, batch_id: str) -> None:
    _turn(context, batch_id, undo_on)


@consumer(MOVED, name="imports.note_batch")
def note_batch(event: Event) -> None:
    """A file that is loaded may have said what did not win; notes to its office are written by a job of its own."""
    batch_id = UUID(str(event.payload["batch_id"]))
    if Batch.objects.filter(pk=batch_id, state="loaded").exists():
        order_notes(batch_id)


@consumer("people.person_changed", name="imports.note_person")
def note_person(event: Event) -> None:
    """Somebody decided: offices that say otherwise are told, notes that are settled close."""
    note_corrections(JOB, person_ids={UUID(str(event.payload["person_id"]))})


@app.task(name=NOTE, queue="default", retry=RetryStrategy(max_attempts=REPEATED, exponential_wait=3))
def note(*, batch_id: str, after: str) -> None:
    note_on(UUID(batch_id), after)


@app.task(name=PULL, queue="default")
def pull(*, connector_id: str) -> None:
    """No retry: what failed is told, and asked for again on its schedule."""
    pull_on(UUID(connector_id))


@app.periodic(cron="* * * * *")
@app.task(name="imports.due", queue="default", queueing_lock="imports.due")
def connectors_due(timestamp: int) -> None:
    queue_due(timezone.now())


@consumer(MOVED, name="imports.follow_delivery")
def follow_delivery(event: Event) -> None:
    follow_batch(UUID(str(event.payload["batch_id"])))
