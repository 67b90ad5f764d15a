"""Rows that hang on a person by her key change hands, and come back: what most apps register in `engine.merging.FOLLOWERS`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, models, transaction

from linli.registry.people.engine.merging import Follower, Handover, Moved, Question


@dataclass(frozen=True, slots=True)
class Column:
    """A column with the key of a person. ``place``: the column beside it with the region the row is seen in, where that is the person's own."""

    model: type[models.Model]
    name: str
    place: str = ""

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.name}"


def following(
    *columns: Column,
    against: Callable[[UUID, UUID], None] | None = None,
    asks: Callable[[UUID, UUID], Sequence[Question]] | None = None,
) -> Follower:
    """Rows change hands as they are. A row that would stand twice (a constraint of its table says so) stays with the one who goes: the other one has
    the same already."""
    return Follower(
        tuple(column.label for column in columns),
        lambda handover: {column.label: move_rows(column, handover) for column in columns},
        lambda handover, moved: give_back_rows(columns, handover, moved),
        lambda person_id, since: {column.label: _later(column, person_id, since) for column in columns},
        against,
        asks,
    )


def move_rows(column: Column, handover: Handover) -> list[str]:
    """The keys of the rows that changed hands. Part of the caller's action, under a job's rights."""
    held: models.QuerySet[models.Model] = column.model._default_manager.filter(**{column.name: handover.from_})
    keys = list(held.order_by("pk").values_list("pk", flat=True))
    return [str(key) for key in hand_over(column, keys, handover)]


def give_back_rows(columns: Collection[Column], handover: Handover, moved: Moved) -> None:
    for column in columns:
        held = column.model._default_manager.filter(pk__in=list(moved.get(column.label, ())), **{column.name: handover.from_})
        hand_over(column, list(held.order_by("pk").values_list("pk", flat=True)), handover)


def hand_over(column: Column, keys: list[UUID], handover: Handover) -> list[UUID]:
    """All in one statement; one by one where the table refuses some of them."""
    given = {column.name: handover.to} | ({column.place: handover.path} if column.place else {})
    if not keys or _updated(column, keys, given):
        return keys
    return [key for key in keys if _updated(column, [key], given)]


def _updated(column: Column, keys: list[UUID], given: Mapping[str, object]) -> bool:
    try:
        with transaction.atomic():
            return column.model._default_manager.filter(pk__in=keys).update(**given) == len(keys)
    except IntegrityError:
        return False


def _later(column: Column, person_id: UUID, since: UUID) -> list[str]:
    """Keys are made in the order of time (UUID version 7)."""
    rows = column.model._default_manager.filter(pk__gt=since, **{column.name: person_id})
    return [str(key) for key in rows.order_by("pk").values_list("pk", flat=True)[:200]]
