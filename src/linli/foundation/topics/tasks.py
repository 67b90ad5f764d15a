"""The one job that hands an event to a consumer."""
from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import DELIVER, claim
from linli.foundation.topics.engine import CONSUMERS
from linli.foundation.topics.models import EventRow
from linli.foundation.topics.types import Event
from linli.foundation.types import system_actor


@app.task(name=DELIVER, queue="default", retry=8)
def deliver(*, consumer: str, event_id: str) -> None:
    """Run one consumer for one event, once: the receipt is written in the consumer's own transaction."""
    _, fn = CONSUMERS.get(consumer)
    with scoped(system_actor(f"topic:{consumer}")):
        row = EventRow.objects.get(pk=UUID(event_id))
        if claim(row.id, consumer):
            fn(Event(row.id, row.topic, row.payload, row.region_path))
