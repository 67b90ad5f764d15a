"""Web, worker, events and database are killed one after the other under load: nothing that was promised is lost, nothing happens twice."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connections

from launcher.console import Console
from launcher.environment import Address, product_environment
from launcher.layout import Layout
from launcher.services import city_children, http_status, wait_until_ready
from launcher.supervise import Child, DatabaseChild, ProcessChild, Supervisor

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.ops.living import FORM, SUBMISSION, counter_form, counters, ground, partner  # noqa: E402

from linli.foundation.messages.actions import TAKEN_OVER_AFTER  # noqa: E402

CLIENTS = 4
"""Threads at the counters; one more is a partner system at the API."""
PAUSE_S = 3.0
"""Seconds of load before each kill."""
BACK_S = {"web": 5.0, "web worker": 5.0, "worker": 5.0, "events": 5.0, "database": 15.0}
"""What is killed, in this order. Of the web once the main process (its workers go on answering meanwhile) and once a worker in mid-answer."""
SERVES_S = 60.0
"""Until `/readyz` is answered by a site whose every thread works on the clients' requests."""
STUCK_S = TAKEN_OVER_AFTER.total_seconds() + 60
"""Patience, not a figure: something must be done within this time as long as jobs wait. A message that was being sent when its worker was killed is
looked at again when that worker may be taken for dead."""
REST_S = 0.5
"""Between two applications of a client: enough of them, and not so many that printing their papers is the longest part of the test."""


@dataclass
class Load:
    """Clients at the counters and at the API. ``answered``: where each 303 led; ``created``: the numbers of each 201 (and of the 200 of a
    repeated call); ``numbers``: all case numbers that were told, also those on the pages after a 303."""

    url: str
    forms: list[tuple[str, list[tuple[str, str]]]]
    token: str
    answered: list[str] = field(default_factory=list)
    created: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    failures: Counter[str] = field(default_factory=Counter)
    stop: threading.Event = field(default_factory=threading.Event)

    def client(self, n: int) -> None:
        """Hand in and accept; what fails is sent again with the same key, as a careful clerk (and a proxy) would."""
        from bench.client import Client

        turn = n
        while not self.stop.is_set():
            session, form = self.forms[turn % len(self.forms)]
            turn += CLIENTS
            client, key = Client(self.url, {"sessionid": session}), uuid4().hex
            while not self.stop.is_set() and not self._hand_in(client, [*form, ("submission_key", key)]):
                time.sleep(0.2)
            time.sleep(REST_S)
            client.close()

    def partner(self) -> None:
        """Hand in over the API; what is cut off is sent again with the same Idempotency-Key."""
        while not self.stop.is_set():
            key = uuid4().hex
            while not self.stop.is_set() and not self._submit(key):
                time.sleep(0.2)
            time.sleep(REST_S)

    def _submit(self, key: str) -> bool:
        place = urlsplit(self.url)
        link = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key, "Content-Type": "application/json"}
        try:
            link.request("POST", "/api/v1/cases", json.dumps(SUBMISSION), headers)
            answer = link.getresponse()
            body = answer.read()
            if answer.status not in (200, 201):
                self.failures[f"api {answer.status} {body[:200]!r}"] += 1
                return answer.status == 422
            number = json.loads(body)["number"]
            self.created.add(number)
            self.numbers.add(number)
        except (OSError, ValueError, http.client.HTTPException) as error:
            self.failures[f"api {type(error).__name__}"] += 1
            return False
        else:
            return True
        finally:
            link.close()

    def _hand_in(self, client: Any, form: list[tuple[str, str]]) -> bool:
        try:
            answer = client.post(FORM, form)
            if answer.status != 303:
                complaint = re.search(r'class="ui-error-summary".*?</div>', answer.text, re.S)
                words = re.sub(r"<[^>]+>|\s+", " ", complaint[0])[:200] if complaint else ""
                self.failures[f"{answer.status}{words}"] += 1
                return answer.status == 422
            self.answered.append(answer.headers["location"])
            page = client.get(answer.headers["location"])
            if page.status == 200:
                self.numbers.update(re.findall(r"\b36050\d{21}\b", page.text)[:1])
            return True
        except (OSError, ValueError, IndexError) as error:
            client.close()
            self.failures[type(error).__name__] += 1
            return False


@dataclass(frozen=True)
class Living:
    supervisor: Supervisor
    children: list[Child]
    layout: Layout
    address: Address
    environment: dict[str, str]

    @property
    def manage(self) -> list[str]:
        return [str(self.layout.python), str(self.layout.manage)]


@pytest.fixture
def living(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[Living]:
    """A city of its own: a durable cluster (fsync on), granian with two workers, worker and events under the launcher's supervisor."""
    with ground(request.config, django_db_blocker, "kill") as made:
        environment = product_environment(made.layout, made.database.app_url, "demo", made.address)
        children = city_children(made.layout, made.database, environment, made.address)
        supervisor = Supervisor(children, Console(), made.layout.logs)
        try:
            yield Living(supervisor, children, made.layout, made.address, environment)
        finally:
            supervisor.stop()


def test_nothing_promised_is_lost_when_each_process_is_killed(living: Living) -> None:
    supervisor, children, layout, address = living.supervisor, living.children, living.layout, living.address
    sessions, token = counters(), partner()
    supervisor.start()
    wait_until_ready(layout, address, supervisor.tick)
    load = Load(address.url, [counter_form(address.url, session) for session in sessions], token)
    threads = [threading.Thread(target=load.client, args=(n,)) for n in range(CLIENTS)] + [threading.Thread(target=load.partner)]
    for thread in threads:
        thread.start()
    try:
        for name, most in BACK_S.items():
            _watch(supervisor, PAUSE_S)
            _kill_and_wait(supervisor, name, most, children, layout, address)
        _watch(supervisor, PAUSE_S)
    finally:
        load.stop.set()
    for thread in threads:
        thread.join(60)
    _drain(supervisor)
    _compare(load)
    verified = subprocess.run([*living.manage, "audit", "verify"], env=living.environment, capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def _kill_and_wait(supervisor: Supervisor, name: str, most: float, children: list[Child], layout: Layout, address: Address) -> None:
    """Twice the promised time, because other tests run beside this one; afterwards the site serves again."""
    child = next(child for child in children if child.name == name.split()[0])
    running = _workers(child)
    _kill(child, worker=name == "web worker")
    took = _until(supervisor, most * 2, lambda: _back(child, workers=len(running) if name == "web worker" else 0))
    assert took <= most * 2, f"{name} is not back after {took:.1f} s\n{_ends(layout)}"
    took = _until(supervisor, SERVES_S, lambda: http_status(address.host, address.port, "/readyz", timeout=20) == 200)
    assert took <= SERVES_S, f"the site does not serve {took:.1f} s after {name} was back\n{_ends(layout)}"


def _ends(layout: Layout) -> str:
    """The last lines of every log: what a process that does not come back said."""
    logs = {path.name: path.read_text(encoding="utf-8", errors="replace").splitlines()[-12:] for path in sorted(layout.logs.glob("*.log"))}
    return "\n".join(f"== {name}\n" + "\n".join(lines) for name, lines in logs.items())


def _compare(load: Load) -> None:
    """Every answer against cases, audit rows, jobs and messages."""
    from linli.cases.casefile.models import Case, Paper
    from linli.foundation.audit.models import AuditEntry
    from linli.foundation.messages.models import Message, ReceivedSms
    from linli.foundation.scope.actions import scoped
    from linli.foundation.topics.engine import consumers_of
    from linli.foundation.topics.models import EventRow, Handled
    from linli.foundation.types import system_actor

    connections.close_all()
    with scoped(system_actor("test.kill", permissions=["audit.view"])):
        cases = {str(pk): number for pk, number in Case.objects.values_list("id", "number")}
        promised = {pk for pk, number in cases.items() if number in load.created}
        assert load.created <= set(cases.values()), "a number that was answered with 201 is not in the database"
        promised |= {re.findall(r"[0-9a-f-]{36}", path)[0] for path in load.answered}
        assert len(promised) >= 10, f"too little load to say anything: {load.failures}"
        assert promised <= set(cases), "a case that was answered with 303 is not in the database"
        assert load.numbers <= set(cases.values()), "a number that was shown is not in the database"
        assert len(set(cases.values())) == len(cases)
        assert not Case.objects.exclude(pk__in=promised).exclude(state="submitted").count() > CLIENTS * 6  # committed, the answer cut off
        assert load.created, f"the API created nothing: {load.failures}"
        trail = AuditEntry.objects.filter(outcome="done").exclude(changes=[])  # without changes: the same form again
        handed_in = Counter(c["id"] for entry in trail for c in entry.changes if c["type"] == "casefile.case" and "number" in c["fields"])
        assert set(handed_in) == set(cases)
        assert set(handed_in.values()) == {1}, "one entry of the trail a case"
        events = Counter(EventRow.objects.filter(topic="cases.case_submitted").values_list("payload__case_id", flat=True))
        assert set(events) == set(cases)
        assert set(events.values()) == {1}
        lost = [
            (event.topic, consumer)
            for event in EventRow.objects.all()
            for consumer in consumers_of(event.topic)
            if not Handled.objects.filter(event=event, consumer=consumer).exists()
        ]
        assert not lost, f"jobs that were never done: {Counter(lost)}"
        told = list(Message.objects.values_list("case_id", "key", "channel", "user_id", "party_id"))
        assert max(Counter(told).values()) == 1, "nobody is told the same twice"
        assert {str(case) for case, key, channel, *_ in told if (key, channel) == ("cases.received", "sms")} == set(cases), (
            "everybody is told"
        )
        assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
        texts = Counter(ReceivedSms.objects.values_list("message_id", flat=True))
        assert set(texts) == set(Message.objects.filter(channel="sms").values_list("id", flat=True)), "each SMS arrived once"
        receipts = Counter(Paper.objects.filter(kind="receipt").values_list("case_id", flat=True))
        assert set(map(str, receipts)) == set(cases)
        assert set(receipts.values()) == {1}
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
        jobs = dict(cursor.fetchall())
    assert not {"failed", "aborted", "cancelled"} & set(jobs), jobs


def _jobs() -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT task_name, status::text, args->>'consumer', max(attempts), count(*), max(scheduled_at) FROM procrastinate_jobs GROUP BY 1, 2, 3"
        )
        return list(cursor.fetchall())


def _drain(supervisor: Supervisor) -> None:
    """Until no job waits or runs but the periodic ones, and no message is on its way; as long as it takes while something is done."""
    waiting, since = _waiting(), time.monotonic()
    while waiting != 0:
        assert time.monotonic() - since < STUCK_S, f"for {STUCK_S:.0f} s nothing was done: {_jobs()}"
        _watch(supervisor, 1.0)
        now = _waiting()
        if now is not None and now != waiting:
            waiting, since = now, time.monotonic()


def _waiting() -> int | None:
    """How many jobs are to be done; None while the database is coming back."""
    from procrastinate.contrib.django import app

    periodic = [task.task.name for task in app.periodic_registry.periodic_tasks.values()]
    try:
        connections.close_all()
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name <> ALL(%s)", [periodic])
            return int(cursor.fetchone()[0])
    except Exception:
        return None


def _kill(child: Child, worker: bool = False) -> None:
    """SIGKILL to the process, or to one of those it started."""
    if worker:
        os.kill(_workers(child)[-1], signal.SIGKILL)
        return
    process = child.cluster.process if isinstance(child, DatabaseChild) else child.process  # type: ignore[attr-defined]
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait(5)


def _back(child: Child, workers: int) -> bool:
    return child.is_alive() and len(_workers(child)) >= workers and (not isinstance(child, DatabaseChild) or child.cluster.is_ready())


def _workers(child: Child) -> list[int]:
    """Processes that a child of ours started, the youngest last."""
    if not isinstance(child, ProcessChild) or child.process is None:
        return []
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended while we looked
            state, parent, *_ = stat.read_text().rpartition(")")[2].split()
            found += [int(stat.parent.name)] if int(parent) == child.process.pid and state != "Z" else []
    return sorted(found)


def _watch(supervisor: Supervisor, seconds: float) -> None:
    _until(supervisor, seconds, lambda: False)


def _until(supervisor: Supervisor, seconds: float, condition: Callable[[], bool]) -> float:
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        supervisor.tick()
        if condition():
            return time.monotonic() - began
        time.sleep(0.2)
    return seconds + 1
