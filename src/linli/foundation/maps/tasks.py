"""Jobs that fetch layers of other offices when their time has come."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from linli.foundation.maps.actions import FETCH, fetch_on, queue_due


@app.periodic(cron="*/10 * * * *")
@app.task(name="maps.due_layers", queue="default", queueing_lock="maps.due_layers")
def queue_due_layers(timestamp: int) -> None:
    queue_due()


@app.task(name=FETCH, queue="default", retry=2)
def fetch_layer(*, layer_id: str) -> None:
    fetch_on(UUID(layer_id))
