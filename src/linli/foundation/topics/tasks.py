"""The job that hands an event to a consumer, and the one that takes up jobs whose worker died."""

from __future__ import annotations

from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import DELIVER, claim
from linli.foundation.topics.engine import CONSUMERS
from linli.foundation.topics.models import EventRow
from linli.foundation.topics.types import Event
from linli.foundation.types import system_actor

KEEP_JOBS_H = 30 * 24
STALLED_AFTER = 30.0  # seconds without a heartbeat of its worker; a living one beats every five


@app.task(name=DELIVER, queue="default", retry=RetryStrategy(max_attempts=8, exponential_wait=3))  # the last try after two hours
def deliver(*, consumer: str, event_id: str) -> None:
    """Run one consumer for one event, once: the receipt is written in the consumer's own transaction."""
    _, fn = CONSUMERS.get(consumer)
    with scoped(system_actor(f"topic:{consumer}")):
        row = EventRow.objects.get(pk=UUID(event_id))
        if claim(row.id, consumer):
            fn(Event(row.id, row.topic, row.payload, row.region_path))


@app.periodic(cron="* * * * * */15")  # the sixth field is seconds
@app.task(name="topics.retry_stalled", queue="default", queueing_lock="topics.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Jobs of a killed worker go back into the queue; tasks are idempotent, so that one which had just finished does no harm twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await manager.retry_job(job)


@app.periodic(cron="50 3 * * *")
@app.task(name="topics.remove_old_jobs", queue="default", queueing_lock="topics.remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Successful jobs go at once (the worker deletes them); those that failed for good or were cancelled stay 30 days for whoever looks."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_JOBS_H, include_failed=True, include_cancelled=True, include_aborted=True)
