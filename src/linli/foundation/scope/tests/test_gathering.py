"""Rows that wait until the end of a block (ADR 0010): what anybody can see is the same as if each had been written at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import gathering, scoped
from linli.foundation.scope.models import insert_rows
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import system_actor
from linli.registry.people.models import Person
from linli.registry.sources.models import Source

pytestmark = pytest.mark.django_db
JOB, OTHER = system_actor("test.gathering"), system_actor("test.gathering.other")
FIRST_WORDS = ("INSERT", "UPDATE", "DELETE")


class RefusalError(Exception):
    pass


def added(code: str, name: str = "a source", rank: int = 50) -> Source:
    row = Source(code=code, name=name, rank=rank)
    row.save(force_insert=True)
    return row


def renamed(row: Source, name: str) -> None:
    row.name = name
    row.save(update_fields=["name"])


class Listening:
    def __enter__(self) -> list[str]:
        self.told: list[str] = []
        self._wrapper = connection.execute_wrapper(self._listen)
        self._wrapper.__enter__()
        return self.told

    def __exit__(self, *error: Any) -> None:
        self._wrapper.__exit__(*error)

    def _listen(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(FIRST_WORDS) or "procrastinate_defer" in sql:
            self.told.append(" ".join(sql.split()[:3]))
        return execute(sql, params, many, context)


def names() -> dict[str, str]:
    return dict(Source.objects.values_list("code", "name"))


def test_a_row_and_its_changes_are_one_statement_and_so_are_rows_and_jobs_alike() -> None:
    with Listening() as told, gathering(JOB):
        one = added("one")
        renamed(one, "changed")
        one.rank = 7
        one.save(force_update=True)
        insert_rows([Source(code="two", name="two", rank=1), Source(code="three", name="three", rank=2)])
        put_jobs("audit.seal", "default", {"timestamp": "1"})
        put_jobs("supervision.sweep", "clock", {"timestamp": "1"})
    assert told == ['INSERT INTO "sources_source"', "SELECT unnest( procrastinate_defer_jobs_v1("]
    with scoped(JOB):
        assert names() == {"one": "changed", "two": "two", "three": "three"}
        assert Source.objects.get(code="one").rank == 7
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, queue_name FROM procrastinate_jobs ORDER BY id")
        assert cursor.fetchall() == [("audit.seal", "default"), ("supervision.sweep", "clock")]


def test_a_question_about_the_table_sees_what_waits_and_one_about_another_lets_it_wait() -> None:
    with gathering(JOB):
        added("one")
        with Listening() as told:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM regions_region")
            assert told == []
            assert names() == {"one": "a source"}
            assert told == ['INSERT INTO "sources_source"']


def test_changes_with_expressions_and_deletions_come_after_the_row() -> None:
    with gathering(JOB):
        one, two = added("one", rank=1), added("two")
        one.rank = F("rank") + 1
        one.save(update_fields=["rank"])
        two.delete()
    with scoped(JOB):
        assert list(Source.objects.values_list("code", "rank")) == [("one", 2)]


def refused(row: Source) -> None:
    with scoped(JOB):
        renamed(row, "never")
        added("two")
        put_jobs("audit.seal", "default", {"timestamp": "1"})
        raise RefusalError


def test_what_an_inner_step_did_is_gone_when_it_is_refused_and_what_came_before_stands() -> None:
    with gathering(JOB):
        one = added("one")
        with pytest.raises(RefusalError):
            refused(one)
    with scoped(JOB):
        assert names() == {"one": "a source"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)


def test_an_error_that_leaves_the_block_leaves_what_was_done_before_it_to_whoever_catches_it() -> None:
    def broken_off() -> None:
        with gathering(JOB):
            added("one")
            raise RefusalError

    with scoped(JOB):
        with pytest.raises(RefusalError):
            broken_off()
        assert names() == {"one": "a source"}


def test_a_key_given_twice_is_heard_at_the_end_and_nothing_is_kept() -> None:
    def twice() -> None:
        with gathering(JOB):
            added("one")
            added("one")

    with pytest.raises(IntegrityError):
        twice()
    with scoped(JOB):
        assert names() == {}


def test_a_key_given_twice_is_heard_where_somebody_looks_out_for_it() -> None:
    with gathering(JOB):
        added("one")
        with pytest.raises(IntegrityError), transaction.atomic():
            added("one", name="again")
        added("two")
    with scoped(JOB):
        assert names() == {"one": "a source", "two": "a source"}


def test_rows_are_written_by_whom_they_are_from() -> None:
    said: list[tuple[str, str]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT"):
            assert connection.connection is not None
            said.append((str(params[1]), connection.connection.execute("SELECT current_setting('linli.user')").fetchone()[0]))
        return execute(sql, params, many, context)

    one, two = (replace(JOB, user_id=uuid4()) for _ in range(2))
    with connection.execute_wrapper(listen), gathering(one):
        added("one")
        with scoped(two):
            added("two")
        added("three")
    assert said == [("one", str(one.user_id)), ("two", str(two.user_id)), ("three", str(one.user_id))]


steps = st.recursive(
    st.lists(st.tuples(st.sampled_from(["add", "rename", "look", "delete", "other"]), st.integers(0, 5)), max_size=6),
    lambda inner: st.lists(
        st.one_of(
            st.tuples(st.sampled_from(["add", "rename", "look", "delete", "other"]), st.integers(0, 5)),
            st.tuples(st.sampled_from(["kept", "undone", "foreign", "foreign undone"]), inner),
        ),
        max_size=6,
    ),
    max_leaves=12,
)


def run(program: list[Any], seen: list[Any]) -> None:
    """Codes are given once; a row is renamed or deleted by whoever knows it (an object of ours, as an action has it)."""
    for what, value in program:
        if what == "add" and f"s{value}" not in LIVING:
            LIVING[f"s{value}"] = added(f"s{value}", name=f"name {len(seen)}")
        elif what == "rename" and f"s{value}" in LIVING:
            renamed(LIVING[f"s{value}"], f"renamed {len(seen)}")
        elif what == "delete" and f"s{value}" in LIVING:
            LIVING.pop(f"s{value}").delete()
        elif what == "look":
            seen.append(names())
        elif what == "other":
            with scoped(OTHER):
                seen.append(len(names()))
        elif what in ("kept", "undone"):
            inside(value, seen, what == "undone", lambda: scoped(JOB))
        elif what in ("foreign", "foreign undone"):
            inside(value, seen, what == "foreign undone", transaction.atomic)


LIVING: dict[str, Source] = {}


def inside(program: list[Any], seen: list[Any], undone: bool, block: Any) -> None:
    before = {code: (row, row.name) for code, row in LIVING.items()}
    try:
        with block():
            run(program, seen)
            if undone:
                raise RefusalError
    except RefusalError:
        LIVING.clear()
        for code, (row, name) in before.items():
            row.name, row.pk = name, row.pk or Source.objects.get(code=code).pk
            LIVING[code] = row


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_gathered_or_not_everybody_sees_the_same_at_every_moment(program: list[Any]) -> None:
    told = []
    for block in (scoped, gathering):
        seen: list[Any] = []
        LIVING.clear()
        with transaction.atomic():
            with block(JOB):
                run(program, seen)
            with scoped(JOB):
                seen.append(names())
            transaction.set_rollback(True)
        told.append(seen)
    assert told[0] == told[1]


def test_many_rows_with_encrypted_columns_arrive_whole() -> None:
    """More values than one statement takes as they are go as arrays; bytes among them."""
    region = Region(code="360502", name="Yushui", level="county", kind="county", path="00001")
    region.save(force_insert=True)
    with gathering(JOB):
        for number in range(4):
            Person(name=f"Person {number}", phone=f"1380013800{number}", region=region, region_path=region.path).save(force_insert=True)
    with scoped(JOB):
        assert sorted((str(p.name), str(p.phone)) for p in Person.objects.all()) == [(f"Person {n}", f"1380013800{n}") for n in range(4)]
