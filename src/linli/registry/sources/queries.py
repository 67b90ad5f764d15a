"""Reading provenance, claims and facts."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from linli.foundation.scope.queries import kept
from linli.foundation.types import Actor
from linli.lib.errors import NotFound
from linli.lib.remembered import remembered
from linli.registry.sources import policy
from linli.registry.sources.engine import Rule, Weighed, by_hand, offers_of, source_of, weigh
from linli.registry.sources.models import Claim, Entry, Fact, Provenance, Source
from linli.registry.sources.models import Rule as RuleRow
from linli.registry.sources.types import Offer, Origin, Said, Standing


@remembered(seconds=10)
def source(code: str) -> Source:
    """A source by code; `NotFound` when no pack brought it."""
    row = Source.objects.filter(code=code).first()
    if row is None:
        raise NotFound("SOURCE_UNKNOWN", "The source %(code)s is not known.", hint="Load the packs.", data={"code": code})
    return row


@remembered(seconds=10)
def _rules() -> dict[str, Rule]:
    return {row.attribute: Rule(row.attribute, row.weights, row.half_life, row.level) for row in RuleRow.objects.all()}


def rule_of(attribute: str) -> Rule:
    """How an attribute is chosen: its own rule, or that of all; without packs everybody's word counts alike."""
    rules = _rules()
    return rules.get(attribute) or rules.get("") or Rule(attribute, {})


@remembered(seconds=10)
def sources() -> dict[UUID, Source]:
    """All sources by key."""
    return {row.pk: row for row in Source.objects.all()}


def origins_of(actor: Actor, subjects: Sequence[Standing]) -> dict[UUID, dict[str, Origin]]:
    """Subject -> attribute -> whose word the value is, as far as the actor sees; what was there from the beginning is left out."""
    ids = tuple(one.subject_id for one in subjects)
    noted: dict[tuple[UUID, str], Origin] = {}
    for row in _provenance.in_sight(policy.provenance, actor, ids):
        noted[(row.subject_id, row.attribute)] = _origin(row)
    said: dict[UUID, list[Said]] = {}
    for entry in _entries.in_sight(policy.entries, actor, ids):
        said.setdefault(cast(UUID, entry.subject_id), []).append(_said(entry))
    found: dict[UUID, dict[str, Origin]] = {one.subject_id: {} for one in subjects}
    for (subject_id, attribute), origin in noted.items():
        found[subject_id][attribute] = origin
    today = timezone.localdate()
    for one in subjects:
        mine = said.get(one.subject_id, [])
        for attribute in {name for entry in mine for name in entry.values}:
            own = noted.get((one.subject_id, attribute))
            best = source_of(rule_of(attribute), replace(one, brought=_was_brought(mine)), attribute, own, mine, on=today)
            if best is not None and best.entry_id is not None:
                place = source(best.source)
                found[one.subject_id][attribute] = Origin(place.code, place.name, place.rank, best.as_of, best.entry_id, best.verified)
    return found


def heard(actor: Actor, one: Standing, attribute: str) -> tuple[list[Offer], Rule]:
    """Everything that is said of one attribute of a subject, by entries and by hand, and the rule that chooses."""
    noted = next(
        (_origin(row) for row in _provenance.in_sight(policy.provenance, actor, (one.subject_id,)) if row.attribute == attribute), None
    )
    said = [_said(entry) for entry in _entries.in_sight(policy.entries, actor, (one.subject_id,))]
    own = by_hand(replace(one, brought=_was_brought(said)), attribute, noted, said)
    return [*offers_of(said, attribute), *([own] if own else [])], rule_of(attribute)


def _was_brought(said: Sequence[Said]) -> bool:
    return any(entry.brought for entry in said)


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


def facts_about(actor: Actor, subject_id: UUID) -> list[Fact]:
    """Every fact of a subject, past and present, with its source."""
    rows = Fact.objects.filter(policy.facts.visible(actor), subject_id=subject_id).select_related("source")
    return list(rows.order_by("effective_from", "id"))


def facts_among(actor: Actor, subject_ids: Collection[UUID], on: date, *, beginning: str) -> list[Fact]:
    """Facts in force on a day of several subjects whose names begin alike, with their source."""
    rows = Fact.objects.filter(
        Q(effective_to=None) | Q(effective_to__gte=on), policy.facts.visible(actor), subject_id__in=list(subject_ids)
    )
    return list(rows.filter(attribute__startswith=beginning, effective_from__lte=on).select_related("source").order_by("attribute", "id"))


@kept
def _facts(subject_id: UUID, since: date, until: date) -> QuerySet[Fact]:
    rows = Fact.objects.filter(Q(effective_to=None) | Q(effective_to__gte=until), subject_id=subject_id, effective_from__lte=since)
    return rows.order_by("effective_from", "id")


@kept
def _entries(subject_ids: tuple[UUID, ...]) -> QuerySet[Entry]:
    return Entry.objects.filter(subject_id__in=subject_ids, state="linked").order_by("as_of", "id")


@kept
def _provenance(subject_ids: tuple[UUID, ...]) -> QuerySet[Provenance]:
    return Provenance.objects.filter(subject_id__in=subject_ids)


def said_of(actor: Actor, subject_ids: Collection[UUID]) -> dict[UUID, list[Said]]:
    """What the entries linked to some subjects say, oldest first; as far as the actor sees."""
    found: dict[UUID, list[Said]] = {}
    rows = Entry.objects.filter(policy.entries.visible(actor), subject_id__among=list(subject_ids), state="linked").order_by("as_of", "id")
    places = sources()
    columns = rows.values_list("subject_id", "id", "source_id", "as_of", "verified", "batch_id", "brought", "content")
    for subject_id, pk, source_id, as_of, verified, batch_id, brought, content in columns:
        said = Said(pk, places[source_id].code, as_of, verified, batch_id, brought, json.loads(str(content or "{}")))
        found.setdefault(cast(UUID, subject_id), []).append(said)
    return found


def _said(row: Entry) -> Said:
    return Said(row.pk, sources()[row.source_id].code, row.as_of, row.verified, row.batch_id, row.brought, json.loads(row.content or "{}"))


def get_said(actor: Actor, entry_id: UUID) -> Said:
    """What one entry says, linked or not; `NotFound`."""
    row = Entry.objects.filter(policy.entries.visible(actor), pk=entry_id).first()
    if row is None:
        raise NotFound("ENTRY_UNKNOWN", "There is no such row.")
    return _said(row)


def weighed(
    actor: Actor, subjects: Sequence[Standing], *, on: date, also: Mapping[UUID, Sequence[Said]] | None = None
) -> list[tuple[Standing, str, Weighed]]:
    """What follows for each attribute that the subjects are given with from all that is said of them, and from what would be said ``also``."""
    ids = [one.subject_id for one in subjects]
    said = said_of(actor, ids)
    rows = Provenance.objects.filter(policy.provenance.visible(actor), subject_id__among=ids)
    noted = {(row.subject_id, row.attribute): _origin(row) for row in rows}
    brought = set(
        Entry.objects.filter(policy.entries.visible(actor), subject_id__among=ids, brought=True).values_list("subject_id", flat=True)
    )
    found = []
    for one in (replace(one, brought=one.subject_id in brought) for one in subjects):
        mine = [*said.get(one.subject_id, ()), *(also or {}).get(one.subject_id, ())]
        for attribute in one.values:
            found.append((one, attribute, weigh(rule_of(attribute), one, attribute, noted.get((one.subject_id, attribute)), mine, on=on)))
    return found


def _origin(row: Provenance) -> Origin:
    place = sources()[row.source_id]
    return Origin(place.code, place.name, place.rank, row.as_of, None, row.verified, row.locked_until)


def withdrawn_due(before: datetime, most: int) -> int:
    """How many withdrawn rows of files written before a moment still say something. Under a job's rights."""
    rows = Entry.objects.filter(state="withdrawn", written_at__lt=before, content__isnull=False)
    return len(rows.values_list("pk", flat=True)[:most])
