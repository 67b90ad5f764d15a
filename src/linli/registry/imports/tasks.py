"""The jobs that check, load and take back files, turn by turn."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from linli.lib.errors import LinliError
from linli.registry.imports.actions import check_on, fail, load_on, undo_on
from linli.registry.imports.actions.batches import CHECK, LOAD, UNDO

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


@app.task(name=UNDO, queue="default", retry=RetryStrategy(max_attempts=REPEATED, exponential_wait=3), pass_context=True)
def undo(context: JobContext, *, batch_id: str) -> None:
    _turn(context, batch_id, undo_on)
