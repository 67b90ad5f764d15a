"""Telling that something happened, inside the transaction in which it did."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from linli.foundation.scope.engine import current_actor, gathered_now
from linli.foundation.topics.engine import TOPICS, consumers_of
from linli.lib.uuid7 import uuid7

CHANNEL = "linli_live"
DELIVER = "topics.deliver"
UNHURRIED = -10  # procrastinate does the highest first; 0 where nothing is said
WRITE_AND_WAKE = """
    WITH written AS (
        INSERT INTO topics_event (id, topic, payload, region_path)
        SELECT * FROM unnest(%s::uuid[], %s::text[], %s::jsonb[], %s::text[]))
    SELECT pg_notify(%s, woken) FROM unnest(%s::text[]) AS woken"""
"""Events, and the open pages they wake, in one statement: every step of every case makes it."""


@dataclass(frozen=True)
class _Told:
    id: UUID
    topic: str
    payload: str
    region_path: str
    woken: str


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
    said, live = json.dumps({k: str(v) for k, v in payload.items()}), TOPICS.get(topic).live
    told = [_Told(uuid7(), topic, said, path, f"{topic} {path} {payload.get('party_id') or ''}" if live else "") for path in region_paths]
    _at_the_end(_write_events, told)
    jobs = [{"consumer": name, "event_id": str(event.id)} for name in consumers_of(topic) for event in told]
    put_jobs(DELIVER, "default", *jobs)


def put_jobs(task: str, queue: str, *jobs: dict[str, str], wait_s: int = 0, unhurried: bool = False) -> None:
    """Queue a task by name, once for each set of arguments; part of the transaction, so that a step undone leaves no job behind.

    ``unhurried`` jobs are done when no others wait: whoever waits for a code comes before the printing of a paper.
    """
    made = app.configure_task(
        task, queue=queue, schedule_in={"seconds": wait_s} if wait_s else None, priority=UNHURRIED if unhurried else None
    )
    _at_the_end(_queue, [made.make_new_job(**job) for job in jobs])


def _at_the_end(write: Callable[[list[Any]], None], items: list[Any]) -> None:
    gathered = gathered_now()
    if gathered is not None:
        for item in items:
            gathered.at_the_end(write, item)
    elif items:
        write(items)


def _write_events(told: list[_Told]) -> None:
    ids, topics, payloads, paths = zip(*((e.id, e.topic, e.payload, e.region_path) for e in told), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(WRITE_AND_WAKE, [list(ids), list(topics), list(payloads), list(paths), CHANNEL, [e.woken for e in told if e.woken]])


def _queue(jobs: list[Job]) -> None:
    app.job_manager.batch_defer_jobs(jobs)


def claim(event_id: UUID, consumer: str) -> bool:
    """Write the consumer's receipt; False when it had one already."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO topics_handled (event_id, consumer) VALUES (%s, %s) ON CONFLICT DO NOTHING", [event_id, consumer])
        return bool(cursor.rowcount == 1)
