"""Reads that are asked thousands of times in the same shape: compiled once, then only bound and run (ADR 0009)."""

from __future__ import annotations

import functools
import itertools
import secrets
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, Final, Generic, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.db import connections
from django.db.models import QuerySet

from linli.foundation.scope.engine import current, current_actor
from linli.foundation.scope.models import ProtectedManager, Protection
from linli.foundation.types import Actor, RegionRange

P = ParamSpec("P")
R = TypeVar("R")

_TURN: Final = itertools.count()
_STAND_INS: Final[dict[type, Callable[[], Any]]] = {
    UUID: uuid4,
    str: lambda: secrets.token_hex(8),
    int: lambda: 10_000 + next(_TURN) % 20_000,  # fits the smallest column
    datetime: lambda: datetime(2200, 1, 1, tzinfo=UTC) + timedelta(seconds=next(_TURN)),
    date: lambda: date(2200, 1, 1) + timedelta(days=next(_TURN) % 20_000),
}
"""Values of a kind that occur nowhere else, to be found again among a statement's parameters; no two of a statement are alike."""


class Kept(Generic[P, R]):
    """A function that builds a query set from plain values, kept compiled by the kinds of its arguments. Calling it gives the rows."""

    def __init__(self, build: Callable[P, QuerySet[Any, R]]) -> None:
        self._build = build
        self._shapes: dict[tuple[Any, ...], _Shape] = {}
        functools.update_wrapper(self, build)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        shape, values = self._shape(args, kwargs)
        rows: Any = shape.rows._iterable_class
        return list(rows(_Ready(shape, shape.bind(values))))

    def first(self, *args: P.args, **kwargs: P.kwargs) -> R | None:
        """The only row, or None; the query says itself how many it asks for."""
        rows = self(*args, **kwargs)
        return rows[0] if rows else None

    def bound(self, *args: P.args, **kwargs: P.kwargs) -> tuple[str, tuple[Any, ...]]:
        """The statement with its parameters, to be part of another."""
        shape, values = self._shape(args, kwargs)
        return shape.sql, shape.bind(values)

    def in_sight(self, protection: Protection, actor: Actor, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """The rows that ``actor`` may see.

        Inside the actor's own scope the policy of the table says so, and says it by the same branches; a second filter would only be
        planned and run beside it. In anybody else's scope the filter is what holds.
        """
        scope = current.get()
        if scope is not None and scope.actor == actor:
            return self(*args, **kwargs)
        return list(self._build(*args, **kwargs).filter(protection.visible(actor)))

    def _shape(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[_Shape, list[Any]]:
        if kwargs:
            raise TypeError(f"{self._build.__qualname__}: kept queries take arguments by position")
        kinds = tuple(map(_kind, args))
        shape = self._shapes.get(kinds)
        if shape is None:
            shape = self._shapes[kinds] = _compiled(self._build, args)
        if shape.protected:
            current_actor()
        return shape, _flat(args)


def kept(build: Callable[P, QuerySet[Any, R]]) -> Kept[P, R]:
    """Compile what ``build`` gives once for each combination of kinds of arguments.

    Arguments are UUIDs, texts, whole numbers, days and moments, and tuples of these (one shape a length); None, yes/no and enumerated
    values are part of the shape. An actor's permissions and level are part of it too, and how many ranges, units and people it has;
    their keys are values. What ``build`` does must not depend on values, and each (an actor's excepted) must arrive in the statement as
    it is: a query that changes or drops one is refused when it is first compiled.
    """
    return Kept(build)


@dataclass(frozen=True)
class _Shape:
    """SQL whose parameters are constants or places in the list of values (with what Django wraps them in, such as a number's width)."""

    sql: str
    params: tuple[tuple[int | None, Any], ...]
    rows: QuerySet[Any, Any]
    compiler: Any
    converters: Any
    protected: bool

    def bind(self, values: list[Any]) -> tuple[Any, ...]:
        return tuple(what if place is None else values[place] if what is None else what(values[place]) for place, what in self.params)


class _Ready:
    """A compiled query in the dress of a query set: as much of one as Django's row iterables ask for."""

    _known_related_objects: dict[Any, Any] = {}
    extra_select = values_select = annotation_select = ()

    def __init__(self, shape: _Shape, params: tuple[Any, ...]) -> None:
        self.db, self.model, self.query = shape.rows.db, shape.rows.model, self
        self.selected = shape.rows.query.selected  # names of `values()`
        self._shape, self._params = shape, params

    def get_compiler(self, using: str) -> Any:
        compiler = copy(self._shape.compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda *args, **kwargs: (self._shape.sql, self._params)
        compiler.get_converters = lambda expressions: self._shape.converters
        return compiler


def _kind(value: Any) -> Any:
    if value is None or isinstance(value, bool | Enum):
        return value
    if isinstance(value, tuple):
        return tuple(map(_kind, value))
    if isinstance(value, Actor):
        ranges = tuple((r.level, len(r.lines)) for r in value.ranges)
        known = (value.user_id is None, value.party_id is None, value.case_id is None)
        return (value.kind, value.permissions, value.roles, value.assurance, ranges, known, len(value.mandators), len(value.unit_ids))
    return type(value)


def _flat(values: tuple[Any, ...]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if isinstance(value, Actor):
            found += (value.user_id, value.party_id, value.case_id, *value.mandators, *value.unit_ids)
            for r in value.ranges:
                found += (r.lo, r.hi, *r.lines)
        elif isinstance(value, tuple):
            found += _flat(value)
        elif value is not None and not isinstance(value, bool | Enum):
            found.append(value)
    return found


def _compiled(build: Callable[..., QuerySet[Any, Any]], args: tuple[Any, ...]) -> _Shape:
    """Built twice with different values: what differs then must be the values alone."""
    (sql, places, compiler, rows), (again, others, _, _) = _read(build, args), _read(build, args)
    if sql != again or places != others:
        raise TypeError(f"{build.__qualname__}: a kept query must not depend on values")
    fields = [s[0] for s in compiler.select[0 : compiler.col_count]]
    return _Shape(sql, places, rows, compiler, compiler.get_converters(fields), isinstance(rows.model._default_manager, ProtectedManager))


def _read(build: Callable[..., QuerySet[Any, Any]], args: tuple[Any, ...]) -> tuple[str, tuple[Any, ...], Any, QuerySet[Any, Any]]:
    stand_ins = tuple(map(_stand_in, args))
    rows = build(*stand_ins)
    if rows._prefetch_related_lookups:  # type: ignore[attr-defined]
        raise TypeError(f"{build.__qualname__}: a kept query cannot prefetch")
    compiler = rows.query.get_compiler(using=rows.db)
    sql, params = compiler.as_sql()
    values = _flat(stand_ins)
    places = tuple(_place(param, values) for param in params)
    lost = [v for v in _flat(tuple(s for s in stand_ins if not isinstance(s, Actor))) if values.index(v) not in {at for at, _ in places}]
    if lost:
        raise TypeError(f"{build.__qualname__}: a {type(lost[0]).__name__} does not arrive in the statement as it is")
    return sql, places, compiler, rows


def _stand_in(value: Any) -> Any:
    if value is None or isinstance(value, bool | Enum):
        return value
    if isinstance(value, tuple):
        return tuple(map(_stand_in, value))
    if isinstance(value, Actor):
        keys = {name: _stand_in(getattr(value, name)) for name in ("user_id", "party_id", "case_id", "mandators", "unit_ids")}
        ranges = tuple(RegionRange(_stand_in(r.lo), _stand_in(r.hi), _stand_in(r.lines), r.level) for r in value.ranges)
        return replace(value, **keys, ranges=ranges, label="", address="", request_id="")
    if type(value) not in _STAND_INS:
        raise TypeError(f"a kept query takes no {type(value).__name__}")
    return _STAND_INS[type(value)]()


def _place(param: Any, values: list[Any]) -> tuple[int | None, Any]:
    for i, value in enumerate(values):
        if value is not None and param == value and isinstance(param, type(value)):
            return i, None if type(param) is type(value) else type(param)
    return None, param
