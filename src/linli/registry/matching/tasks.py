"""Who is who is kept up to date: whoever has changed is weighed again at once, the whole register at night."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.foundation.topics.engine import consumer
from linli.foundation.topics.types import Event
from linli.foundation.types import system_actor
from linli.registry.matching.actions import search_around, search_register
from linli.registry.people.models import Person
from linli.registry.sources.models import Entry

JOB = system_actor("matching.search")
LATELY = timedelta(minutes=10)
MOST = 50
"""People of one event that are weighed again at once: what a big file has changed is found at night."""


def _weigh(*keys: object) -> None:
    ids = {UUID(str(key)) for key in keys}
    present = set(Person.objects.filter(pk__in=ids).values_list("pk", flat=True))
    if present:
        search_around(JOB, person_ids=present)


@consumer("people.person_changed", name="matching.follow_change")
def follow_change(event: Event) -> None:
    _weigh(event.payload["person_id"])


@consumer("people.people_merged", name="matching.follow_merger")
def follow_merger(event: Event) -> None:
    _weigh(event.payload["person_id"])


@consumer("people.people_split", name="matching.follow_split")
def follow_split(event: Event) -> None:
    _weigh(event.payload["person_id"], event.payload["split_id"])


@consumer("people.people_changed", name="matching.follow_changes")
def follow_changes(event: Event) -> None:
    """The event says where, entries of the last minutes say who."""
    rows = Entry.objects.filter(region_path=event.region_path, written_at__gte=timezone.now() - LATELY, state="linked")
    ids = {pk for pk in rows.order_by("-pk").values_list("subject_id", flat=True)[: MOST + 1] if pk is not None}
    if 0 < len(ids) <= MOST:
        _weigh(*ids)


@app.periodic(cron="20 2 * * *")
@app.task(name="matching.search_register", queue="default", queueing_lock="matching.search_register")
def run_search_register(timestamp: int) -> None:
    search_register(JOB)
