"""Queries compiled once, and rows saved by statements written once (ADR 0009)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DataError, connection, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Upper

from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import OutOfScopeError
from linli.foundation.scope.models import insert_rows
from linli.foundation.scope.queries import kept
from linli.foundation.types import Actor, ActorKind, RegionRange, system_actor
from linli.registry.people.models import Person
from linli.registry.people.policy import people
from linli.registry.sources.models import Source

pytestmark = pytest.mark.django_db
JOB = system_actor("test.kept")


def source(code: str, name: str = "a source", rank: int = 50) -> Source:
    row = Source(code=code, name=name, rank=rank)
    row.save(force_insert=True)
    return row


def statements(run: Any) -> list[str]:
    told: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        told.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        run()
    return told


def test_it_gives_what_the_query_would_give_for_each_value() -> None:
    built: list[str] = []

    @kept
    def by_codes(codes: tuple[str, ...], least: int) -> QuerySet[Source]:
        built.append("")
        return Source.objects.filter(code__in=codes, rank__gte=least).order_by("code")

    source("one", rank=10), source("two", rank=90), source("three", rank=90)
    assert [s.code for s in by_codes(("one", "two"), 50)] == ["two"]
    assert [s.code for s in by_codes(("one", "three"), 5)] == ["one", "three"]
    assert len(built) == 2, "compiled for the first call alone (twice, to see what differs)"
    assert [s.code for s in by_codes(("one", "two", "three"), 5)] == ["one", "three", "two"]
    assert len(built) == 4, "another length is another shape"


def test_two_values_of_a_kind_never_change_places() -> None:
    for _ in range(200):

        @kept
        def between(first: date, last: date) -> QuerySet[Person]:
            return Person.objects.filter(birth_date__gte=first, birth_date__lte=last)

        with scoped(JOB):
            assert between.bound(date(1990, 1, 1), date(1991, 1, 1))[1] == (date(1990, 1, 1), date(1991, 1, 1))


def test_none_and_yes_or_no_are_part_of_the_shape() -> None:
    @kept
    def named(name: str | None, backwards: bool) -> QuerySet[Source, str]:
        rows = Source.objects.filter(code__startswith="k") if name is None else Source.objects.filter(name=name)
        return rows.order_by("-code" if backwards else "code").values_list("code", flat=True)

    source("k1", "first"), source("k2", "second")
    assert named(None, False) == ["k1", "k2"]
    assert named(None, True) == ["k2", "k1"]
    assert named("second", True) == ["k2"]
    assert named.first("nothing", True) is None


def test_related_rows_and_days_come_with_it() -> None:
    @kept
    def below(path: str) -> QuerySet[Region]:
        return Region.objects.filter(path=path).select_related("parent")

    @kept
    def born(day: date) -> QuerySet[Person]:
        return Person.objects.filter(Q(died_on=None) | Q(died_on__gt=day), birth_date=day)

    child = Region.objects.exclude(parent=None).first()
    if child is not None:
        (again,) = below(child.path)
        assert statements(lambda: again.parent) == []
    with scoped(JOB):
        assert born(date(1890, 1, 1)) == []


def test_a_value_that_is_changed_on_its_way_is_refused() -> None:
    @kept
    def like(text: str) -> QuerySet[Source]:
        return Source.objects.filter(name__icontains=text)

    @kept
    def first(most: int) -> QuerySet[Source]:
        return Source.objects.all()[:most]

    @kept
    def forgotten(key: UUID) -> QuerySet[Source]:
        return Source.objects.all()

    for query, value in ((like, "a"), (first, 3), (forgotten, uuid4())):
        with pytest.raises(TypeError, match=r"does not arrive|must not depend"):
            query(value)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="takes no list"):
        like(["a"])  # type: ignore[arg-type]


def test_what_depends_on_a_value_is_refused() -> None:
    turns = iter((True, False))

    @kept
    def moody(code: str) -> QuerySet[Source]:
        rows = Source.objects.filter(code=code)
        return rows.filter(name="x") if next(turns) else rows

    with pytest.raises(TypeError, match="must not depend on values"):
        moody("one")


def test_the_ranges_of_one_actor_are_never_those_of_another() -> None:
    @kept
    def in_sight(actor: Actor) -> QuerySet[Person]:
        return Person.objects.filter(people.visible(actor))

    def params(lo: str, *lines: str) -> tuple[Any, ...]:
        actor = Actor(
            ActorKind.STAFF, user_id=uuid4(), ranges=(RegionRange.below(lo, lines=lines),), permissions=frozenset({"people.view"})
        )
        with scoped(actor):
            return in_sight.bound(actor)[1]

    assert params("00010") == ("00010", "00010~")
    assert params("00020") == ("00020", "00020~")


def test_outside_a_scope_it_is_refused_each_time() -> None:
    @kept
    def person(key: UUID) -> QuerySet[Person]:
        return Person.objects.filter(pk=key)

    with scoped(JOB):
        assert person(uuid4()) == []
    with pytest.raises(OutOfScopeError):
        person(uuid4())


def test_in_the_scope_of_somebody_else_the_filter_holds() -> None:
    @kept
    def person(key: UUID) -> QuerySet[Person]:
        return Person.objects.filter(pk=key)

    clerk = Actor(ActorKind.STAFF, user_id=uuid4(), ranges=(RegionRange.below("00010"),))
    with scoped(JOB):
        (wide,) = statements(lambda: person.in_sight(people, JOB, uuid4()))
        (narrow,) = statements(lambda: person.in_sight(people, clerk, uuid4()))
    assert '"region_path" >=' not in wide
    assert '"region_path" >=' in narrow


def test_a_row_is_saved_by_one_plain_statement_and_its_defaults_are_left_to_the_database() -> None:
    row = Source(code="plain", name="Plain", rank=1)
    (insert,) = [s for s in statements(lambda: row.save(force_insert=True)) if "SAVEPOINT" not in s]
    assert insert.startswith('INSERT INTO "sources_source"')
    row.name = "Plainer"
    (update,) = [s for s in statements(lambda: row.save(update_fields=["name"])) if "SAVEPOINT" not in s]
    assert update == 'UPDATE "sources_source" SET "name" = %s WHERE "id" = %s'
    assert Source.objects.get(code="plain").name == "Plainer"


def test_an_expression_goes_djangos_own_way() -> None:
    row = source("expr", "quiet")
    row.name, row.rank = Upper(Value("loud")), F("rank") + 1
    row.save(update_fields=["name", "rank"])
    row.refresh_from_db()
    assert (row.name, row.rank) == ("LOUD", 51)


def test_an_update_of_a_row_that_is_gone_is_no_success() -> None:
    row = source("gone")
    Source.objects.filter(pk=row.pk).delete()
    row.name = "still here"
    with pytest.raises(Exception, match="did not affect any rows"):
        row.save(update_fields=["name"])


def test_many_rows_are_one_statement() -> None:
    rows = [Source(code=f"many{n}", name=f"{n}", rank=n) for n in range(5)]
    assert len(statements(lambda: insert_rows(rows))) == 1
    assert list(Source.objects.filter(code__startswith="many").order_by("rank").values_list("name", flat=True)) == list("01234")
    assert statements(lambda: insert_rows([])) == []


def test_what_is_too_long_is_refused_not_cut() -> None:
    with pytest.raises(DataError), transaction.atomic():
        insert_rows([Source(code="long", name="n" * 61, rank=1)])
    with pytest.raises(DataError), transaction.atomic():
        Source(code="long", name="n" * 61, rank=1).save(force_insert=True)
    assert not Source.objects.filter(code="long").exists()
