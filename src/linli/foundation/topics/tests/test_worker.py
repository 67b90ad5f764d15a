"""The worker as a process: takes what `emit` deferred, seals the trail by itself, takes up stalled jobs, stops when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from linli.foundation.audit.models import AuditBatch, AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit
from linli.foundation.topics.engine import TOPICS, consumer, declare
from linli.foundation.topics.models import EventRow
from linli.foundation.topics.tasks import deliver
from linli.foundation.types import system_actor

PROGRAM = Path(__file__).with_name("worker_program.py")
JOB = system_actor("test")


@pytest.fixture
def worker(fresh_database: str, cluster: Any, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {
        **os.environ,
        "DATABASE_URL": cluster.dsn("linli_app", fresh_database),
        "LINLI_STATE": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    process = subprocess.Popen([sys.executable, str(PROGRAM)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def eventually(happened: Callable[[], bool], worker: subprocess.Popen[str], seconds: float = 20.0) -> None:
    """Wait for something the worker does; fails with its output when it died."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if worker.poll() is not None:
            pytest.fail(f"the worker ended with {worker.returncode}:\n{worker.stdout.read() if worker.stdout else ''}")
        if happened():
            return
        time.sleep(0.1)
    pytest.fail("it did not happen in time")


def declare_bell() -> None:
    """As in worker_program, so that this process defers the job which the other one does."""
    if "test.bell_rang" not in TOPICS:
        declare("test.bell_rang")
        consumer("test.bell_rang", name="test.hear_bell")(lambda event: None)


def heard() -> list[str]:
    with scoped(JOB):
        return [notes["tower"] for notes in AuditEntry.objects.filter(action="test.bell_heard").values_list("notes", flat=True)]


def sealed() -> bool:
    with scoped(JOB):
        return AuditBatch.objects.exists()


def test_the_worker_delivers_seals_takes_up_stalled_jobs_and_stops(worker: subprocess.Popen[str], tmp_path: Path) -> None:
    declare_bell()
    with scoped(JOB):
        emit("test.bell_rang", tower="north")
    eventually(lambda: heard() == ["north"], worker)

    with scoped(JOB):
        emit("test.bell_rang", tower="south")
        # as a worker that was killed leaves it: taken, never finished, nobody beats for it
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo' AND task_name = 'topics.deliver'")
    eventually(lambda: sorted(heard()) == ["north", "south"], worker)
    eventually(sealed, worker)
    assert (tmp_path / "audit" / "heads.log").exists()

    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0
    assert not ProcrastinateJob.objects.filter(task_name="topics.deliver").exists()


def test_an_event_that_is_rolled_back_leaves_no_job(fresh_database: str) -> None:
    declare_bell()
    with scoped(JOB), transaction.atomic():
        emit("test.bell_rang", tower="east")
        transaction.set_rollback(True)
    assert not ProcrastinateJob.objects.exists()
    with scoped(JOB):
        assert not EventRow.objects.exists()


def test_a_consumer_handles_an_event_once_however_often_its_job_runs(fresh_database: str) -> None:
    heard_here: list[str] = []
    if "test.once" not in TOPICS:
        declare("test.once")
        consumer("test.once", name="test.count")(lambda event: heard_here.append(str(event.id)))
    with scoped(JOB):
        emit("test.once")
        event = EventRow.objects.get()
    for _ in range(2):
        deliver(consumer="test.count", event_id=str(event.id))
    assert heard_here == [str(event.id)]
