"""The events process: `/events/` as server-sent events under granian (ASGI), fed by one LISTEN connection. No models, no queries.

It says only "something of this topic changed" (`event: changed`, `data: <topic>`), to listeners whose ticket covers the region or party.
A listener comes with a ticket signed for 60 seconds, gets a comment every 20 seconds and is sent away after ten minutes. When the
database connection is lost everybody is sent away: what happened meanwhile is unknown, and a page fetches anew when it comes back.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import logging.config
import os
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import psycopg
from psycopg.conninfo import make_conninfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")

from django.conf import settings

from linli.foundation.access.engine.ticket import Ticket, read_ticket

CHANNEL = "linli_live"
HEARTBEAT = 20.0  # seconds
LONGEST = 600.0  # seconds a stream lives; its ticket's rights may have changed since
MOST = int(os.environ.get("LINLI_EVENTS_MOST", "4000"))  # listeners
RECONNECT = 1.0  # seconds between attempts to reach the database

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
log = logging.getLogger("linli.events")


class Listener:
    """One open stream; topics gather while it is being written to, so that a slow reader costs a set and not a queue."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.topics: dict[str, None] = {}
        self.closed = False
        self.woken = asyncio.Event()

    def tell(self, topic: str) -> None:
        self.topics[topic] = None
        self.woken.set()

    def close(self) -> None:
        self.closed = True
        self.woken.set()

    def take(self) -> list[str]:
        topics = list(self.topics)
        self.topics.clear()
        self.woken.clear()
        return topics


class Hub:
    """All streams of this process and the connection that feeds them."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.listening = False
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen to the database; once."""
        if self.task is None:
            self.task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        self._send_away()
        if self.task is not None:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task

    def tell(self, payload: str) -> None:
        """`topic region_path party`; the last two may be empty (topics.actions.emit)."""
        topic, region_path, party = [*payload.split(" "), "", ""][:3]
        for listener in self.listeners:
            if listener.ticket.hears(region_path, party):
                listener.tell(topic)

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                log.warning("the event stream lost the database: %s", type(error).__name__)
            self.listening = False
            self._send_away()
            await asyncio.sleep(RECONNECT)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(database(), autocommit=True) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self.listening = True
            while True:
                async for notice in connection.notifies(timeout=HEARTBEAT):
                    self.tell(notice.payload)
                await connection.execute("SELECT 1")  # a connection that died silently is found here

    def _send_away(self) -> None:
        for listener in self.listeners:
            listener.close()


hub = Hub()


def database() -> str:
    """libpq's address of the application's database."""
    place = settings.DATABASES["default"]
    parts = {"dbname": place["NAME"], "user": place["USER"], "password": place["PASSWORD"], "host": place["HOST"], "port": place["PORT"]}
    parts |= {name: place["OPTIONS"].get(name) for name in ("sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs")}
    return make_conninfo("", application_name="linli-events", connect_timeout=5, **{k: v for k, v in parts.items() if v})


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI entry: `/events/?ticket=...`, `/healthz`, and the server's start and stop."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        hub.start()
        path = scope["path"].rstrip("/")
        if scope["method"] != "GET" or path not in ("/events", "/healthz"):
            await answer(send, 404, "not found")
        elif path == "/healthz":
            body = json.dumps({"listening": hub.listening, "listeners": len(hub.listeners)})
            await answer(send, 200 if hub.listening else 503, body, kind="application/json")
        else:
            await stream(scope, receive, send)


async def lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            logging.config.dictConfig(settings.LOGGING)
            hub.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse (401 ticket, 503 full or without a database: the page polls then), or write until the listener goes or time is up."""
    ticket = read_ticket(parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0])
    if ticket is None:
        await answer(send, 401, "this ticket is not valid (any more)")
        return
    if len(hub.listeners) >= MOST or not hub.listening:
        await answer(send, 503, "no stream at the moment")
        return
    listener = Listener(ticket)
    hub.listeners.add(listener)
    gone = asyncio.ensure_future(until_gone(receive, listener))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": headers("text/event-stream")})
        await write(send, ": open\n\n")
        await follow(listener, send)
    except OSError:  # the reader went while we wrote
        pass
    finally:
        hub.listeners.discard(listener)
        gone.cancel()


async def follow(listener: Listener, send: Send) -> None:
    end = time.monotonic() + LONGEST
    while not listener.closed and (left := end - time.monotonic()) > 0:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(listener.woken.wait(), min(HEARTBEAT, left))
        topics = listener.take()
        if not listener.closed:
            await write(send, "".join(f"event: changed\ndata: {topic}\n\n" for topic in topics) or ": still here\n\n")
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.close()


async def write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def answer(send: Send, status: int, text: str, kind: str = "text/plain") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers(kind)})
    await send({"type": "http.response.body", "body": text.encode() + b"\n"})


def headers(kind: str) -> list[tuple[bytes, bytes]]:
    """The ticket is the only right here and no cookie is read, so any origin may ask (the demo's page is on another port)."""
    return [
        (b"content-type", f"{kind}; charset=utf-8".encode()),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"access-control-allow-origin", b"*"),
        (b"x-content-type-options", b"nosniff"),
    ]
