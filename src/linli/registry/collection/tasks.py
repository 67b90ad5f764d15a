"""The nightly job that makes the visits of the coming week."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.registry.collection.actions import make_all_due


@app.periodic(cron="10 2 * * *")
@app.task(name="collection.due", queue="default", queueing_lock="collection.due")
def run_due(timestamp: int) -> None:
    make_all_due(timezone.localdate())
