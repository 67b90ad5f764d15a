"""The inbox: one narrow table, one indexed branch, no joins, the same number of queries whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal, TypeAlias
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, Func, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Collate

from linli.cases.casefile import policy
from linli.cases.casefile.engine.hooks import hidden_kinds
from linli.cases.casefile.models import Case, CaseParticipant, Task
from linli.cases.casefile.types import OPEN, State
from linli.foundation.scope.models import Via
from linli.foundation.scope.queries import kept
from linli.foundation.types import Actor

Box = Literal["mine", "unit", "all"]


class Which(StrEnum):
    """A box, where it is part of a kept query's shape."""

    MINE = "mine"
    UNIT = "unit"
    ALL = "all"


COUNT_LIMIT = 1000  # beyond it the page says "1000+": an exact count of a million rows helps nobody
PAGE = 20
LAST = chr(0x10FFFF)  # behind every character a name can go on with
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


Asked: TypeAlias = tuple[str | None, str | None, str | None, tuple[str, str] | None, datetime | None]
"""Filters as plain values, None where nothing is asked: matter, kind, number, range of names, overdue since."""


@dataclass(frozen=True)
class Filters:
    """What an inbox page may be narrowed by; every one stands in the address."""

    matter: str = ""
    kind: str = ""
    text: str = ""  # case number, or the beginning of the applicant's name
    overdue: bool = False


@dataclass(frozen=True)
class Page:
    tasks: list[Task]
    total: int
    more: bool  # the total is a lower bound
    after: str  # cursor of the next page, "" when this is the last


def box(actor: Actor, which: Box | Which) -> QuerySet[Task]:
    """Open tasks: taken by me, given to my units, or everything in my sight."""
    rows = _open(actor)
    if which == "mine":
        return rows.filter(assignee_id=actor.user_id)
    if which == "unit":
        return rows.filter(unit_id__in=actor.unit_ids)
    return rows.filter(policy.tasks.visible(actor))


def _open(actor: Actor) -> QuerySet[Task]:
    """Open tasks but for those beside the process that this actor is not shown."""
    rows, hidden = Task.objects.filter(state="open"), hidden_kinds(actor)
    return rows.exclude(kind__in=hidden) if hidden else rows


def _narrowed(rows: QuerySet[Task], asked: Asked) -> QuerySet[Task]:
    """Names are a range compared byte by byte: unlike LIKE its operators are leakproof, so that row-level security lets the index answer."""
    matter, kind, number, names, now = asked
    if matter:
        rows = rows.filter(matter_code=matter)
    if kind:
        rows = rows.filter(kind=kind)
    if now:
        rows = rows.filter(due_at__lt=now)
    if number:
        rows = rows.filter(number=number)
    if names:
        rows = rows.annotate(name_bytes=Collate("applicant", "C")).filter(name_bytes__gte=names[0], name_bytes__lt=names[1])
    return rows


def parts(actor: Actor, which: Box | Which) -> list[QuerySet[Task]]:
    """A box as disjoint lists, each of which an index answers.

    Everything in sight is what lies in the actor's area or waits for him, and what he was called to or took in from elsewhere. Asked in one
    condition (`policy.tasks.visible`) the second half makes PostgreSQL look at every open task of the city.
    """
    if which != "all":
        return [box(actor, which)]
    rows = _open(actor)
    near = Q(pk__in=[])
    for branch in policy.tasks.branches:
        found = None if isinstance(branch, Via) else branch.q(actor)
        near = near if found is None else near | found
    return [rows.filter(near), rows.filter(_any_of(_called(actor))).exclude(near)]


def _any_of(keys: QuerySet[Any]) -> Func:
    """``case_id = ANY (ARRAY (...))``: the keys are read first, once, and each is looked up; ``IN`` is joined in whatever order statistics suggest."""
    return Func("case_id", ArraySubquery(keys), template="%(expressions)s)", arg_joiner=" = ANY (", output_field=BooleanField())


def _called(actor: Actor) -> QuerySet[Any]:
    """Cases an account or its units were called to, or that were handed in with the account."""
    called = CaseParticipant.objects.filter(Q(user_id=actor.user_id) if actor.user_id else Q(pk__in=[])).values("case_id")
    units = CaseParticipant.objects.filter(unit_id__in=actor.unit_ids).values("case_id")
    made = (
        Case.objects.filter(created_by=actor.user_id, state__in=OPEN | {State.CLOSED}).values("pk")
        if actor.user_id
        else Case.objects.none().values("pk")
    )
    return called.union(units, made)


def _joined(rows: list[QuerySet[Any]]) -> QuerySet[Any]:
    """Disjoint lists as one query: whatever the box, a page asks as often."""
    return rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0]


def _first(rows: QuerySet[Task], due: datetime | None, key: UUID | None, *, alone: bool = True, most: int = PAGE + 1) -> QuerySet[Task]:
    """The first rows behind the cursor, whose due date may be none.

    Where few of the city's tasks are meant (``alone`` false) they are found first and sorted then: in due order PostgreSQL would pass by
    all the others to reach them.
    """
    if key:
        rows = rows.filter(Q(due_at__gt=due) | Q(due_at=due, id__gt=key) | Q(due_at=None) if due else Q(due_at=None, id__gt=key))
    order = "due_at" if alone else Coalesce("due_at", Value(NEVER))
    return rows.order_by(order, "id")[:most]


def page(actor: Actor, which: Box, filters: Filters, *, now: datetime, after: str = "") -> Page:
    """Twenty tasks by due date, with a bounded total."""
    asked = _asked(filters, now)
    if not after and filters == Filters():  # narrowed lists are found by their own indexes: a thousand rows in due order would not be
        return _paged(*_from_the_beginning(actor, which))
    due, _, key = after.rpartition("_")
    behind = (datetime.fromisoformat(due) if due else None, UUID(key)) if after else (None, None)
    inner, values = _matching.bound(actor, Which(which), asked)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({inner}) AS found", values)
        total = int(cursor.fetchone()[0])
    return _paged(_listed(actor, Which(which), asked, *behind), total)


def _asked(filters: Filters, now: datetime) -> Asked:
    text = filters.text.strip()
    number, names = (text, None) if text.isdigit() else (None, (text, text + LAST) if text else None)
    return filters.matter or None, filters.kind or None, number, names, now if filters.overdue else None


@kept
def _matching(actor: Actor, which: Which, asked: Asked) -> QuerySet[Task]:
    """Keys of the tasks of a narrowed box, as many as are counted."""
    found = [_narrowed(part, asked) for part in parts(actor, which)]
    return _joined([rows.order_by().values("pk")[: COUNT_LIMIT + 1] for rows in found])


@kept
def _listed(actor: Actor, which: Which, asked: Asked, due: datetime | None, key: UUID | None) -> QuerySet[Task]:
    """A page of a narrowed box behind a cursor."""
    found = [_narrowed(part, asked) for part in parts(actor, which)]
    listed = _joined([_first(rows, due, key, alone=n == 0) for n, rows in enumerate(found)])
    return listed.order_by("due_at", "id")[: PAGE + 1] if len(found) > 1 else listed


@kept
def _beginning_of(actor: Actor, which: Which) -> QuerySet[Task]:
    """The beginning of a whole box, as far as it is counted."""
    return _joined([_first(part, None, None, alone=n == 0, most=COUNT_LIMIT + 1) for n, part in enumerate(parts(actor, which))])


def _from_the_beginning(actor: Actor, which: Box) -> tuple[list[Task], int]:
    """The first page and the bounded total from one query: most openings of the inbox ask for nothing else."""
    inner, values = _beginning_of.bound(actor, Which(which))
    names = [field.attname for field in Task._meta.concrete_fields]
    due, key = names.index("due_at") + 1, names.index("id") + 1
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT found.*, count(*) OVER () FROM ({inner}) AS found ORDER BY {due}, {key} LIMIT {PAGE + 1}", values)
        told = cursor.fetchall()
    return [Task.from_db(connection.alias, names, row[: len(names)]) for row in told], told[0][-1] if told else 0


def _paged(tasks: list[Task], total: int) -> Page:
    last = tasks[PAGE - 1] if len(tasks) > PAGE else None
    cursor = f"{last.due_at.isoformat() if last.due_at else ''}_{last.id}" if last else ""
    return Page(tasks[:PAGE], min(total, COUNT_LIMIT), total > COUNT_LIMIT, cursor)


def counts(actor: Actor) -> dict[str, int]:
    """How much waits in each box (bounded)."""
    return {name: box(actor, name).values("pk")[: COUNT_LIMIT + 1].count() for name in ("mine", "unit")}
