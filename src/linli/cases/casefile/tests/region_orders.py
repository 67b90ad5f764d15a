"""The queue of orders for changes of regions, run as the worker would: every try, every repeat, and who hears of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from linli.foundation.regions.actions.orders import CARRY_OUT
from linli.foundation.regions.models import RegionOrder
from linli.foundation.regions.tasks import carry_out
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.engine import consumers_of
from linli.foundation.topics.models import EventRow
from linli.foundation.topics.tasks import deliver
from linli.foundation.types import system_actor

SYSTEM = system_actor("test")


def ordered() -> list[RegionOrder]:
    with scoped(SYSTEM):
        return list(RegionOrder.objects.order_by("ordered_at", "id"))


def queued() -> list[Job]:
    """Jobs that carry out an order."""
    rows = ProcrastinateJob.objects.filter(task_name=CARRY_OUT, status="todo").order_by("id")
    return [Job(id=row.id, queue="default", lock=None, queueing_lock=None, task_name=row.task_name, task_kwargs=row.args) for row in rows]


def run(job: Job, attempts: int = 0) -> None:
    """One try of the job."""
    carry_out(cast(JobContext, SimpleNamespace(job=job.evolve(attempts=attempts))), order_id=str(job.task_kwargs["order_id"]))


def work() -> int:
    """Run what is queued, as often as its retries say, and tell whoever is to be told. Returns the number of tries."""
    tries = 0
    for job in queued():
        attempts: int | None = 0
        while attempts is not None:
            tries += 1
            attempts = _tried(job, attempts)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.id])
    tell()
    return tries


def _tried(job: Job, attempts: int) -> int | None:
    """How many attempts the next try has; None when there is none."""
    try:
        run(job, attempts)
    except Exception as error:
        again: Any = app.tasks[CARRY_OUT].get_retry_exception(exception=error, job=job.evolve(attempts=attempts))
        return attempts + 1 if again else None
    return None


def tell() -> None:
    """Every event of an order to its consumers; a repeated delivery tells nobody twice."""
    with scoped(SYSTEM):
        events: list[UUID] = list(EventRow.objects.filter(topic="regions.order_ended").values_list("id", flat=True))
    for event_id in events:
        for name in consumers_of("regions.order_ended"):
            deliver(consumer=name, event_id=str(event_id))
