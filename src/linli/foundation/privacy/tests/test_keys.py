"""A turn of the data key: nothing is lost, nobody waits, and the old key goes only when no value needs it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection, connections

from linli.foundation.audit.models import AuditEntry
from linli.foundation.messages.models import ReceivedSms
from linli.foundation.privacy.actions import keys
from linli.foundation.privacy.engine.sealed import sealed_tables
from linli.foundation.privacy.models import KeyTurn
from linli.foundation.privacy.queries.keys import KEEPER, values_by_key
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import keyring, read_keys_again
from linli.foundation.scope.models import PROTECTIONS
from linli.foundation.signon.queries import signing_key
from linli.foundation.types import system_actor
from linli.lib.crypto import KeyRing
from linli.lib.errors import Conflict

WRITER = system_actor("test.writer")


@pytest.fixture(autouse=True)
def own_keys(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    """A key file of the test's own: what is sealed with its keys is in this test's database only."""
    file = tmp_path / "keyring.json"
    file.write_text(KeyRing.generate().to_json())
    file.chmod(0o600)
    before, settings.KEYS_FILE, settings.STATE_DIR = settings.KEYS_FILE, str(file), tmp_path
    read_keys_again()
    yield file
    settings.KEYS_FILE = before
    read_keys_again()


def written(number: int, first: int = 0) -> list[ReceivedSms]:
    with scoped(WRITER):
        return [ReceivedSms.objects.create(phone=f"139{n:08d}", text=f"text {n}", message_id=uuid4()) for n in range(first, first + number)]


def texts() -> list[str]:
    with scoped(WRITER):
        return sorted(row.text for row in ReceivedSms.objects.all())


def raw() -> dict[str, bytes]:
    with scoped(WRITER), connection.cursor() as cursor:
        cursor.execute("SELECT id::text, text FROM notices_received")
        return {key: bytes(value) for key, value in cursor.fetchall()}


def to_the_end() -> None:
    while keys.portion(size=7):
        pass


def test_every_encrypted_column_of_every_app_is_found_and_open_to_the_job() -> None:
    found = {one.table: one.columns for one in sealed_tables()}
    assert set(found["people_person"]) == {"id_number", "phone", "bank_account"}
    assert {"accounts_user", "sources_entry", "casefile_form", "notices_received"} <= set(found)
    closed = [table for table in found if table in dict(PROTECTIONS.items()) and PROTECTIONS.get(table).visible(KEEPER)]
    assert closed == [], "the job must see every row of these tables: give them Power('system')"


@pytest.mark.usefixtures("fresh_database")
def test_all_values_have_the_new_key_and_open_and_are_found_as_before(own_keys: Path) -> None:
    made, before, index = written(20), own_keys.read_text(), keyring().blind_index("1", "x")
    signed_by = signing_key().kid
    turn = keys.begin_turn(KEEPER)
    assert keyring().current == turn.name == "k2"
    assert own_keys.stat().st_mode & 0o777 == 0o600
    [kept] = own_keys.parent.glob("keyring.json.*")
    assert kept.read_text() == before
    to_the_end()
    turn.refresh_from_db()
    assert (turn.state, turn.left, turn.done) == ("done", 0, 2 * len(made))
    assert texts() == sorted(f"text {n}" for n in range(20))
    assert values_by_key()["notices_received"] == {"k2": 40}
    assert keyring().blind_index("1", "x") == index
    keys.retire(KEEPER, name="k1", at_once=True)
    assert keyring().key_ids == ("k2",)
    assert texts()[0] == "text 0"
    assert signing_key().kid == signed_by, "what is kept outside the database has followed"
    with scoped(KEEPER):
        assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
            "privacy.key_added",
            "privacy.key_turn_ended",
            "privacy.key_retired",
        }


@pytest.mark.usefixtures("fresh_database")
def test_killed_in_the_middle_it_goes_on_where_it_was() -> None:
    written(30)
    keys.begin_turn(KEEPER)
    while not KeyTurn.objects.get().done:
        keys.portion(size=7)
    half = {key for key, value in raw().items() if not keyring().needs_rotation(value)}
    first = raw()
    assert 0 < len(half) < 30
    assert len(texts()) == 30, "old and new values open side by side"
    connection.close()  # the process is gone; what its last portion wrote stays
    to_the_end()
    assert all(raw()[key] == first[key] for key in half), "what was done is not done again"
    assert KeyTurn.objects.get().done == 60


@pytest.mark.usefixtures("fresh_database")
def test_a_row_that_is_changed_meanwhile_keeps_the_change() -> None:
    """Compare-and-set: the statement does not write over a value that is another by now."""
    [row] = written(1)
    keys.begin_turn(KEEPER)
    one = next(t for t in sealed_tables() if t.table == "notices_received")
    before = raw()[str(row.pk)]
    with scoped(WRITER):
        ReceivedSms.objects.filter(pk=row.pk).update(text="changed")
    with scoped(KEEPER), connection.cursor() as cursor:
        old = [before if c == "text" else None for c in one.columns]
        cursor.execute(one.change, [[str(row.pk)], *([value] for o in old for value in (o, keyring().encrypt("lost")))])
        assert cursor.rowcount == 0
    assert texts() == ["changed"]


@pytest.mark.usefixtures("fresh_database")
def test_with_a_writer_at_the_same_time_nothing_is_lost_and_nobody_waits() -> None:
    rows = written(60)
    held, go = threading.Event(), threading.Event()
    said: dict[str, str] = {str(row.pk): row.text for row in rows}

    def write() -> None:
        try:
            with scoped(WRITER):  # holds a row for the whole first pass
                ReceivedSms.objects.filter(pk=rows[5].pk).update(text="held")
                held.set()
                go.wait(20)
            said[str(rows[5].pk)] = "held"
            for n, row in enumerate(rows[10:40]):
                with scoped(WRITER):
                    ReceivedSms.objects.filter(pk=row.pk).update(text=f"again {n}")
                said[str(row.pk)] = f"again {n}"
            for row in written(20, first=100):
                said[str(row.pk)] = row.text
        finally:
            held.set()
            connections["default"].close()

    writer = threading.Thread(target=write)
    writer.start()
    assert held.wait(20)
    keys.begin_turn(KEEPER)
    while keys.portion(size=7) and KeyTurn.objects.get().counts.get("notices_received", 0) < 60:
        pass  # passes by the row that is held
    go.set()
    to_the_end()
    writer.join(20)
    if KeyTurn.objects.get().state != "done":
        keys.go_on(KEEPER)
        to_the_end()
    with scoped(WRITER):
        assert {str(row.pk): row.text for row in ReceivedSms.objects.all()} == said
    assert set(values_by_key()["notices_received"]) == {"k2"}


@pytest.mark.usefixtures("fresh_database")
def test_a_key_goes_only_when_nothing_needs_it() -> None:
    written(3)
    with pytest.raises(Conflict, match="KEY_CURRENT"):
        keys.retire(KEEPER, name="k1")
    keys.begin_turn(KEEPER)
    with pytest.raises(Conflict, match=r"KEY_NEEDED.*6 values"):
        keys.retire(KEEPER, name="k1", at_once=True)
    with pytest.raises(Conflict, match="KEY_TURN_RUNNING"):
        keys.begin_turn(KEEPER)
    to_the_end()
    with pytest.raises(Conflict, match="KEY_TOO_FRESH"):
        keys.retire(KEEPER, name="k1")
    with pytest.raises(Conflict, match="KEY_UNKNOWN"):
        keys.retire(KEEPER, name="k9")
    keys.retire(KEEPER, name="k1", at_once=True)
    assert "k1" not in keyring().key_ids


@pytest.mark.usefixtures("fresh_database")
def test_a_process_that_has_not_looked_yet_opens_what_another_wrote(own_keys: Path) -> None:
    keyring()  # looked just now
    ring = KeyRing.from_json(own_keys.read_text()).rotated("k2")
    with scoped(WRITER), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        [row] = written(1)
        cursor.execute("UPDATE notices_received SET text = %s WHERE id = %s", [ring.encrypt("by another"), row.pk])
    half = own_keys.with_name("half")
    half.write_text(ring.to_json())
    half.replace(own_keys)
    assert texts() == ["by another"]


@pytest.mark.usefixtures("fresh_database")
def test_a_damaged_value_stops_the_turn_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    rows = written(5)
    with scoped(WRITER), connection.cursor() as cursor:
        broken = bytearray(raw()[str(rows[2].pk)])
        broken[-1] ^= 1
        cursor.execute("UPDATE notices_received SET text = %s WHERE id = %s", [bytes(broken), rows[2].pk])
    with pytest.raises(SystemExit):
        call_command("keys", "rotate", "--here")
    call_command("keys", "status", "--json")
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["values"]["notices_received"] == {"k1": 1, "k2": 9}
    assert (said["turn"]["state"], said["turn"]["left"]) == ("stopped", 1)
    with pytest.raises(CommandError, match="1 values still need k1"):
        call_command("keys", "retire", "k1")
