"""From a sign-in page to a text message: the real adapter over real HTTP into the local gateway, two workers at once."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from linli.foundation.accounts.actions import request_code, sign_in_with_code
from linli.foundation.messages import actions, queries
from linli.foundation.messages.models import Message
from linli.foundation.messages.tasks import send_one
from linli.foundation.messages.tests.conftest import Gateway, make_user
from linli.foundation.scope.actions import scoped
from linli.foundation.types import ANONYMOUS, system_actor

JOB = system_actor("test")


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def site(fresh_database: str, settings: Settings, bare_doors: None) -> Iterator[str]:
    """Our own pages on a port, in demo mode."""
    settings.DEMO, settings.ROOT_URLCONF = True, "linli.foundation.messages.tests.site"
    application = get_wsgi_application()

    def serve(environ, start_response):  # type: ignore[no-untyped-def]
        try:
            return list(application(environ, start_response))
        finally:
            connections.close_all()

    with make_server("127.0.0.1", 0, serve, server_class=Threaded, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        settings.SMS_GATEWAY_URL = f"{address}/local-gateway/messages/"
        yield address
        server.shutdown()
        thread.join()


def test_a_code_arrives_in_the_gateway_and_opens_the_account(site: str, folder: Path) -> None:
    pack = folder / "messages.yaml"
    pack.write_text(
        "variables: [code, minutes]\nmessages: [{key: accounts.sms_code, sms: {body: '验证码{{ code }}，{{ minutes }}分钟'}}]",
        encoding="utf-8",
    )
    actions.load_templates(JOB, folder=folder)
    request_code(ANONYMOUS.but(address="127.0.0.1"), phone="13800000001")
    (job,) = ProcrastinateJob.objects.filter(task_name="messages.send_one")
    send_one(**job.args)
    page = httpx.get(f"{site}/local-gateway/", trust_env=False).text
    code = re.search(r"验证码(\d{6})，5分钟", page)
    assert code is not None and "13800000001" in page
    assert sign_in_with_code(ANONYMOUS, phone="13800000001", code=code[1]).user_id
    with scoped(JOB):
        message = Message.objects.get()
        assert (message.state, message.gateway_id) == ("sent", str(queries.received_sms()[0].id))


def test_a_gateway_that_is_down_or_does_not_know_us_is_no_success(site: str, folder: Path, settings: Settings) -> None:
    actions.load_templates(JOB, folder=folder)
    down, unknown = (actions.send(JOB, "cases.accepted", phone="13800000001", params={"name": "x", "number": n})[0] for n in "12")
    right = settings.SMS_GATEWAY_URL
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1/"
    send_one(message_id=str(down.pk))
    settings.SMS_GATEWAY_URL = f"{site}/nowhere/"
    send_one(message_id=str(unknown.pk))
    with scoped(JOB):
        found = {m.pk: (m.state, m.error) for m in Message.objects.all()}
    assert found == {down.pk: ("failed", "ConnectError"), unknown.pk: ("failed", "HTTP 404")}
    settings.SMS_GATEWAY_URL = right
    send_one(message_id=str(down.pk))
    with scoped(JOB):
        assert Message.objects.get(pk=down.pk).state == "sent"


def at_once(work: Callable[[], object], times: int) -> None:
    """Run on so many connections, all starting together."""
    barrier = threading.Barrier(times)

    def one() -> None:
        try:
            with connection.cursor() as cursor:  # connected before the start, so that all really run together
                cursor.execute("SELECT 1")
            barrier.wait()
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_several_workers_send_one_message_once(fresh_database: str, folder: Path, gateway: Gateway) -> None:
    actions.load_templates(JOB, folder=folder)
    user = make_user()
    for number in range(5):
        sms = actions.send(JOB, "cases.accepted", to_user=user.id, params={"name": "x", "number": number})[1]
        at_once(lambda: send_one(message_id=str(sms.pk)), times=6)  # noqa: B023
        assert [m.message_id for m in gateway].count(sms.pk) == 1


def test_two_who_tell_the_same_thing_at_once_write_it_once(fresh_database: str, folder: Path) -> None:
    actions.load_templates(JOB, folder=folder)
    user, written = make_user(), list[Message]()
    params = {"name": "x", "number": "1"}
    at_once(lambda: written.extend(actions.send(JOB, "cases.accepted", to_user=user.id, params=params, dedupe="same")), times=2)
    assert sorted(m.channel for m in written) == ["inapp", "sms"]
    assert ProcrastinateJob.objects.filter(task_name="messages.send_one").count() == 1
