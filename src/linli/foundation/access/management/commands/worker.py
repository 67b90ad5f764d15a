"""The background worker: jobs, periodic tasks, stalled jobs retried."""

from __future__ import annotations

import contextlib
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, cast

from django.core.management.base import BaseCommand
from procrastinate import App
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.django_connector import DjangoConnector

BEHIND = 10
"""How far the worker stands back: who waits at a counter goes before the printing of papers on the same processor."""
GRACE = 20.0  # seconds a running job may take to end after SIGTERM; then it is aborted and retried


class Command(BaseCommand):
    help = "Run the background worker until it is told to stop (SIGTERM, SIGINT)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        stand_back()
        with worker_app().open() as worker:
            worker.run_worker(
                name="linli",
                concurrency=options["concurrency"],
                install_signal_handlers=True,
                listen_notify=True,
                fetch_job_polling_interval=2.0,
                update_heartbeat_interval=5.0,
                stalled_worker_timeout=30.0,
                shutdown_graceful_timeout=GRACE,
                delete_jobs="successful",
            )


def stand_back() -> None:
    """Let everybody else go first. Linux divides the processor between sessions before it looks at niceness inside them (sched(7), "autogroup"):
    a worker with a session of its own lowers that, too."""
    with contextlib.suppress(OSError):  # under systemd its unit has said so already, and forbids the call
        os.setpriority(os.PRIO_PROCESS, 0, BEHIND)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):  # kernels without it
            Path("/proc/self/autogroup").write_text(f"{BEHIND}\n")


def worker_app() -> App:
    """An app that fetches jobs over connections of its own, with the tasks of the global one.

    The global app keeps Django's connection, so that a job which emits or defers does it inside its own transaction. (Procrastinate's
    `replace_connector` would move those writes out of it.)
    """
    worker = DjangoApp(connector=cast(DjangoConnector, app.connector).get_worker_connector())
    worker.tasks = app.tasks
    worker.periodic_registry = app.periodic_registry
    return worker
