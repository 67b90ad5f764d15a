"""What a program is given: its own fields, its own range, in commit order, with a sealed row a page."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.exchange.models import Given
from linli.registry.exchange.tests.conftest import JOB, Office, Program, program
from linli.registry.people.engine.merging import MERGES, SPLITS
from linli.registry.people.models import Person

WATCH = system_actor("test.watch", permissions=["audit.view"])


@pytest.fixture
def reader(office: Office) -> Program:
    return program()


def snapshot(reader: Program, sub: Any, **query: Any) -> tuple[list[dict[str, Any]], str]:
    """All records, and the position at which they began."""
    found: list[dict[str, Any]] = []
    began, after = "", ""
    while True:
        answer = reader.get(f"/{sub.pk}/records", **({"after": after} if after else {}), **query)
        assert answer.status_code == 200, answer.content
        body = answer.json()
        found += body["records"]
        began = began or body["changes_after"]
        assert body["changes_after"] == began
        if not body["next"]:
            return found, began
        after = body["next"]


def changes(reader: Program, sub: Any, after: str, **query: Any) -> Any:
    answer = reader.get(f"/{sub.pk}/changes", after=after, **query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_snapshot_holds_the_approved_items_of_the_range_and_nothing_else(office: Office, reader: Program) -> None:
    mine, other = office.person("王秀兰"), office.person("李国强", "Donghu")
    sub = office.subscribed(reader)
    found, _ = snapshot(reader, sub, limit=1)
    assert found == [
        {"id": str(mine.pk), "name": "王秀兰", "birth_date": "1945-03-07", "id_number": "360599194503070027", "live_address": "北湖路1号"}
    ]
    assert reader.get(f"/{sub.pk}/records/{mine.pk}").json()["name"] == "王秀兰"
    assert reader.get(f"/{sub.pk}/records/{other.pk}").status_code == 404


def test_changes_say_what_changed_and_what_the_subject_is_now(office: Office, reader: Program) -> None:
    one, sub = office.person(), office.subscribed(reader)
    _, began = snapshot(reader, sub)
    with scoped(JOB):
        Person.objects.filter(pk=one.pk).update(live_address="东湖路9号", marital="20")
        Person.objects.filter(pk=one.pk).update(education="60")  # not one of the subscription's items
    two = office.person("赵敏")
    page = changes(reader, sub, began)
    assert [(c["op"], c["id"], c["changed"]) for c in page["changes"]] == [("U", str(one.pk), ["live_address"]), ("I", str(two.pk), [])]
    assert page["changes"][0]["record"]["live_address"] == "东湖路9号" and "marital" not in page["changes"][0]["record"]
    assert changes(reader, sub, page["next"])["changes"] == []
    with scoped(JOB):
        Person.objects.filter(pk=two.pk).delete()
    gone = changes(reader, sub, page["next"])["changes"]
    assert [(c["op"], c["id"], c["record"]) for c in gone] == [("D", str(two.pk), None)]


def test_a_transaction_held_open_across_two_reads_loses_nothing(office: Office, reader: Program, cluster: Any, fresh_database: str) -> None:
    early, late, sub = office.person("先"), office.person("后"), office.subscribed(reader)
    _, began = snapshot(reader, sub)
    with psycopg.connect(cluster.dsn("linli_owner", fresh_database)) as held:
        held.execute("UPDATE people_person SET name = '先写' WHERE id = %s", [early.pk])
        with scoped(JOB):
            Person.objects.filter(pk=late.pk).update(name="后写")  # begun later, committed earlier
        first = changes(reader, sub, began)
        assert [c["id"] for c in first["changes"]] == [], "the later one waits for the earlier one"
        second = changes(reader, sub, first["next"])
        held.commit()
    third = changes(reader, sub, second["next"])
    assert [(c["id"], c["record"]["name"]) for c in third["changes"]] == [(str(early.pk), "先写"), (str(late.pk), "后写")]


def test_who_moves_away_is_told_as_gone_and_who_moves_in_comes(office: Office, reader: Program) -> None:
    leaving, coming, sub = office.person("走"), office.person("来", "Donghu"), office.subscribed(reader)
    _, began = snapshot(reader, sub)
    with scoped(JOB):
        for one, place in ((leaving, "Donghu"), (coming, "Beihu")):
            Person.objects.filter(pk=one.pk).update(region=office.regions[place], region_path=office.regions[place].path)
    told = changes(reader, sub, began)["changes"]
    assert [(c["op"], c["id"], c["record"] and c["record"]["name"]) for c in told] == [
        ("D", str(leaving.pk), None),
        ("U", str(coming.pk), "来"),
    ]


def test_merged_and_split_people_are_told_in_the_transaction_that_did_it(office: Office, reader: Program) -> None:
    stayed, gone, sub = office.person("王秀兰"), office.person("王秀蘭", "Donghu"), office.subscribed(reader, region="360500000000")
    _, began = snapshot(reader, sub)
    with scoped(JOB):
        Person.every.filter(pk=gone.pk).update(merged_into=stayed, pinyin="")
        MERGES.get("exchange")(stayed.pk, gone.pk, stayed.region_path)
    page = changes(reader, sub, began)
    merged = [c for c in page["changes"] if c["op"] == "MERGE"]
    assert {(c["id"], c["other"], c["record"], c["other_record"]["name"]) for c in merged} == {
        (str(gone.pk), str(stayed.pk), None, "王秀兰")
    }
    assert [one["id"] for one in snapshot(reader, sub)[0]] == [str(stayed.pk)]
    with scoped(JOB):
        Person.every.filter(pk=gone.pk).update(merged_into=None)
        SPLITS.get("exchange")(stayed.pk, gone.pk, stayed.region_path)
    split = changes(reader, sub, page["next"])["changes"]
    assert {(c["op"], c["id"], c["other"], c["other_record"]["name"]) for c in split} == {("SPLIT", str(stayed.pk), str(gone.pk), "王秀蘭")}


def test_every_page_leaves_one_sealed_row_and_the_resident_can_read_of_it(office: Office, reader: Program) -> None:
    one, sub = office.person(), office.subscribed(reader)
    _, began = snapshot(reader, sub)
    with scoped(JOB):
        Person.objects.filter(pk=one.pk).update(name="王秀蘭")
    page = changes(reader, sub, began)
    changes(reader, sub, page["next"])  # nothing in it, nothing logged
    with scoped(WATCH):
        rows = list(
            AuditEntry.objects.filter(action__startswith="exchange.", subject_id=str(sub.pk), notes__has_key="recipient").order_by("seq")
        )
        assert [(r.action, r.notes["count"], r.actor_kind) for r in rows] == [
            ("exchange.records_given", 1, "partner"),
            ("exchange.changes_given", 1, "partner"),
        ]
        assert rows[1].notes["recipient"] == "新余市医疗保障局" and rows[1].notes["purpose"] == "medical-insurance"
        assert rows[1].notes["legal_basis"].startswith("《社会保险法》") and "id_number" in rows[1].notes["fields"]
        assert Given.objects.filter(person_id=one.pk).count() == 1
