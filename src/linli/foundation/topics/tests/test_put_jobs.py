"""Jobs are queued in one place."""

from __future__ import annotations

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import system_actor

pytestmark = pytest.mark.django_db
JOB = system_actor("test.jobs")


def test_what_somebody_waits_for_is_done_before_what_can_wait() -> None:
    with scoped(JOB):
        put_jobs("casefile.print_paper", "papers", {"paper_id": "1"}, unhurried=True)
        put_jobs("messages.send_one", "messages", {"message_id": "1"}, {"message_id": "2"})
    worker = app.job_manager.connector.get_sync_connector().execute_query_one(query="SELECT procrastinate_register_worker_v1() AS id")
    taken = [
        app.job_manager.connector.get_sync_connector().execute_query_one(
            query="SELECT task_name FROM procrastinate_fetch_job_v2(NULL, %(worker)s)", worker=worker["id"]
        )["task_name"]
        for _ in range(3)
    ]
    assert taken == ["messages.send_one", "messages.send_one", "casefile.print_paper"]


def test_a_job_may_wait_for_a_time() -> None:
    with scoped(JOB):
        put_jobs("messages.send_one", "messages", {"message_id": "1"}, wait_s=60)
    scheduled = ProcrastinateJob.objects.get().scheduled_at
    assert scheduled is not None and 50 < (scheduled - timezone.now()).total_seconds() <= 60
