"""What a subscription is given: changes in commit order with the state of each subject now, and snapshots by key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_noop

from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind, Level, RegionRange
from linli.lib.errors import Conflict
from linli.registry.exchange import policy
from linli.registry.exchange.engine.cursors import Cursor, Place
from linli.registry.exchange.engine.entities import ENTITIES, Entity
from linli.registry.exchange.models import Change, Subscription
from linli.registry.exchange.models.following import PLACE
from linli.registry.exchange.queries.catalogue import offered

MOST = 500
_HORIZON = """
SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint, (SELECT system_identifier FROM pg_control_system())
FROM pg_current_snapshot() s
"""


@dataclass(frozen=True)
class Use:
    """A subscription as it is used: what may be read, of what, where, up to which level."""

    subscription: Subscription
    entity: Entity
    fields: tuple[str, ...]

    @property
    def reader(self) -> Actor:
        """Who reads: nobody but the subscription itself, in its own range and to its own level."""
        sub = self.subscription
        whole = RegionRange.below(sub.region_path, level=Level(sub.level))
        return Actor(ActorKind.PARTNER, user_id=sub.recipient_id, label=sub.office, ranges=(whole,))


@dataclass
class Page:
    """Some of what is to be read. ``next``: where to go on; ``more``: there is more at once. ``people``: whose data it holds."""

    items: list[dict[str, Any]]
    next: str
    more: bool
    people: set[UUID] = field(default_factory=set)
    began: str = ""


def use_of(subscription: Subscription) -> Use:
    """Items the catalogue does not offer (any more), or offers at a higher level than was approved, are left out."""
    items = [item.name for item in offered(subscription.resource_id) if item.level <= subscription.level]
    entity = ENTITIES[subscription.resource.entity]
    return Use(subscription, entity, tuple(name for name in items if name in subscription.fields))


def horizon() -> tuple[Cursor, int]:
    """The position below which everything is final and visible, and the next transaction's number."""
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON)
        xmin, xmax, epoch = cursor.fetchone()
    return Cursor(int(epoch) % 1_000_000_007, xmin, 0), xmax


def now() -> Cursor:
    """Where a feed that begins now begins."""
    return horizon()[0]


def changes(use: Use, after: Cursor, *, limit: int = MOST) -> Page:
    """Changes behind a position. `Conflict` CURSOR_OVER when the server counts anew since (it was restored from a backup).

    The range is read before the rows, the rows before the states: what is told is never older than the position it is told at.
    """
    with scoped(use.reader):
        end, top = horizon()
        if after.epoch != end.epoch or after.xid > top:
            raise Conflict(
                "CURSOR_OVER",
                gettext_noop("The register has been restored since; its changes are counted anew."),
                field="after",
                status=410,
                hint=gettext_noop("Read all records again, then go on with the position they began at."),
            )
        rows = _behind(use, after, end, limit)
        states, people = _states(use, _subjects(rows))
    more = len(rows) == limit
    last = Cursor(end.epoch, rows[-1].xid, rows[-1].seq) if more else _later(end, after)
    return Page([_told(use, row, states) for row in rows], str(last), more, people)


def _later(one: Cursor, other: Cursor) -> Cursor:
    return max(one, other, key=lambda cursor: (cursor.xid, cursor.seq))


def _behind(use: Use, after: Cursor, end: Cursor, limit: int) -> list[Change]:
    behind = Q(xid__gt=after.xid) | Q(xid=after.xid, seq__gt=after.seq)
    matters = ~Q(op="U") | Q(fields__has_any_keys=[*use.fields, PLACE])
    rows = Change.objects.filter(policy.changes.visible(use.reader), behind, matters, entity=use.subscription.resource.entity)
    return list(rows.filter(xid__gte=after.xid, xid__lt=end.xid).order_by("xid", "seq")[:limit])


def _subjects(rows: Iterable[Change]) -> set[UUID]:
    return {key for row in rows for key in (row.subject_id, row.other_id) if key is not None}


def _told(use: Use, row: Change, states: dict[UUID, dict[str, Any]]) -> dict[str, Any]:
    """One change. Who is not (any more) in the subscription's range is told as gone, whatever happened to her elsewhere."""
    told: dict[str, Any] = {"seq": f"{row.xid}-{row.seq}", "at": row.at.isoformat(), "id": str(row.subject_id), "op": row.op}
    if row.op in ("MERGE", "SPLIT"):
        other = row.other_id
        told["other"] = str(other)
        told["other_record"] = states.get(other) if other else None
    elif row.subject_id not in states:
        told["op"] = "D"
    elif row.op == "D":
        told["op"] = "U"  # it is back by now
    told["changed"] = [name for name in use.fields if name in row.fields]
    told["record"] = states.get(row.subject_id)
    return told


def records(use: Use, after: Place | None, *, limit: int = MOST) -> Page:
    """All subjects by key; the position of the feed is that at which the first page was read."""
    with scoped(use.reader):
        began = after.since if after else now()
        rows = _rows(use)
        if after:
            rows = rows.filter(pk__gt=after.key)
        found, people = _read(use, rows.order_by("pk")[:limit])
    more = len(found) == limit
    following = str(Place(began, list(found)[-1])) if more else ""
    return Page(list(found.values()), following, more, people, str(began))


def record(use: Use, pk: UUID) -> Page:
    """One subject; no item when it is not in the subscription's range."""
    with scoped(use.reader):
        states, people = _states(use, {pk})
    return Page(list(states.values()), "", False, people)


def _states(use: Use, keys: set[UUID]) -> tuple[dict[UUID, dict[str, Any]], set[UUID]]:
    return _read(use, _rows(use).filter(pk__in=list(keys))) if keys else ({}, set())


def _rows(use: Use) -> Any:
    return use.entity.model._default_manager.filter(use.entity.protection.visible(use.reader))


def _read(use: Use, rows: Any) -> tuple[dict[UUID, dict[str, Any]], set[UUID]]:
    """Records by key, and whom they are about."""
    lookups = [use.entity.items[name] for name in use.fields]
    about = [use.entity.person] if use.entity.person else []
    found: dict[UUID, dict[str, Any]] = {}
    people: set[UUID] = set()
    for key, *values in rows.values_list("pk", *lookups, *about):
        if about:
            people.add(values.pop())
        found[key] = {"id": str(key), **{name: _plain(value) for name, value in zip(use.fields, values, strict=True)}}
    return found, people


def _plain(value: Any) -> Any:
    """As JSON has it: a day as ISO text, a key or an amount as text; what nobody has said is null."""
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value
