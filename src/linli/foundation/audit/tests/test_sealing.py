"""Sealing loses nothing; a changed, removed, reordered, added or cut-off row is found and named."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection

from linli.foundation.audit import queries
from linli.foundation.audit.actions import declare_restored, note, publish_heads, seal
from linli.foundation.audit.engine import heads
from linli.foundation.audit.models import AuditBatch, AuditEntry
from linli.foundation.audit.types import FaultKind
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind, system_actor

CLERK = Actor(ActorKind.STAFF, label="clerk")
JOB = system_actor("test")


@pytest.fixture
def owner(fresh_database: str, cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection[Any]]:
    """A database of one's own with an empty file of heads, and the tamperer's connection to it: the owner of the tables."""
    monkeypatch.setattr(settings, "STATE_DIR", tmp_path)
    with psycopg.connect(cluster.dsn("linli_owner", fresh_database), autocommit=True) as link:
        yield link


def write_entries(count: int) -> list[int]:
    """One transaction each; their sequence numbers."""
    for n in range(count):
        note(CLERK, "test.written", n=n, who="张三", share=0.1)
    with scoped(JOB):
        return list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True))[-count:]


def first_fault() -> tuple[FaultKind, int, int]:
    fault = queries.verify().faults[0]
    return fault.kind, fault.batch, fault.seq


def test_an_untouched_trail_is_sound_and_every_entry_is_sealed_once(owner: Any) -> None:
    write_entries(5)
    assert seal() == 5
    assert seal() == 0
    write_entries(3)
    assert seal(limit=2) == 3
    result = queries.verify()
    assert (result.sound, result.batches, result.entries, result.unsealed) == (True, 3, 8, 0)
    with scoped(JOB):
        assert list(AuditBatch.objects.order_by("number").values_list("entries", flat=True)) == [5, 2, 1]


def test_a_changed_row_is_named(owner: Any) -> None:
    seqs = write_entries(6)
    seal()
    owner.execute("UPDATE audit_entry SET reason = 'looked right' WHERE seq = %s", [seqs[3]])
    assert first_fault() == (FaultKind.CHANGED, 1, seqs[3])


def test_a_removed_row_is_named(owner: Any) -> None:
    seqs = write_entries(6)
    seal()
    owner.execute("DELETE FROM audit_entry WHERE seq = %s", [seqs[5]])
    assert first_fault() == (FaultKind.REMOVED, 1, seqs[5])


def test_rows_that_changed_places_are_named(owner: Any) -> None:
    seqs = write_entries(6)
    seal()
    owner.execute("UPDATE audit_entry SET seq = -1 WHERE seq = %s", [seqs[1]])
    owner.execute("UPDATE audit_entry SET seq = %s, xid = (SELECT xid FROM audit_entry WHERE seq = -1) WHERE seq = %s", [seqs[1], seqs[2]])
    owner.execute("UPDATE audit_entry SET seq = %s, xid = xid + 1 WHERE seq = -1", [seqs[2]])
    assert first_fault() == (FaultKind.REORDERED, 1, seqs[1])


def test_a_row_written_behind_is_named(owner: Any) -> None:
    seqs = write_entries(4)
    seal()
    owner.execute(
        "INSERT INTO audit_entry SELECT (r).* FROM (SELECT jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(),"
        " 'seq', 0)) r FROM audit_entry e WHERE seq = %s) x",
        [seqs[2]],
    )
    assert first_fault() == (FaultKind.ADDED, 1, 0)


def test_batches_cut_off_at_the_end_are_found_by_the_heads_outside(owner: Any) -> None:
    write_entries(3)
    seal()
    seqs = write_entries(3)
    seal()
    owner.execute("DELETE FROM audit_entry WHERE seq >= %s", [seqs[0]])
    owner.execute("DELETE FROM audit_batch WHERE number = 2")
    assert first_fault() == (FaultKind.CUT_OFF, 2, 0)


def test_a_cut_end_that_was_sealed_again_differs_from_its_head(owner: Any) -> None:
    seqs = write_entries(3)
    seal()
    owner.execute("DELETE FROM audit_entry WHERE seq = %s", [seqs[2]])
    owner.execute("DELETE FROM audit_batch")
    seal()
    assert first_fault() == (FaultKind.HEAD_DIFFERS, 1, 0)


def test_a_changed_or_removed_batch_is_named(owner: Any) -> None:
    for _ in range(3):
        write_entries(1)
        seal()
    owner.execute("UPDATE audit_batch SET top_seq = top_seq + 1 WHERE number = 3")
    assert first_fault() == (FaultKind.BATCH_CHANGED, 3, 0)
    owner.execute("DELETE FROM audit_batch WHERE number = 2")
    assert first_fault()[:2] == (FaultKind.BATCH_REMOVED, 2)


def test_the_application_role_can_neither_change_nor_delete(owner: Any) -> None:
    write_entries(1)
    seal()
    for table, column in (("audit_entry", "xid"), ("audit_batch", "entries")):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = 1"):
            with pytest.raises(ProgrammingError, match="permission denied"), scoped(JOB), connection.cursor() as cursor:
                cursor.execute(statement)


def test_a_transaction_that_stays_open_over_two_seals_loses_nothing(owner: Any, cluster: Any, fresh_database: str) -> None:
    """Its number is older than what is sealed around it: without the horizon it would never be sealed."""
    with psycopg.connect(cluster.dsn("linli_app", fresh_database)) as slow:
        slow.execute(
            "INSERT INTO audit_entry (id, action, outcome, actor_kind, actor_label, subject_type, subject_id, region_path, changes, notes,"
            " reason, address, request_id) VALUES (gen_random_uuid(), 'test.slow', 'done', 'staff', '', '', '', '', '[]', '{}', '', '', '')"
        )
        write_entries(2)
        assert seal() == 0
        write_entries(2)
        assert seal() == 0
        slow.commit()
    assert seal() == 5
    result = queries.verify()
    assert (result.sound, result.entries, result.unsealed) == (True, 5, 0)


def test_a_second_sealer_goes_away(owner: Any) -> None:
    write_entries(1)
    with owner.transaction():
        owner.execute("SELECT pg_advisory_xact_lock(hashtext('linli.audit.seal'))")
        assert seal() == 0
    assert seal() == 1


def test_a_lost_head_is_written_after_a_crash_and_half_a_line_is_repaired(owner: Any) -> None:
    write_entries(1)
    seal()
    file = queries.heads_file()
    file.write_bytes(file.read_bytes()[:-20])  # the power went while the line was written
    assert queries.verify().sound
    publish_heads()
    write_entries(1)
    seal()
    assert len(file.read_text().splitlines()) == 2
    assert queries.verify().sound


def test_a_forged_head_is_noticed(owner: Any) -> None:
    write_entries(1)
    seal()
    file = queries.heads_file()
    line = json.loads(file.read_text())
    file.write_text(json.dumps(line | {"number": 2}) + "\n")
    assert queries.verify().faults[0].kind == FaultKind.HEADS_DAMAGED


def test_a_file_of_heads_that_was_lost_says_so(owner: Any) -> None:
    for _ in range(5):
        write_entries(1)
        seal()
    queries.heads_file().unlink()
    assert "no file of heads" in queries.verify().notes[0]
    publish_heads()
    write_entries(1)
    seal()
    result = queries.verify()
    assert result.sound
    assert result.notes == ["this file of heads begins after batch 5"]
    assert [json.loads(line)["kind"] for line in queries.heads_file().read_text().splitlines()] == [heads.STARTED, heads.HEAD]


def test_a_declared_restore_voids_later_heads(owner: Any) -> None:
    for _ in range(3):
        write_entries(1)
        seal()
    owner.execute("DELETE FROM audit_batch WHERE number = 3")  # as a backup from before batch 3 would leave it
    owner.execute("DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry)")
    assert first_fault() == (FaultKind.CUT_OFF, 3, 0)
    assert declare_restored("disk failed") == 2
    write_entries(2)
    seal()
    result = queries.verify()
    assert result.sound
    assert result.batches == 3
    assert "disk failed" in result.notes[0]


def test_sealing_goes_on_where_a_restore_began_to_count_transactions_anew(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_restore on a new server: the stored transaction numbers are far above the server's own, and must not hold sealing up for ever."""
    now = queries.horizon()[1]
    old = now + 1_000_000
    write_entries(4)
    owner.execute("UPDATE audit_entry SET xid = xid + 1000000")
    with monkeypatch.context() as on_the_old_server:
        on_the_old_server.setattr(queries, "horizon", lambda: (old + 100, old + 100))
        assert seal(limit=3) == 4
    owner.execute("DELETE FROM audit_batch WHERE number = 2")  # the dump was taken before the last entry was sealed
    queries.heads_file().unlink()
    write_entries(3)
    assert seal() == 4  # the one left over, then the three of the new count
    result = queries.verify()
    assert (result.sound, result.entries, result.unsealed) == (True, 7, 0), result.faults
    with scoped(JOB):
        assert list(AuditBatch.objects.order_by("number").values_list("entries", flat=True)) == [3, 1, 0, 3]


def test_the_command_prints_the_first_wrong_entry_and_fails(owner: Any, capsys: pytest.CaptureFixture[str]) -> None:
    seqs = write_entries(4)
    seal()
    call_command("audit", "verify")
    assert "4 entries, 0 not yet sealed: sound" in capsys.readouterr().out
    owner.execute("UPDATE audit_entry SET actor_label = 'nobody' WHERE seq = %s", [seqs[1]])
    with pytest.raises(SystemExit):
        call_command("audit", "verify", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    assert answer["first"]["kind"] == "changed"
    assert answer["first"]["seq"] == seqs[1]


def test_ten_thousand_entries_are_sealed_and_checked_in_seconds(owner: Any) -> None:
    owner.execute(
        "INSERT INTO audit_entry (id, action, outcome, actor_kind, actor_label, subject_type, subject_id, region_path, changes, notes,"
        " reason, address, request_id) SELECT gen_random_uuid(), 'test.many', 'done', 'staff', 'clerk', 'cases.case', n::text, '00001',"
        " jsonb_build_array(jsonb_build_object('fields', jsonb_build_object('state', jsonb_build_array('new', 'open')))), '{}', '', '', ''"
        " FROM generate_series(1, 10000) n"
    )
    started = time.monotonic()
    assert seal() == 10_000
    assert time.monotonic() - started < 4
    result = queries.verify()
    assert result.sound
    assert result.entries == 10_000
