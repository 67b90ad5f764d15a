"""Web, worker, events and database are killed one after the other under load: nothing that was promised is lost, nothing happens twice."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import override_settings

from launcher.console import Console
from launcher.database import Database
from launcher.environment import Address, product_environment
from launcher.keys import ensure_keys, secret_file
from launcher.layout import Layout
from launcher.services import city_children, http_status, wait_until_ready
from launcher.supervise import Child, DatabaseChild, Supervisor

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
FORM = "/desk/counter/MZ06/"
CLIENTS, VISITORS = 4, 12
PAUSE_S = 3.0
"""Seconds of load before each kill."""
BACK_S = {"web": 5.0, "worker": 5.0, "events": 5.0, "database": 15.0}
DRAINED_S = 90.0
"""A job whose worker was killed goes back after 30 s without a heartbeat (topics.tasks)."""


@dataclass
class Load:
    """Clients at the counters. ``answered``: where each 303 led; ``numbers``: the case numbers that 200 pages showed."""

    url: str
    forms: list[tuple[str, list[tuple[str, str]]]]
    answered: list[str] = field(default_factory=list)
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
            client.close()

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


@pytest.fixture
def living(
    request: pytest.FixtureRequest, django_db_blocker: Any, tmp_path: Path
) -> Iterator[tuple[Supervisor, list[Child], Layout, Address]]:
    """A city of its own: a durable cluster (fsync on), granian with two workers, worker and events under the launcher's supervisor."""
    state = Path(f"/var/tmp/linli-kill-{os.getpid()}")
    layout = Layout(ROOT, state)
    layout.prepare()
    ensure_keys(layout.keys)
    template = next(plugin for plugin in request.config.pluginmanager.get_plugins() if hasattr(plugin, "_make_template"))
    subprocess.run(["cp", "-a", f"{template._make_template(template._work_folder())}/data", str(layout.database_home / "data")], check=True)
    cluster = layout.cluster()
    cluster.start(settings={"max_connections": "80"})
    cluster.psql(
        "CREATE DATABASE linli TEMPLATE linli_template OWNER linli_owner; GRANT CONNECT ON DATABASE linli TO linli_app, linli_backup"
    )
    assert {cluster.psql(f"SHOW {name}") for name in ("fsync", "full_page_writes", "synchronous_commit")} == {"on"}
    database = Database(
        "linli", *(cluster.dsn(role, "linli") for role in ("linli_app", "linli_owner", "linli_backup")), cluster, state / "stamps"
    )
    address = Address(port=_free_pair())
    children = city_children(layout, database, product_environment(layout, database.app_url, "demo", address), address)
    supervisor = Supervisor(children, Console(), layout.logs)
    with _django_at(database.app_url, layout, django_db_blocker):
        try:
            yield supervisor, children, layout, address
        finally:
            connections.close_all()
            supervisor.stop()
            cluster.stop()
            subprocess.run(["rm", "-rf", str(state)], check=True)


def test_nothing_promised_is_lost_when_each_process_is_killed(living: tuple[Supervisor, list[Child], Layout, Address]) -> None:
    supervisor, children, layout, address = living
    sessions = _city()
    supervisor.start()
    wait_until_ready(layout, address, supervisor.tick)
    load = Load(address.url, [_form(address.url, session) for session in sessions])
    threads = [threading.Thread(target=load.client, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for child in sorted(children, key=lambda c: list(BACK_S).index(c.name)):
        _watch(supervisor, PAUSE_S)
        _kill(child)
        took = _until(supervisor, BACK_S[child.name] * 2, lambda child=child: _back(child, address))  # type: ignore[misc]
        assert took <= BACK_S[child.name] * 2, f"{child.name} is back after {took:.1f} s"
    _watch(supervisor, PAUSE_S)
    load.stop.set()
    for thread in threads:
        thread.join(30)
    took = _until(supervisor, DRAINED_S, _drained)
    assert took < DRAINED_S, f"jobs still wait after {took:.0f} s: {_jobs()}"
    _compare(load)


def _compare(load: Load) -> None:
    """Every answer against cases, audit rows, jobs and messages."""
    from linli.cases.casefile.models import Case, Paper
    from linli.foundation.audit.models import AuditEntry
    from linli.foundation.messages.models import Message
    from linli.foundation.scope.actions import scoped
    from linli.foundation.topics.engine import consumers_of
    from linli.foundation.topics.models import EventRow, Handled
    from linli.foundation.types import system_actor

    connections.close_all()
    with scoped(system_actor("test.kill", permissions=["audit.view"])):
        cases = {str(pk): number for pk, number in Case.objects.values_list("id", "number")}
        promised = {re.findall(r"[0-9a-f-]{36}", path)[0] for path in load.answered}
        assert len(promised) >= 10, f"too little load to say anything: {load.failures}"
        assert promised <= set(cases), "a case that was answered with 303 is not in the database"
        assert load.numbers <= set(cases.values()), "a number that was shown is not in the database"
        assert len(set(cases.values())) == len(cases)
        assert not Case.objects.exclude(pk__in=promised).exclude(state="submitted").count() > CLIENTS * 5  # committed, the answer cut off
        trail = AuditEntry.objects.filter(action="cases.case_taken_in", outcome="done").exclude(
            changes=[]
        )  # without changes: the same form again
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
        sent = Counter(Message.objects.values_list("case_id", "key", "channel", "user_id", "party_id", "dedupe"))
        assert max(sent.values(), default=1) == 1
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


def _drained() -> bool:
    """No job waits or runs but the periodic ones."""
    try:
        connections.close_all()
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'topics.deliver' AND status IN ('todo', 'doing')")
            return bool(cursor.fetchone()[0] == 0)
    except Exception:  # the database is coming back
        return False


def _city() -> list[str]:
    """Residents old enough, in two communities, each with the session of a clerk before whom she stands."""
    from importlib import import_module

    from bench.people import Doorkeeper
    from django.conf import settings

    from linli.cases.casefile.tests.desk import grant
    from linli.cases.casefile.tests.factories import resident, small_city
    from linli.cases.casefile.tests.visitors import complete, id_number
    from linli.foundation.messages.actions import load_templates
    from linli.foundation.scope.actions import scoped
    from linli.foundation.types import system_actor

    assert import_module(settings.SESSION_ENGINE)
    city = small_city()
    grant(city, "clerk", "people.view", "files.upload")
    loader = system_actor("test.loader")
    with scoped(loader):
        load_templates(loader, folder=Path(settings.PACKS_DIR) / "national" / "messages")
    keeper, keys = Doorkeeper("http://127.0.0.1"), []
    for n in range(VISITORS):
        home, clerk = (("home", "clerk"), ("other", "stranger"))[n % 2]
        person = complete(
            resident(city, name="Wang Xiulan", id_number=id_number(f"36059919450307{n:03d}"), home=home, phone=f"138000020{n:02d}")
        )
        keeper.client(city.users[clerk], counter_visitor={"person": str(person.pk)})
        keys.append(keeper.keys[-1])
    connections.close_all()
    return keys


def _form(url: str, session: str) -> tuple[str, list[tuple[str, str]]]:
    """The counter's form as a clerk fills it: what the register knows, nobody acts for the visitor."""
    from bench.client import Client
    from bench.pages import fields_of

    client = Client(url, {"sessionid": session})
    page = client.get(FORM)
    assert page.status == 200, page.text[:500]
    values, several = fields_of(page.text)
    for name in ("csrfmiddlewaretoken", "submission_key", *dict.fromkeys(name for name, _ in several)):
        values.pop(name, None)
    typed = {"account_owner": "Wang Xiulan", "bank_name": "Bank", "hukou_address": "Beihu 1", "live_address": "Beihu 1"}
    filled = {name: value or typed.get(name, "") for name, value in values.items()}
    filled |= {"signature__name": "Wang Xiulan", "truth": "yes", "other_place": "no", "has_agent": "no"}
    client.close()
    return session, [*filled.items(), *(pair for pair in several if pair[0] != "csrfmiddlewaretoken")]


def _kill(child: Child) -> None:
    process = child.cluster.process if isinstance(child, DatabaseChild) else child.process  # type: ignore[attr-defined]
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait(5)


def _back(child: Child, address: Address) -> bool:
    if not child.is_alive():
        return False
    return child.name in ("worker", "events") or http_status(address.host, address.port, "/readyz") == 200


def _watch(supervisor: Supervisor, seconds: float) -> None:
    _until(supervisor, seconds, lambda: False)


def _until(supervisor: Supervisor, seconds: float, condition: Callable[[], bool]) -> float:
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        supervisor.tick()
        if condition():
            return time.monotonic() - began
        time.sleep(0.2)
    return seconds + (0 if seconds in (PAUSE_S, DRAINED_S) else 1)


def _free_pair() -> int:
    """A port whose next one is free too."""
    for port in range(18400, 18900, 2):
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


class _django_at:  # noqa: N801 - reads as a statement
    """Django of this process at the living city's database, with its secret, for as long as the block lasts."""

    def __init__(self, url: str, layout: Layout, blocker: Any) -> None:
        self.url, self.blocker = url, blocker
        self.secret = override_settings(SECRET_KEY=secret_file(layout.keys).read_text(encoding="utf-8").strip())

    def __enter__(self) -> None:
        from linli.config.settings.database import parse_url

        connection = connections["default"]
        connection.close()
        self.before = dict(connection.settings_dict)
        for target in (connection.settings_dict, connections.settings["default"]):
            target.update({key: value for key, value in parse_url(self.url).items() if key in ("NAME", "HOST", "PORT", "USER")})
        self.secret.enable()
        self.blocker.unblock()

    def __exit__(self, *problem: object) -> None:
        self.blocker.restore()
        self.secret.disable()
        for target in (connections["default"].settings_dict, connections.settings["default"]):
            target.update({key: self.before[key] for key in ("NAME", "HOST", "PORT", "USER")})
