"""Doubtful pairs: a row beside those it may be about."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from linli.foundation.types import Actor
from linli.lib.errors import NotFound
from linli.registry.imports import policy
from linli.registry.imports.models import Doubt
from linli.registry.people.models import Person
from linli.registry.people.queries import id_index
from linli.registry.sources.models import Entry


def open_doubts(actor: Actor, batch_id: UUID | None = None) -> QuerySet[Doubt]:
    """Pairs that wait, the oldest first."""
    rows = Doubt.objects.filter(policy.doubts.visible(actor), state="open").select_related("batch__source")
    return (rows.filter(batch_id=batch_id) if batch_id else rows).order_by("id")


def get_doubt(actor: Actor, pk: UUID, *, lock: bool = False) -> Doubt:
    """One pair, decided or not; `NotFound` for any other."""
    rows = Doubt.objects.filter(policy.doubts.visible(actor), pk=pk).select_related("batch__source")
    doubt = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if doubt is None:
        raise NotFound("DOUBT_UNKNOWN", "There is no such row to be reviewed.")
    return doubt


def next_doubt(actor: Actor, after: Doubt) -> Doubt | None:
    """The next one that waits, from the beginning again at the end."""
    rows = open_doubts(actor).exclude(pk=after.pk)
    return rows.filter(pk__gt=after.pk).first() or rows.first()


def places_of(ids: Collection[UUID]) -> dict[UUID, str]:
    """Where people live. Under a job's rights."""
    return dict(Person.objects.filter(pk__in=list(ids)).values_list("pk", "region_path"))


def number_taken(number: str) -> bool:
    """Whether somebody of the city has this identity number. Under a job's rights."""
    return Person.objects.filter(id_index=id_index(number)).exists()


def still_said_of(ids: Collection[UUID]) -> set[UUID]:
    """Of some people those whom a file still speaks of. Under a job's rights."""
    rows = Entry.objects.filter(subject_id__in=list(ids), state="linked").exclude(batch_id=None).values_list("subject_id", flat=True)
    return {pk for pk in rows if pk is not None}
