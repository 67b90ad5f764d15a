"""The job that seals the trail."""

from __future__ import annotations

from procrastinate.contrib.django import app

from linli.foundation.audit.actions import seal


@app.periodic(cron="* * * * * */5")  # the sixth field is seconds
@app.task(name="audit.seal", queue="default", queueing_lock="audit.seal")
def seal_trail(timestamp: int) -> None:
    """Every five seconds; ``timestamp`` is the planned second, which sealing does not need."""
    seal()
