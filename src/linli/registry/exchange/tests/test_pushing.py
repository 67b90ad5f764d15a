"""Programs are told of changes: signed, at least once, again after a failure, given up in the end, anew when somebody says so."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from linli.foundation.scope.actions import scoped
from linli.lib.errors import Conflict, Invalid, Refused
from linli.registry.exchange.actions import pushing
from linli.registry.exchange.actions.subscriptions import suspend
from linli.registry.exchange.engine.addresses import target
from linli.registry.exchange.engine.sending import signature
from linli.registry.exchange.models import Delivery, Endpoint, Subscription
from linli.registry.exchange.tasks import TELLER, deliver, tell
from linli.registry.exchange.tests.conftest import JOB, Office, Program, program
from linli.registry.people.models import Person


@dataclass
class Listener:
    """A program that listens. ``mood``: what it does with the next messages."""

    url: str = ""
    mood: str = "well"
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    def keys(self) -> list[str]:
        return [headers["Linli-Delivery"] for headers, _ in self.heard]


@pytest.fixture
def listener() -> Iterator[Listener]:
    known = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known.heard.append((dict(self.headers), body))
            if known.mood == "hangs":
                known.release.wait(5)
            if known.mood == "redirects":
                self.send_response(302)
                self.send_header("Location", "http://127.0.0.1:1/")
            else:
                self.send_response(500 if known.mood == "fails" else 204)
            self.end_headers()
            if known.mood == "answers twice":
                self.wfile.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    known.url = f"http://127.0.0.1:{server.server_port}/told"
    try:
        yield known
    finally:
        known.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Told:
    """A subscription in use that is told of changes."""

    office: Office
    reader: Program
    sub: Subscription
    secret: str
    person: Person

    def change(self, name: str) -> None:
        with scoped(JOB):
            Person.objects.filter(pk=self.person.pk).update(name=name)
        tell(0)

    def rows(self) -> list[Delivery]:
        with scoped(JOB):
            return list(Delivery.objects.order_by("made_at", "id"))

    def due(self) -> None:
        """As if the time had come."""
        with scoped(JOB):
            Delivery.objects.filter(state="waiting").update(next_at=timezone.now() - timedelta(seconds=1))

    def run(self) -> Delivery:
        """The job of the newest message."""
        row = self.rows()[-1]
        deliver(delivery_id=str(row.pk))
        return self.rows()[-1]


@pytest.fixture
def told(office: Office, listener: Listener) -> Told:
    person, reader = office.person(), program()
    sub = office.subscribed(reader)
    secret = pushing.set_endpoint(office.actor("officer"), subscription_id=sub.pk, url=listener.url)
    return Told(office, reader, sub, secret, person)


def test_a_change_is_told_signed_and_without_what_it_says(told: Told, listener: Listener) -> None:
    told.change("欧阳明")
    assert told.run().state == "done"
    headers, body = listener.heard[0]
    assert headers["Linli-Signature"] == signature(told.secret, headers["Linli-Timestamp"], body)
    assert abs(int(headers["Linli-Timestamp"]) - time.time()) < 60
    said = json.loads(body)
    assert [(c["op"], c["id"], c["changed"]) for c in said["changes"]] == [("U", str(told.person.pk), ["name"])]
    assert "欧阳明" not in body.decode() and told.person.id_number not in body.decode()
    fetched = told.reader.get(f"/{told.sub.pk}/changes", after=said["after"]).json()
    assert fetched["changes"][0]["record"]["name"] == "欧阳明"
    assert told.reader.get(f"/{told.sub.pk}/changes", after=said["next"]).json()["changes"] == []


def test_nothing_new_is_not_told_and_what_was_told_is_not_told_again(told: Told, listener: Listener) -> None:
    tell(0)
    assert told.rows() == []
    told.change("甲")
    tell(0)
    row = told.run()
    deliver(delivery_id=str(row.pk))
    assert len(told.rows()) == len(listener.heard) == 1


def test_a_failure_is_tried_after_1_5_and_30_minutes_then_given_up_and_sent_anew_by_hand(told: Told, listener: Listener) -> None:
    listener.mood = "fails"
    told.change("甲")
    for minutes in (1, 5, 30):
        row = told.run()
        assert (row.state, row.error) == ("waiting", "HTTP 500")
        assert abs((row.next_at - timezone.now()).total_seconds() - 60 * minutes) < 5
        assert told.run().tries == row.tries, "not before its time"
        told.due()
    row = told.run()
    assert (row.state, row.tries) == ("dead", 4)
    with pytest.raises(Refused):
        pushing.replay(told.office.actor("head"), subscription_id=told.sub.pk, delivery_id=row.pk)
    listener.mood = "well"
    pushing.replay(told.office.actor("officer"), subscription_id=told.sub.pk, delivery_id=row.pk)
    assert told.run().state == "done"
    assert len(set(listener.keys())) == 1, "it is the same message: who had it knows it"
    with pytest.raises(Conflict):
        pushing.replay(told.office.actor("officer"), subscription_id=told.sub.pk, delivery_id=row.pk)


def test_a_program_that_hangs_is_left_and_told_again_under_the_same_key(told: Told, listener: Listener) -> None:
    listener.mood = "hangs"
    told.change("甲")
    with override_settings(EXCHANGE_TIMEOUT_S=0.3):
        began = time.monotonic()
        assert told.run().error == "timeout"
        assert time.monotonic() - began < 3
    listener.mood = "well"
    listener.release.set()
    told.due()
    assert told.run().state == "done"
    assert len(listener.keys()) == 2 and len(set(listener.keys())) == 1


def test_two_answers_count_as_the_first_and_a_redirect_as_none(told: Told, listener: Listener) -> None:
    listener.mood = "answers twice"
    told.change("甲")
    assert told.run().state == "done"
    listener.mood = "redirects"
    told.change("乙")
    assert told.run().error == "HTTP 302"


def test_two_jobs_of_one_message_send_it_once(told: Told, listener: Listener) -> None:
    told.change("甲")
    pk = told.rows()[0].pk
    with scoped(TELLER):
        assert pushing.claim(pk, timezone.now()) is not None
        assert pushing.claim(pk, timezone.now()) is None


def test_a_suspended_use_is_told_nothing_more(told: Told, listener: Listener) -> None:
    told.change("甲")
    suspend(told.office.actor("officer"), subscription_id=told.sub.pk, decision="未按用途使用")
    assert told.run().state == "dead" and listener.heard == []
    told.change("乙")
    assert len(told.rows()) == 1


def test_addresses_inside_the_house_are_refused(told: Told) -> None:
    for url, code in (
        ("http://example.org/", "URL_SHAPE"),
        ("https://user:word@example.org/", "URL_SHAPE"),
        ("ftp://127.0.0.1/", "URL_SHAPE"),
        ("https://10.0.0.1/", "URL_PRIVATE"),
        ("https://169.254.169.254/latest/meta-data/", "URL_PRIVATE"),
        ("https://[::ffff:10.0.0.1]/", "URL_PRIVATE"),
        ("https://0.0.0.0/", "URL_PRIVATE"),
        ("https://2130706433/", "URL_PRIVATE"),
        ("https://no-such-host.invalid/", "URL_UNKNOWN"),
    ):
        with pytest.raises(Invalid) as refused:
            pushing.set_endpoint(told.office.actor("officer"), subscription_id=told.sub.pk, url=url)
        assert refused.value.code == code, url
    with pytest.raises(Invalid, match="URL_SHAPE"):
        target("http://127.0.0.1/", local=False)
    assert target("https://10.0.0.1:8443/a?b=1", allowed=["10.0.0.1"]).url == "https://10.0.0.1:8443/a?b=1"
    with scoped(JOB):
        assert Endpoint.objects.get().url.startswith("http://127.0.0.1")
