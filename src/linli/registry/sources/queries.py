"""Reading provenance, claims and facts."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.foundation.scope.queries import kept
from linli.foundation.types import Actor
from linli.lib.errors import NotFound
from linli.lib.remembered import remembered
from linli.registry.sources import policy
from linli.registry.sources.models import Claim, Fact, Provenance, Source
from linli.registry.sources.types import Origin


@remembered(seconds=10)
def source(code: str) -> Source:
    """A source by code; `NotFound` when no pack brought it."""
    row = Source.objects.filter(code=code).first()
    if row is None:
        raise NotFound("SOURCE_UNKNOWN", "The source %(code)s is not known.", hint="Load the packs.", data={"code": code})
    return row


def origins(actor: Actor, subject_id: UUID) -> dict[str, Origin]:
    """Attribute -> where its value came from, as far as the actor sees."""
    return origins_of(actor, [subject_id]).get(subject_id, {})


def origins_of(actor: Actor, subject_ids: Collection[UUID]) -> dict[UUID, dict[str, Origin]]:
    """The same for several subjects at once; those about whom nothing is known are left out."""
    found: dict[UUID, dict[str, Origin]] = {}
    for row in _provenance.in_sight(policy.provenance, actor, tuple(subject_ids)):
        origin = Origin(row.source.code, row.source.name, row.source.rank, row.as_of)
        found.setdefault(row.subject_id, {})[row.attribute] = origin
    return found


def open_claims(actor: Actor, subject_id: UUID | None = None) -> list[Claim]:
    """Differences that wait for the community, oldest first."""
    rows = Claim.objects.filter(policy.claims.visible(actor), state="open")
    return list((rows.filter(subject_id=subject_id) if subject_id else rows).select_related("source").order_by("made_at"))


def get_claim(actor: Actor, pk: UUID, *, lock: bool = False) -> Claim:
    """One claim in the actor's sight; `NotFound` otherwise."""
    rows = Claim.objects.filter(policy.claims.visible(actor), pk=pk)
    claim = (rows.select_for_update() if lock else rows).first()
    if claim is None:
        raise NotFound("CLAIM_UNKNOWN", "There is no such claim.")
    return claim


def facts_of(actor: Actor, subject_id: UUID, on: date) -> dict[str, Any]:
    """Attribute -> value of the facts in force on a day; the latest wins."""
    return {row.attribute: json.loads(row.value) for row in _facts.in_sight(policy.facts, actor, subject_id, on, on)}


@kept
def _facts(subject_id: UUID, since: date, until: date) -> QuerySet[Fact]:
    rows = Fact.objects.filter(Q(effective_to=None) | Q(effective_to__gte=until), subject_id=subject_id, effective_from__lte=since)
    return rows.order_by("effective_from", "id")


@kept
def _provenance(subject_ids: tuple[UUID, ...]) -> QuerySet[Provenance]:
    return Provenance.objects.filter(subject_id__in=subject_ids).select_related("source")
