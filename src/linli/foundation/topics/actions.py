"""Telling that something happened, inside the transaction in which it did."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from linli.foundation.scope.engine import current_actor
from linli.foundation.topics.engine import TOPICS, consumers_of
from linli.foundation.topics.models import EventRow

CHANNEL = "linli_live"
DELIVER = "topics.deliver"


def emit(topic: str, *, region_path: str = "", **payload: Any) -> None:
    """Write the event and one job per consumer; nothing is sent if the transaction rolls back.

    ``payload`` holds keys, never personal data. A ``party_id`` in it wakes that person's open pages, ``region_path`` those of staff there.
    """
    current_actor()
    declared = TOPICS.get(topic)
    event = EventRow(topic=topic, payload={k: str(v) for k, v in payload.items()}, region_path=region_path)
    event.save(force_insert=True)
    for name in consumers_of(topic):
        app.configure_task(DELIVER, queue="default").defer(consumer=name, event_id=str(event.id))
    if declared.live:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{topic} {region_path} {payload.get('party_id') or ''}"])


def claim(event_id: UUID, consumer: str) -> bool:
    """Write the consumer's receipt; False when it had one already."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO topics_handled (event_id, consumer) VALUES (%s, %s) ON CONFLICT DO NOTHING", [event_id, consumer])
        return bool(cursor.rowcount == 1)
