"""A big load by the owner: all or nothing, and every key, index and policy afterwards as before."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import Conflict
from linli.registry.households.actions import loading
from linli.registry.households.actions.loading import city_load, lines
from linli.registry.premises.models import Premises

ACTOR = system_actor("test.load")
TABLES = {"premises_premises": "id,addr_code,region_id,region_path,road,door_no,estate,building,unit,room,address,status"}
SCHEMA = """
SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid), convalidated FROM pg_constraint
UNION ALL SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisvalid AND i.indisready
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace
UNION ALL SELECT relname, relacl::text, relowner::regrole::text, relrowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
UNION ALL SELECT polrelid::regclass::text, polname, pg_get_expr(polqual, polrelid), true FROM pg_policy ORDER BY 1, 2, 3
"""
KILLED = """
import sys, time, django
django.setup()
from linli.registry.households.tests.test_loading import ACTOR, TABLES, homes
from linli.registry.households.actions.loading import city_load, lines
with city_load(ACTOR, TABLES) as load:
    load.take({"premises_premises": lines(homes(sys.argv[1], 5000))})
    print("half way", flush=True)
    time.sleep(120)
"""


def homes(region: str, count: int, first: int = 0) -> list[tuple[str, ...]]:
    return [
        (uuid4().hex, f"360502001001{n:013d}", region, "a", "", "", "", "", "", "", f"Beihu {n}", "active")
        for n in range(first, first + count)
    ]


@pytest.fixture
def owner(fresh_database: str, cluster: Any) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(cluster.dsn("linli_owner", fresh_database), autocommit=True) as link:
        yield link


@pytest.fixture
def region(owner: psycopg.Connection[Any]) -> str:
    with scoped(ACTOR):
        return Region.objects.create(code="360502001001", name="Beihu", level="community", path="a").id.hex


def schema(owner: psycopg.Connection[Any]) -> list[Any]:
    return owner.execute(SCHEMA).fetchall()


def rows(owner: psycopg.Connection[Any]) -> int:
    found = owner.execute("SELECT count(*) FROM premises_premises").fetchone()
    assert found is not None
    return int(found[0])


def test_a_load_leaves_rows_and_every_key_index_and_policy(owner: psycopg.Connection[Any], region: str) -> None:
    before = schema(owner)
    with city_load(ACTOR, TABLES) as load:
        load.take({"premises_premises": lines(homes(region, 300))})
    assert schema(owner) == before
    with scoped(ACTOR):
        assert Premises.objects.count() == 300
    with pytest.raises(psycopg.errors.UniqueViolation), city_load(ACTOR, TABLES) as load:
        load.take({"premises_premises": lines(homes(region, 1))})
    assert (schema(owner), rows(owner)) == (before, 300)


def test_a_row_that_refers_to_nothing_refuses_the_whole_load(owner: psycopg.Connection[Any], region: str) -> None:
    before = schema(owner)
    with pytest.raises(psycopg.errors.ForeignKeyViolation), city_load(ACTOR, TABLES) as load:
        load.take({"premises_premises": lines([*homes(region, 20), *homes(uuid4().hex, 1, first=20)])})
    assert (schema(owner), rows(owner)) == (before, 0)


def test_a_load_killed_in_the_middle_never_was(owner: psycopg.Connection[Any], region: str) -> None:
    before = schema(owner)
    name = connection.settings_dict["NAME"]
    environment = {**os.environ, "DATABASE_URL": os.environ["DATABASE_URL"].replace("/linli_test?", f"/{name}?")}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    with subprocess.Popen([sys.executable, "-c", KILLED, region], env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half way\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert rows(owner) == 0  # waits for the lock of the dead load, which PostgreSQL gives back
    assert schema(owner) == before
    with city_load(ACTOR, TABLES) as load:
        load.take({"premises_premises": lines(homes(region, 10))})
    assert rows(owner) == 10


def test_tables_in_use_are_not_loaded(owner: psycopg.Connection[Any], region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_LOCK_WAIT", "100ms")
    with owner.transaction():
        owner.execute("SELECT FROM premises_premises LIMIT 1")
        with pytest.raises(Conflict, match="uses the tables"), city_load(ACTOR, TABLES):
            pass


def test_without_the_owner_the_same_rows_go_in_under_the_policies(
    owner: psycopg.Connection[Any], region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LINLI_OWNER_DATABASE_URL")
    with city_load(ACTOR, TABLES) as load:
        load.take({"premises_premises": lines(homes(region, 300))})
    assert rows(owner) == 300
