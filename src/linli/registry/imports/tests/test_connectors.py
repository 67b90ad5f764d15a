"""Connectors: a PostgreSQL database, an HTTP service with its bad days, a program that pushes. What fails is told and leaves no trace in the register."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from linli.channels.api.actions import create_client
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import Conflict, Invalid, LinliError
from linli.registry.imports.actions import check_on, drop, load_on
from linli.registry.imports.actions.arriving import follow, pull_on, queue_due
from linli.registry.imports.actions.connecting import pause, run_now, save_connector, try_connection
from linli.registry.imports.engine import fetching
from linli.registry.imports.engine.hosts import number_of
from linli.registry.imports.models import Arrival, Batch, Connector
from linli.registry.imports.tests.conftest import JOB, Office
from linli.registry.imports.tests.known import number

pytestmark = pytest.mark.django_db
LI, ZHANG, WANG = number("1990-12-31", 22), number("1985-03-02", 11), number("1970-01-09", 33)


def record(name: str, id_number: str, **more: str) -> dict[str, str]:
    return {"姓名": name, "身份证号": id_number, "现住址": "乙街2号", "社区": "东湖社区", **more}


PEOPLE = [record("李娜", LI), record("张伟", ZHANG), record("王强", WANG)]


@dataclass
class Upstream:
    """The reference server of another office: pages by cursor, a token, and whatever goes wrong on a day."""

    rows: list[dict[str, Any]]
    size: int = 2
    token: str = "geheim-token"
    failures: list[int] = field(default_factory=list)
    """Statuses it answers with first, one a request."""
    standing: bool = False
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def answer(self, target: str, authorization: str) -> tuple[int, Any]:
        self.asked.append(target)
        if authorization != f"Bearer {self.token}":
            return 401, {}
        if self.failures:
            return self.failures.pop(0), {}
        begin = int(parse_qs(urlsplit(target).query).get("cursor", ["0"])[0] or 0)
        page = self.rows[begin : begin + self.size]
        after = begin if self.standing else begin + len(page)
        return 200, {"rows": page, "cursor": str(after), "more": self.standing or after < len(self.rows)}


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    state = Upstream(list(PEOPLE))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = state.answer(self.path, self.headers.get("Authorization", ""))
            told = json.dumps(body, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "WAIT_S", 0.0)
    monkeypatch.setattr(fetching.Request.__init__, "__defaults__", (*fetching.Request.__init__.__defaults__[:-1], 0.0))  # type: ignore[index]


def connector(office: Office, kind: str = "http", **values: Any) -> Connector:
    given: dict[str, Any] = {
        "name": "公安接口",
        "layout": "self",
        "kind": kind,
        "secret": "geheim-token",
        "loads": True,
        "most_refused": 10,
    }
    return save_connector(office.actor, **{**given, **values})


def asks(office: Office, upstream: Upstream, **values: Any) -> Connector:
    return connector(office, address={"url": f"http://127.0.0.1:{upstream.port}/people"}, **values)


def work(arrival: Arrival | None) -> Arrival:
    """The jobs behind a delivery, run at once."""
    assert arrival is not None
    if arrival.batch_id:
        check_on(arrival.batch_id)
        follow(arrival.batch_id)
        load_on(arrival.batch_id)
        follow(arrival.batch_id)
    with scoped(JOB):
        return Arrival.objects.select_related("connector").get(pk=arrival.pk)


def again(row: Connector) -> Connector:
    with scoped(JOB):
        return Connector.objects.get(pk=row.pk)


def names(office: Office) -> list[str]:
    return sorted(person.name for person in office.people())


def test_a_service_is_asked_page_by_page_and_loaded(office: Office, upstream: Upstream) -> None:
    row = asks(office, upstream)
    done = work(pull_on(row.pk))
    assert (done.state, done.rows, names(office)) == ("done", 3, ["张伟", "李娜", "王强"])
    assert len(upstream.asked) == 2 and again(row).cursor == "3"
    assert again(row).error == {} and again(row).loaded_at is not None


def test_only_what_is_new_is_asked_for_and_nothing_new_is_no_file(office: Office, upstream: Upstream) -> None:
    row = asks(office, upstream)
    work(pull_on(row.pk))
    assert work(pull_on(row.pk)).state == "nothing"
    upstream.rows.append(record("赵六", number("1960-05-05", 44)))
    assert work(pull_on(row.pk)).rows == 1
    with scoped(JOB):
        assert Batch.objects.count() == 2
    assert len(names(office)) == 4


def test_a_stumbling_server_is_asked_again_and_a_page_twice_makes_nobody_twice(office: Office, upstream: Upstream) -> None:
    upstream.failures, upstream.rows = [503, 429], [*PEOPLE, *PEOPLE]
    done = work(pull_on(asks(office, upstream).pk))
    assert done.state == "done" and len(names(office)) == 3


def test_an_outage_is_told_moves_nothing_and_ends_by_itself(office: Office, upstream: Upstream) -> None:
    upstream.failures = [503] * 3
    row = asks(office, upstream)
    failed = work(pull_on(row.pk))
    assert (failed.state, failed.error["code"], failed.batch_id) == ("failed", "SOURCE_DOWN", None)
    assert names(office) == [] and again(row).cursor == "" and again(row).error["data"] == {"told": "HTTP 503"}
    assert again(row).loaded_at is None, "a failed delivery is no success"
    assert work(pull_on(row.pk)).state == "done" and again(row).error == {}


def test_an_outage_in_the_middle_takes_nothing_over(office: Office, upstream: Upstream) -> None:
    row = asks(office, upstream)
    original = upstream.answer

    def broken(target: str, authorization: str) -> tuple[int, Any]:
        return (500, {}) if "cursor=2" in target else original(target, authorization)

    upstream.answer = broken  # type: ignore[method-assign]
    assert work(pull_on(row.pk)).state == "failed"
    assert names(office) == [] and again(row).cursor == ""


def test_a_wrong_token_is_told_without_the_token(office: Office, upstream: Upstream) -> None:
    row = asks(office, upstream, secret="falsch")
    failed = work(pull_on(row.pk))
    assert failed.state == "failed" and failed.error["data"] == {"told": "HTTP 401"} and "falsch" not in json.dumps(failed.error)
    assert len(upstream.asked) == 1, "a refusal is not asked again"


def test_a_new_field_is_noted_and_a_missing_one_stops_everything(office: Office, upstream: Upstream) -> None:
    row = asks(office, upstream)
    upstream.rows = [record("李娜", LI, 血型="A")]
    done = work(pull_on(row.pk))
    assert (done.state, done.unknown, names(office)) == ("done", ["血型"], ["李娜"])
    upstream.rows = [*upstream.rows, record("张伟", ZHANG), {"xm": "王强", "身份证号": WANG}]
    failed = work(pull_on(row.pk))
    assert (failed.state, failed.error["code"], failed.error["data"]) == ("failed", "FIELDS_MISSING", {"headings": "姓名"})
    assert names(office) == ["李娜"], "also the good record of the delivery waits"


def test_a_cursor_that_stands_still_ends(office: Office, upstream: Upstream) -> None:
    upstream.standing = True
    assert work(pull_on(asks(office, upstream).pk)).error["code"] == "ANSWER_SHAPE"


def test_too_many_refused_rows_wait_for_somebody_and_a_dropped_delivery_is_asked_for_again(office: Office, upstream: Upstream) -> None:
    upstream.rows = [record("李娜", LI), record("坏号", "123")]
    row = asks(office, upstream)
    held = work(pull_on(row.pk))
    assert (held.state, held.error["code"], names(office)) == ("held", "TOO_MANY_REFUSED", [])
    assert pull_on(row.pk) is None, "one delivery at a time"
    assert held.batch_id is not None
    drop(office.actor, batch_id=held.batch_id)
    follow(held.batch_id)
    assert again(row).cursor == ""
    upstream.rows = [record("李娜", LI)]
    assert work(pull_on(row.pk)).state == "done" and names(office) == ["李娜"]


def test_without_leave_to_load_somebody_loads(office: Office, upstream: Upstream) -> None:
    held = work(pull_on(asks(office, upstream, loads=False).pk))
    assert (held.state, held.error["code"]) == ("held", "TO_BE_LOADED")
    assert held.batch_id is not None
    office.load(Batch(pk=held.batch_id))
    follow(held.batch_id)
    assert work(held).state == "done"


def test_the_schedule_queues_what_is_due_and_a_pause_stops_it(office: Office, upstream: Upstream) -> None:
    from django.utils import timezone

    row = asks(office, upstream, every_minutes=60)
    assert queue_due(timezone.now()) == 1 and queue_due(timezone.now()) == 0
    pause(office.actor, connector_id=row.pk, paused=True)
    assert pull_on(row.pk) is None
    with pytest.raises(Conflict):
        run_now(office.actor, connector_id=row.pk)


def test_trying_reads_and_writes_nothing(office: Office, upstream: Upstream) -> None:
    upstream.rows = [record("李娜", LI, 血型="A")]
    found = try_connection(office.actor, connector_id=asks(office, upstream).pk)
    assert (found.rows, found.unknown, names(office)) == (1, ["血型"], [])


def _forward(server: socket.socket, path: str) -> None:
    """Bytes from a TCP port to the socket the test's PostgreSQL listens on: it has no port of its own."""

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    with contextlib.suppress(OSError):
        while True:
            one, _ = server.accept()
            other = socket.socket(socket.AF_UNIX)
            other.connect(path)
            for pair in ((one, other), (other, one)):
                threading.Thread(target=pump, args=pair, daemon=True).start()


@pytest.fixture
def database(office: Office) -> Iterator[Callable[..., Connector]]:
    """Makes connectors to a PostgreSQL database; of its tables a query of plain values is enough."""
    params = connection.settings_dict
    with socket.create_server(("127.0.0.1", 0)) as server:
        path = f"{params['HOST']}/.s.PGSQL.{params['PORT'] or 5432}"
        threading.Thread(target=_forward, args=(server, path), daemon=True).start()
        told = " UNION ALL ".join(
            f"SELECT {n} AS nr, '{one['姓名']}' AS \"姓名\", '{one['身份证号']}' AS \"身份证号\", '乙街2号' AS \"现住址\", '东湖社区' AS \"社区\""
            for n, one in enumerate(PEOPLE, 1)
        )
        address = {"host": "127.0.0.1", "port": server.getsockname()[1], "database": params["NAME"], "user": params["USER"], "column": "nr"}

        def make(**values: Any) -> Connector:
            return connector(office, "postgres", secret=params["PASSWORD"] or "geheim-db", address={**address, "query": told, **values})

        yield make


def test_a_postgresql_database_is_asked_by_cursor(office: Office, database: Callable[..., Connector]) -> None:
    row = database()
    done = work(pull_on(row.pk))
    assert (done.state, done.rows, done.unknown) == ("done", 3, ["nr"]), done.error
    assert names(office) == ["张伟", "李娜", "王强"] and again(row).cursor == "3"
    repeated = work(pull_on(row.pk))
    assert (repeated.state, repeated.rows) == ("done", 1), "what is as new as the last is asked for again, and changes nothing"
    assert len(names(office)) == 3


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("DELETE FROM people_person RETURNING *", "syntax error"),
        ("SELECT 1 AS nr) AS x; DROP TABLE people_person; --", "multiple commands"),
        ("SELECT pg_sleep(60)::text AS nr", "statement timeout"),
    ],
)
def test_a_query_can_only_read_and_not_for_ever(database: Callable[..., Connector], query: str, told: str, settings: Any) -> None:
    settings.CONNECTOR_TIMEOUT_S = 0.3
    failed = work(pull_on(database(query=query).pk))
    assert (failed.state, failed.error["code"]) == ("failed", "SOURCE_DOWN")
    assert told in failed.error["data"]["told"]


def test_a_database_that_is_not_there_is_told(database: Callable[..., Connector]) -> None:
    failed = work(pull_on(database(port="1").pk))
    assert (failed.state, failed.error["code"]) == ("failed", "SOURCE_DOWN")


@pytest.mark.parametrize("host", ["169.254.169.254", "10.0.0.7", "127.0.0.1", "localhost", "example.com", "0.0.0.0"])
def test_only_named_hosts_are_asked(host: str) -> None:
    with pytest.raises(Invalid) as refused:
        number_of(host, 5432, allowed=["db.gov.cn"])
    assert refused.value.code == "HOST_NOT_ALLOWED"


def test_a_named_host_that_is_the_machine_itself_or_a_cloud_s_metadata_is_not_asked() -> None:
    for host in ("127.0.0.1", "169.254.169.254"):
        with pytest.raises(Invalid):
            number_of(host, 80, allowed=[host])
    assert number_of("10.1.2.3", 80, allowed=["10.1.2.3:80"]) == "10.1.2.3"


def test_the_secret_is_never_shown_and_does_not_go_to_another_address(office: Office, upstream: Upstream) -> None:
    row = asks(office, upstream)
    client = Client(headers={"accept-language": "en"})
    client.force_login(office.officer, backend="linli.foundation.accounts.queries.SessionBackend")
    for page in (f"/desk/imports/connectors/{row.pk}/", f"/desk/imports/connectors/{row.pk}/change/", "/desk/imports/connectors/"):
        body = client.get(page).content.decode()
        assert "公安接口" in body and "geheim" not in body
    values: dict[str, Any] = {"name": "x", "layout": "self", "loads": True, "most_refused": 0, "kind": "http"}
    with pytest.raises(Invalid) as refused:
        save_connector(office.actor, connector_id=row.pk, address={"url": "https://elsewhere.example/"}, **values)
    assert refused.value.code == "SECRET_AGAIN"
    kept = save_connector(office.actor, connector_id=row.pk, address=row.address, **values)
    with scoped(JOB):
        assert Connector.objects.get(pk=kept.pk).secret == "geheim-token"


def test_the_pages_make_try_run_and_pause_a_connector(office: Office, upstream: Upstream) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(office.officer, backend="linli.foundation.accounts.queries.SessionBackend")
    assert "No database is connected yet" in client.get("/desk/imports/connectors/").content.decode()
    given = {"name": "接口", "layout": "self", "url": f"http://127.0.0.1:{upstream.port}/p", "sign": "bearer", "secret": "geheim-token"}
    given |= {"every_minutes": "0", "most_refused": "5", "loads": "on", "community": ""}
    assert client.post("/desk/imports/connectors/new/http/", {**given, "url": ""}).status_code == 422
    made = client.post("/desk/imports/connectors/new/http/", given)
    assert made.status_code == 303, made.content.decode()[:3000]
    page = made["Location"]
    for step, told in (("try", "The connection works: 3 rows"), ("run", "is being asked"), ("pause", "is paused"), ("resume", "goes on")):
        assert told in client.post(f"{page}step/", {"step": step}, follow=True).content.decode()
    assert client.get("/desk/imports/connectors/new/oracle/").status_code == 404


@pytest.fixture
def program(office: Office) -> tuple[UUID, str]:
    admin = system_actor("test.push", permissions=["admin.accounts"])
    with scoped(admin):
        made = create_client(admin, name="Family planning", scopes=["imports:push"])
    asked = {"grant_type": "client_credentials", "client_id": made.client.client_id, "client_secret": made.secret}
    return made.client.user_id, Client().post("/api/v1/token", asked).json()["access_token"]


def send(row: Connector, token: str, *records: Any, key: str = "delivery-0001") -> Any:
    lines = "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in records)
    file = SimpleUploadedFile("x.jsonl", lines.encode(), content_type="application/jsonl")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    return Client().post(f"/api/v1/imports/{row.pk}", {"file": file}, headers=headers)


def test_a_program_pushes_and_the_same_key_delivers_once(office: Office, program: tuple[UUID, str]) -> None:
    row = connector(office, "push", address={}, secret="", client_id=program[0])
    first = send(row, program[1], *PEOPLE)
    assert first.status_code == 201, first.content.decode()
    assert send(row, program[1], *PEOPLE).json() == first.json()
    with scoped(JOB):
        (arrival,) = Arrival.objects.all()
    assert work(arrival).state == "done" and len(names(office)) == 3


def test_a_damaged_push_keeps_nothing(office: Office, program: tuple[UUID, str]) -> None:
    row = connector(office, "push", address={}, secret="", client_id=program[0])
    damaged = send(row, program[1], PEOPLE[0], "{not json")
    assert damaged.status_code == 422 and damaged.json()["code"] == "LINE_DAMAGED"
    missing = send(row, program[1], {"身份证号": LI}, key="delivery-0002")
    assert missing.status_code == 422 and missing.json()["code"] == "FIELDS_MISSING"
    with scoped(JOB):
        assert not Arrival.objects.exists() and not Batch.objects.exists()


def test_a_connector_of_another_program_is_not_there(office: Office, program: tuple[UUID, str]) -> None:
    other = connector(office, "push", address={}, secret="", client_id=office.officer.pk)
    assert send(other, program[1], *PEOPLE).status_code == 404
    row = connector(office, "push", address={}, secret="", client_id=program[0])
    pause(office.actor, connector_id=row.pk, paused=True)
    assert send(row, program[1], *PEOPLE).json()["code"] == "CONNECTOR_PAUSED"


def test_files_of_a_connector_have_its_owners_rights_of_today(office: Office, upstream: Upstream) -> None:
    row = asks(office, upstream)
    office.officer.is_active = False
    office.officer.save(update_fields=["is_active"])
    try:
        failed = pull_on(row.pk)
    except LinliError:
        failed = None
    assert failed is not None and failed.state == "failed" and names(office) == []
    assert django_settings.CONNECTOR_LOCAL
