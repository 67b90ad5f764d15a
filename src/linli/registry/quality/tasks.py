"""The jobs that examine the register: every night, and when somebody orders it."""

from __future__ import annotations

import logging
from uuid import UUID

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from linli.lib.errors import LinliError
from linli.registry.quality.actions import reconciling
from linli.registry.quality.actions.running import EXAMINE, JOB, begin_nightly, examine_on, give_up

log = logging.getLogger(__name__)
REPEATED = 3


@app.periodic(cron="40 1 * * *")
@app.task(name="quality.nightly", queue="default", queueing_lock="quality.nightly")
def nightly(timestamp: int) -> None:
    begin_nightly(JOB, now=timezone.now())


@app.task(name=EXAMINE, queue="default", retry=RetryStrategy(max_attempts=REPEATED, exponential_wait=5), pass_context=True)
def examine(context: JobContext, *, examination_id: str) -> None:
    pk = UUID(examination_id)
    try:
        examine_on(pk)
    except LinliError as error:
        give_up(pk, error)
    except Exception as error:
        log.exception("examination %s broke off at try %d", pk, context.job.attempts + 1)
        if context.job.attempts >= REPEATED:
            give_up(pk, error)
        raise


@app.task(name=reconciling.COMPARE, queue="default", retry=RetryStrategy(max_attempts=REPEATED, exponential_wait=5), pass_context=True)
def compare(context: JobContext, *, comparison_id: str) -> None:
    pk = UUID(comparison_id)
    try:
        reconciling.compare_now(reconciling.JOB, comparison_id=pk)
    except LinliError as error:
        reconciling.give_up(pk, error)
    except Exception as error:
        log.exception("comparison %s broke off at try %d", pk, context.job.attempts + 1)
        if context.job.attempts >= REPEATED:
            reconciling.give_up(pk, error)
        raise
