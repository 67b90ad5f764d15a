"""The minute's sweep, and recomputing clocks when the calendar changes."""
from __future__ import annotations

from procrastinate.contrib.django import app

from linli.cases.supervision.actions import sweep


@app.periodic(cron="* * * * * */10")
@app.task(name="supervision.sweep", queue="clock", queueing_lock="supervision.sweep", pass_context=False)
def run_sweep(timestamp: int) -> None:
    """Every ten seconds; two workers never ring the same rung twice."""
    sweep()
