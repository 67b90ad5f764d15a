"""The nightly job of single sign-on."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.foundation.signon.actions import tidy
from linli.foundation.types import system_actor

TIDIER = system_actor("signon.tidy")


@app.periodic(cron="50 3 * * *")
@app.task(name="signon.tidy", queue="default", queueing_lock="signon.tidy")
def run_tidy(timestamp: int) -> None:
    tidy(TIDIER, now=timezone.now())
