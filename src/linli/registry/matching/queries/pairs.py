"""Pairs that wait for a person."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import NotFound
from linli.registry.matching import policy
from linli.registry.matching.models import Pair
from linli.registry.people.models import Person


def open_pairs(actor: Actor) -> QuerySet[Pair]:
    """The likeliest first."""
    return Pair.objects.filter(policy.pairs.visible(actor), state="open").order_by("-weight", "id")


def get_pair(actor: Actor, pk: UUID, *, lock: bool = False) -> Pair:
    """One pair, decided or not; `NotFound` for any other."""
    rows = Pair.objects.filter(policy.pairs.visible(actor), pk=pk)
    pair = (rows.select_for_update() if lock else rows).first()
    if pair is None:
        raise NotFound("PAIR_UNKNOWN", "There is no such pair in your area.")
    return pair


def next_pair(actor: Actor, after: Pair) -> Pair | None:
    """The next one that waits, from the beginning again at the end."""
    rows = open_pairs(actor).exclude(pk=after.pk)
    behind = rows.filter(weight=after.weight, pk__gt=after.pk).first() or rows.filter(weight__lt=after.weight).first()
    return behind or rows.first()


def names_of(ids: Collection[UUID]) -> dict[UUID, str]:
    """How people are called; of pairs that the actor has been shown."""
    with scoped(system_actor("matching.review")):
        return dict(Person.every.filter(pk__in=list(ids)).values_list("pk", "name"))
