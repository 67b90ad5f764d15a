"""The nightly job of the programs' door."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.channels.api.actions.replies import remove_old_replies
from linli.foundation.types import system_actor

TIDIER = system_actor("api.tidy")


@app.periodic(cron="45 3 * * *")
@app.task(name="api.remove_old_replies", queue="default", queueing_lock="api.remove_old_replies")
def run_remove_old_replies(timestamp: int) -> None:
    remove_old_replies(TIDIER, now=timezone.now())
