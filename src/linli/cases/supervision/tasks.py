"""The sweep every ten seconds, and computing clocks anew when the calendar changes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from linli.cases.supervision.actions import rearm_batch, sweep
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import put_jobs
from linli.foundation.topics.engine import consumer
from linli.foundation.topics.types import Event
from linli.foundation.types import system_actor

REARM = "supervision.rearm"
REARMER = system_actor("supervision.rearm", permissions=["supervision.rearm"])
BATCH = 200


@app.periodic(cron="* * * * * */10")
@app.task(name="supervision.sweep", queue="clock", queueing_lock="supervision.sweep", pass_context=False)
def run_sweep(timestamp: int) -> None:
    """Every ten seconds; two workers never ring the same rung twice."""
    sweep()


@consumer("calendar.changed", name="supervision.calendar_changed")
def calendar_changed(event: Event) -> None:
    """The calendar has a new version: a chain of jobs goes through the running clocks, a batch a job."""
    put_jobs(REARM, "clock", {"after": ""})


@app.task(name=REARM, queue="clock", retry=5)
def rearm(*, after: str) -> None:
    """One batch; repeating it computes the same dates. The next job begins where this one ended."""
    with scoped(REARMER):
        last = rearm_batch(REARMER, after=after, limit=BATCH)
        if last:
            put_jobs(REARM, "clock", {"after": last})
