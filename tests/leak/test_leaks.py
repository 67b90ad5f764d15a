"""For every actor: nothing of an invisible row in any answer, and no answer that changes when the invisible rows are gone."""

from __future__ import annotations

import inspect
import re
import sys

import pytest
from django.db import connection, transaction
from tests.house.permission_table import Address
from tests.leak.canaries import PLANTED, Row, visible_rows
from tests.leak.conftest import Built
from tests.leak.reading import Ask, typed
from tests.leak.world import STAFF, Visitor

from linli.foundation.gate import Answer
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.models import PROTECTIONS
from linli.foundation.types import ActorKind

CITIZENS = ("owner", "grantee", "neighbour", "secret", "phone only")
VISITORS = ("anonymous", "tracker", *CITIZENS, *STAFF, "partner", "other partner")
OPENED, TRIED = 1, 4
"""Of an address that names rows, so many visible ones are opened and so many invisible ones tried: other ones at each address."""
NOISE = re.compile(r"\b[A-Za-z0-9]{64}\b|\b[0-9a-f]{32}\b|\b[0-9a-f]{12}\b|/events/\?[^\"]+|nonce-\w+|\d\d:\d\d(:\d\d)?")
"""What differs between two answers to the same question: tokens, request numbers, the time of day."""


def answer_of(visitor: Visitor, path: str) -> tuple[int, str]:
    """Status, and headers with body as one text."""
    response = visitor.get(path)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, f"{dict(response.headers)}\n{body.decode('utf-8', 'replace')}"


def test_every_protected_table_has_its_words() -> None:
    missing = set(PROTECTIONS.keys()) ^ set(PLANTED)
    assert not missing, (
        f"{sorted(missing)}: name the columns a person could read in PLANTED (tests/leak/canaries.py), and give the table rows (world.py)"
    )


def test_the_city_has_rows_in_every_table_and_rows_nobody_else_sees(kept: Built) -> None:
    rows = {table for rows in kept.canaries.words.values() for table, _ in rows}
    lacking = {table for table, columns in PLANTED.items() if columns} - rows
    assert not lacking, f"{sorted(lacking)}: world.py makes no row of these tables"


def test_every_address_is_read(kept: Built) -> None:
    assert not kept.unfilled, "\n".join(kept.unfilled)


@pytest.mark.parametrize("name", VISITORS)
def test_raw_counts_equal_the_filter_on_every_table(name: str, kept: Built) -> None:
    actor = kept.world.visitors[name].actor
    seen = visible_rows(actor)
    with scoped(actor), connection.cursor() as cursor:
        for table, protection in PROTECTIONS.items():
            cursor.execute(f"SELECT {protection.model._meta.pk.column} FROM {table}")  # type: ignore[union-attr]
            raw = {str(key) for (key,) in cursor.fetchall()}
            assert raw == {key for where, key in seen if where == table}, f"{table}: the policy and visible() differ for {name}"


@pytest.mark.parametrize("name", VISITORS)
def test_no_answer_holds_anything_of_an_invisible_row(name: str, kept: Built) -> None:
    visitor = kept.world.visitors[name]
    seen, wrong = visible_rows(visitor.actor) | visitor.given, []
    for address, asks in kept.reading.values():
        shut = getattr(address.view, "gate", None) is not None and address.gate.answer(visitor.actor) != Answer.OPEN
        for problem in _problems(kept, visitor, seen, asks, shut=shut):
            wrong.append(f"{address.pattern}: {problem}")
    assert not wrong, f"{name} is shown what is not for these eyes:\n" + "\n".join(wrong)


def _problems(built: Built, visitor: Visitor, seen: set[Row], asks: list[Ask], *, shut: bool) -> list[str]:
    """An invisible row is answered like one that does not exist; nothing shown stands only in invisible rows."""
    found: list[str] = []
    missing = None if shut else next((answer_of(visitor, ask.path) for ask in asks if ask.nothing), None)
    if missing and missing[0] == 405:
        return []
    visible = [a for a in asks if not a.nothing and (a.row is None or a.row in seen)][:OPENED]
    hidden = [a for a in asks if a.row is not None and a.row not in seen]
    turn = sum(map(ord, asks[0].path[:40]))  # over the addresses of a table every row has its turn
    hidden = [hidden[(turn + n) % len(hidden)] for n in range(min(TRIED, len(hidden)))]
    for ask in [*hidden, *visible][: 1 if shut else None]:
        status, text = answer_of(visitor, ask.path)
        if status >= 500:
            found.append(f"{ask.path} answers {status}")
        if leaks := built.canaries.leaked(text, seen | {ask.opens}, ask.path):
            found.append(f"{ask.path} ({status}) shows {built.canaries.told(leaks[:4])}")
        if ask in hidden and missing and status != missing[0]:
            found.append(f"{ask.path} is invisible ({ask.row}) but answers {status}, a row that does not exist {missing[0]}")
    return found


@pytest.mark.parametrize("name", VISITORS)
def test_nothing_typed_into_a_list_brings_up_an_invisible_row(name: str, kept: Built) -> None:
    visitor = kept.world.visitors[name]
    seen, wrong = visible_rows(visitor.actor) | visitor.given, []
    for path in _lists(kept, visitor, asking=True):
        for query in typed(kept.world):
            status, text = answer_of(visitor, path + query)
            leaks = kept.canaries.leaked(text, seen, query)
            if status >= 500 or leaks:
                wrong.append(f"{path}{query} ({status}) {kept.canaries.told(leaks[:4])}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", VISITORS)
def test_no_count_list_or_statistic_notices_that_the_invisible_rows_are_gone(name: str, kept: Built) -> None:
    """Noninterference: every list, count and board says the same whether invisible rows exist or not."""
    visitor = kept.world.visitors[name]
    door = "/desk/" if visitor.actor.kind == ActorKind.STAFF else "/"
    paths = [path for path in _lists(kept, visitor) if path.startswith(door)]
    asking = set(_lists(kept, visitor, asking=True))
    asked = [path + query for path in paths for query in ("", "?box=all&part=counts")[: 2 if path in asking else 1]]
    before = {path: _read_only(visitor, path) for path in asked}
    told = visitor.given if visitor.actor.kind is ActorKind.CITIZEN else set[Row]()  # who was given a resident's data is hers to read
    _delete_all_but(visible_rows(visitor.actor) | told)
    wrong = [f"{path}: {_difference(before[path], after)}" for path in asked if (after := _read_only(visitor, path)) != before[path]]
    assert not wrong, f"{name} can tell from these that rows exist which are not for these eyes:\n" + "\n".join(wrong)


def _lists(built: Built, visitor: Visitor, *, asking: bool = False) -> list[str]:
    """Addresses without parameters whose gate lets this visitor in; ``asking``: only those that look at what was typed."""
    found = [(address, asks[0].path) for address, asks in built.reading.values() if "<" not in address.pattern]
    return [
        path
        for address, path in found
        if (getattr(address.view, "gate", None) is None or address.gate.answer(visitor.actor) == Answer.OPEN)
        and (not asking or _asks_for_words(address))
    ]


def _asks_for_words(address: Address) -> bool:
    module = sys.modules.get(getattr(address.view, "__module__", ""))
    return module is None or ".GET" in inspect.getsource(module)


def _read_only(visitor: Visitor, path: str) -> tuple[int, str]:
    """An answer without its noise; what reading it wrote is taken back."""
    with transaction.atomic():
        response = visitor.get(path)
        transaction.set_rollback(True)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, NOISE.sub("~", f"{response.headers.get('Location', '')} {body.decode('utf-8', 'replace')}")


def _delete_all_but(seen: set[Row]) -> None:
    """As the superuser, without triggers: what hangs on a deleted row is deleted as a row of its own table."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE postgres")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, protection in PROTECTIONS.items():
            if table.startswith("api_"):  # how the partner signs in
                continue
            keep = [key for where, key in seen if where == table]
            cursor.execute(f"DELETE FROM {table} WHERE NOT {protection.model._meta.pk.column}::text = ANY(%s)", [keep])  # type: ignore[union-attr]
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SET LOCAL ROLE linli_app")


def _difference(before: tuple[int, str], after: tuple[int, str]) -> str:
    """The first place where two answers differ, with its surroundings."""
    if before[0] != after[0]:
        return f"status {before[0]}, then {after[0]}"
    at = next((n for n, (a, b) in enumerate(zip(before[1], after[1], strict=False)) if a != b), 0)
    return f"...{before[1][max(0, at - 80) : at + 80]!r}..., then ...{after[1][max(0, at - 20) : at + 80]!r}..."
