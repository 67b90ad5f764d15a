"""The background worker: jobs, periodic tasks, stalled jobs retried."""
from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app


class Command(BaseCommand):
    help = "Run the background worker until it is told to stop."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--concurrency", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        with worker_app.open():
            worker_app.run_worker(concurrency=options["concurrency"], install_signal_handlers=True, listen_notify=True, fetch_job_polling_interval=2.0, delete_jobs="successful")
