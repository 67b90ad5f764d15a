"""The nightly job that removes uploads nobody took."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.foundation.files.actions import remove_untaken
from linli.foundation.types import system_actor

TIDIER = system_actor("files.tidy")


@app.periodic(cron="40 3 * * *")
@app.task(name="files.remove_untaken", queue="default", queueing_lock="files.remove_untaken")
def run_remove_untaken(timestamp: int) -> None:
    while remove_untaken(TIDIER, now=timezone.now()):
        pass
