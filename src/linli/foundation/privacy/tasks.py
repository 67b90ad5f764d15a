"""The jobs that turn the key, write exports, and end what was kept long enough."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from linli.foundation.privacy.actions import exports, keys, retention
from linli.foundation.privacy.queries.keys import KEEPER
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import put_jobs


@app.task(name=keys.JOB, queue="default", retry=RetryStrategy(max_attempts=20, exponential_wait=3))
def turn_keys() -> None:
    """Ten seconds of work, then the next job: nothing else waits behind it. After a kill the next try goes on where the last portion ended."""
    if keys.work():
        with scoped(KEEPER):
            put_jobs(keys.JOB, "default", {}, unhurried=True)


@app.task(name=exports.BUILD, queue="default", retry=RetryStrategy(max_attempts=4, exponential_wait=3))
def build_export(*, export_id: str) -> None:
    exports.build(UUID(export_id))


@app.periodic(cron="*/10 * * * *")
@app.task(name="privacy.remove_exports", queue="default", queueing_lock="privacy.remove_exports")
def remove_exports(timestamp: int) -> None:
    while exports.remove_over(exports.JOB):
        pass


@app.periodic(cron="20 2 * * *")
@app.task(name="privacy.nightly", queue="default", queueing_lock="privacy.nightly")
def nightly(timestamp: int) -> None:
    with scoped(retention.JOB):
        put_jobs(retention.SWEEP, "default", {"at": timezone.now().isoformat()}, unhurried=True)


@app.task(name=retention.SWEEP, queue="default", retry=RetryStrategy(max_attempts=20, exponential_wait=3))
def sweep(*, at: str) -> None:
    """Ten seconds of work, then the next job. ``at``: the night it began; the same moment for the whole night."""
    if retention.work(datetime.fromisoformat(at)):
        with scoped(retention.JOB):
            put_jobs(retention.SWEEP, "default", {"at": at}, unhurried=True)
