"""Daily jobs of accounts: absences that begin, and tidying up."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.foundation.accounts.actions import begin_absences
from linli.foundation.accounts.actions.tidying import tidy
from linli.foundation.types import system_actor

KEEPER = system_actor("accounts.daily")


@app.periodic(cron="5 0 * * *")
@app.task(name="accounts.begin_absences", queue="default", queueing_lock="accounts.begin_absences", retry=5)
def run_absences(timestamp: int) -> None:
    """Just after midnight: whoever is away from today leaves nothing claimed."""
    begin_absences(KEEPER, day=timezone.localdate())


@app.periodic(cron="25 3 * * *")
@app.task(name="accounts.tidy", queue="default", queueing_lock="accounts.tidy")
def run_tidy(timestamp: int) -> None:
    tidy(KEEPER, now=timezone.now())
