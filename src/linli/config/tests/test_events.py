"""The event stream: tells the right listeners that something changed, and nothing else."""

from __future__ import annotations

import asyncio
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.core import signing

from linli.config import events
from linli.foundation.access.engine.ticket import Ticket, read_ticket, stream_address, ticket_for
from linli.foundation.types import ANONYMOUS, Actor, ActorKind, RegionRange

USER = UUID(int=1)
PARTY = UUID(int=7)
CLERK = Actor(ActorKind.STAFF, user_id=USER, ranges=(RegionRange.below("0000100001"),))
CITIZEN = Actor(ActorKind.CITIZEN, user_id=USER, party_id=PARTY)


def test_a_ticket_carries_ranges_and_parties_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = ticket_for(CLERK)
    assert read_ticket(ticket) == Ticket(str(USER), (("0000100001", "0000100001~"),), frozenset())
    assert read_ticket(ticket[:-1] + ("A" if ticket[-1] != "A" else "B")) is None
    assert read_ticket("") is None
    assert read_ticket(signing.dumps({"u": "1"})) is None
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    assert read_ticket(ticket) is None


def test_somebody_who_is_not_signed_in_gets_no_ticket() -> None:
    with pytest.raises(ValueError, match="account"):
        ticket_for(ANONYMOUS)


def test_the_address_is_behind_nginx_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "EVENTS_URL", "")
    assert stream_address(CLERK).startswith("/events/?ticket=")
    monkeypatch.setattr(settings, "EVENTS_URL", "http://127.0.0.1:8001/")
    assert stream_address(CLERK).startswith("http://127.0.0.1:8001/events/?ticket=")


@pytest.mark.parametrize(
    ("actor", "region", "party", "told"),
    [
        (CLERK, "00001000010001", "", True),
        (CLERK, "0000100002", "", False),
        (CLERK, "0000100002", str(PARTY), False),
        (CITIZEN, "0000100002", str(PARTY), True),
        (CITIZEN, "0000100001", str(UUID(int=8)), False),
        (CITIZEN, "", "", True),
    ],
)
def test_who_is_told(actor: Actor, region: str, party: str, told: bool) -> None:
    ticket = read_ticket(ticket_for(actor))
    assert ticket is not None
    assert ticket.hears(region, party) is told


def run_stream(monkeypatch: pytest.MonkeyPatch, **constants: float) -> list[str]:
    """Open a stream inside this process with shorter times; what was sent until it ended by itself."""
    for name, value in constants.items():
        monkeypatch.setattr(events, name, value)
    hub = events.Hub()
    monkeypatch.setattr(events, "hub", hub)
    hub.listening = True
    sent: list[str] = []

    async def send(message: Any) -> None:
        sent.append(str(message["status"]) if "status" in message else message["body"].decode())

    async def receive() -> Any:
        await asyncio.sleep(3600)

    async def main() -> None:
        scope = {"type": "http", "method": "GET", "path": "/events/", "query_string": f"ticket={quote(ticket_for(CLERK))}".encode()}
        opened = asyncio.ensure_future(events.stream(scope, receive, send))
        await asyncio.sleep(0.05)
        hub.tell("cases.case_moved 0000100001")
        hub.tell("cases.case_moved 0000100001")
        hub.tell("cases.case_moved 0000100002")
        await asyncio.wait_for(opened, 5)

    asyncio.run(main())
    assert not hub.listeners
    return sent


def test_a_stream_gathers_beats_and_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = run_stream(monkeypatch, HEARTBEAT=0.1, LONGEST=0.3)
    assert sent[:3] == ["200", ": open\n\n", "event: changed\ndata: cases.case_moved\n\n"]
    assert ": still here\n\n" in sent
    assert sent.count("event: changed\ndata: cases.case_moved\n\n") == 1
    assert sent[-1] == ""


def test_a_full_process_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_stream(monkeypatch, MOST=0)[0] == "503"


@pytest.fixture
def process(cluster: Any, tmp_path: Path) -> Iterator[int]:
    """The real server on a free port; the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "DATABASE_URL": cluster.dsn("linli_app", "linli_test"), "PYTHONPATH": paths}
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    server = subprocess.Popen([*command, "linli.config.events:application"], env=environment, cwd=tmp_path)
    end = time.monotonic() + 20
    while status(port, "/healthz") != 200:
        assert server.poll() is None, "the events process ended"
        assert time.monotonic() < end, "the events process does not become healthy"
        time.sleep(0.1)
    yield port
    server.terminate()
    assert server.wait(15) is not None


def status(port: int, path: str) -> int | None:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", path)
        return link.getresponse().status
    except OSError:
        return None
    finally:
        link.close()


def open_stream(port: int, actor: Actor) -> Any:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    link.request("GET", f"/events/?ticket={quote(ticket_for(actor))}")
    response = link.getresponse()
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert response.readline() == b": open\n"
    response.readline()
    return response


def test_a_notice_reaches_those_it_concerns(process: int, cluster: Any) -> None:
    assert status(process, "/events/?ticket=forged") == 401
    assert status(process, "/nothing") == 404
    clerk, neighbour, citizen = (
        open_stream(process, actor) for actor in (CLERK, CLERK.but(ranges=(RegionRange.below("0000100002"),)), CITIZEN)
    )
    with psycopg.connect(cluster.dsn("linli_app", "linli_test"), autocommit=True) as link:
        for payload in (f"cases.case_moved 0000100001 {PARTY}", "cases.case_closed 0000100002 ", "catalogue.published  "):
            link.execute("SELECT pg_notify('linli_live', %s)", [payload])
            time.sleep(0.2)
    assert [clerk.readline() for _ in range(5)][1::3] == [b"data: cases.case_moved\n", b"data: catalogue.published\n"]
    assert [neighbour.readline() for _ in range(5)][1::3] == [b"data: cases.case_closed\n", b"data: catalogue.published\n"]
    assert [citizen.readline() for _ in range(5)][1::3] == [b"data: cases.case_moved\n", b"data: catalogue.published\n"]
    for response in (clerk, neighbour, citizen):
        response.close()


def test_listeners_are_sent_away_when_the_database_connection_is_lost(process: int, cluster: Any) -> None:
    stream = open_stream(process, CLERK)
    cluster.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'linli-events'")
    assert stream.read() == b""
    end = time.monotonic() + 10
    while status(process, "/healthz") != 200:  # and the process finds its way back
        assert time.monotonic() < end
        time.sleep(0.1)
