"""A city of its own for a test that kills or fronts its processes: a durable cluster, keys, residents and clerks at two counters."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings

from launcher.database import Database
from launcher.environment import Address
from launcher.keys import ensure_keys, secret_file
from launcher.layout import Layout

ROOT = Path(__file__).resolve().parents[2]
FORM = "/desk/counter/MZ06/"
VISITORS = 12
SUBMISSION: dict[str, Any] = {
    "matter": "MZ06",
    "applicant": {"name": "Wang Xiulan", "id_number": "360599194503070027", "phone": "13800000001", "region": "360502001001"},
    "answers": {
        "sex": "2",
        "birth_date": "1945-03-07",
        "hukou_address": "Beihu 1",
        "live_address": "Beihu 1",
        "bank_account": "6222020000000000000",
        "bank_name": "Bank",
        "other_place": False,
        "has_agent": False,
        "truth": True,
        "signature": {"name": "Wang Xiulan", "agreed": True},
    },
}
"""What a partner system hands in at the API."""


@dataclass(frozen=True)
class Ground:
    """What the processes of a city need before they start."""

    layout: Layout
    database: Database
    address: Address


@contextmanager
def ground(config: pytest.Config, blocker: Any, name: str) -> Iterator[Ground]:
    """A migrated database with fsync on and keys, in a state folder of its own; Django of this process looks at it inside the block."""
    state = Path(f"/var/tmp/linli-{name}-{os.getpid()}")
    layout = Layout(ROOT, state)
    layout.prepare()
    ensure_keys(layout.keys)
    template = next(plugin for plugin in config.pluginmanager.get_plugins() if hasattr(plugin, "_make_template"))
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
    with django_at(database.app_url, layout, blocker):
        try:
            yield Ground(layout, database, Address(port=free_pair()))
        finally:
            connections.close_all()
            cluster.stop()
            subprocess.run(["rm", "-rf", str(state)], check=True)


def counters() -> list[str]:
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


def partner() -> str:
    """A token of a partner system that may hand in at the API for a person of the register; call it after `counters`."""
    from linli.channels.api.actions import DOOR, create_client, issue_token
    from linli.foundation.scope.actions import scoped
    from linli.foundation.types import system_actor

    operator = system_actor("test.operator", permissions=["admin.accounts"])
    with scoped(operator):
        made = create_client(operator, name="Bank of Xinyu", scopes=["cases:submit"], per_minute=30000, burst=10000)
    issued = issue_token(DOOR, client_id=made.client.client_id, secret=made.secret)
    connections.close_all()
    return issued.token


def counter_form(url: str, session: str) -> tuple[str, list[tuple[str, str]]]:
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


def free_pair(first: int = 18400) -> int:
    """A port whose next one is free too."""
    for port in range(first, first + 500, 2):
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


class django_at:  # noqa: N801 - reads as a statement
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
