"""Telling that something happened, inside the transaction in which it did."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from linli.foundation.scope.engine import current_actor
from linli.foundation.topics.engine import TOPICS, consumers_of
from linli.lib.uuid7 import uuid7

CHANNEL = "linli_live"
DELIVER = "topics.deliver"
WRITE_AND_WAKE = """
    WITH written AS (
        INSERT INTO topics_event (id, topic, payload, region_path)
        SELECT key, %s, %s::jsonb, path FROM unnest(%s::uuid[], %s::text[]) AS e(key, path))
    SELECT pg_notify(%s, woken) FROM unnest(%s::text[]) AS woken"""
"""The events of a topic, and the open pages they wake, in one statement: every step of every case makes it."""


def emit(topic: str, *, region_path: str = "", **payload: Any) -> None:
    """Write the event and one job per consumer; nothing is sent if the transaction rolls back.

    ``payload`` holds keys, never personal data. A ``party_id`` in it wakes that person's open pages, ``region_path`` those of staff there.
    """
    emit_in(topic, [region_path], **payload)


def emit_in(topic: str, region_paths: Collection[str], **payload: Any) -> None:
    """The same in several regions at once, in as many statements as for one: a sweep wakes the pages of hundreds."""
    current_actor()
    if not region_paths:
        return
    keys, told = [uuid7() for _ in region_paths], json.dumps({k: str(v) for k, v in payload.items()})
    woken = [f"{topic} {path} {payload.get('party_id') or ''}" for path in region_paths] if TOPICS.get(topic).live else []
    with connection.cursor() as cursor:
        cursor.execute(WRITE_AND_WAKE, [topic, told, keys, list(region_paths), CHANNEL, woken])
    for name in consumers_of(topic):
        jobs: list[Any] = [{"consumer": name, "event_id": str(key)} for key in keys]
        app.configure_task(DELIVER, queue="default").batch_defer(*jobs)


def claim(event_id: UUID, consumer: str) -> bool:
    """Write the consumer's receipt; False when it had one already."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO topics_handled (event_id, consumer) VALUES (%s, %s) ON CONFLICT DO NOTHING", [event_id, consumer])
        return bool(cursor.rowcount == 1)
