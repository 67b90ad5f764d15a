"""Files about organisations: how a portion is written, decided where a person had to, taken back."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.utils import timezone

from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid
from linli.lib.uuid7 import uuid7
from linli.registry.bodies.actions.bulk import NewBody, enter_bodies, remove_bodies, settle_bodies
from linli.registry.bodies.models import Body
from linli.registry.bodies.queries.many import bodies_by, tied
from linli.registry.bodies.types import PREFIX
from linli.registry.imports import queries
from linli.registry.imports.actions.loading import doubt
from linli.registry.imports.engine.organisations import KIND, USCC
from linli.registry.imports.models import Batch, Doubt
from linli.registry.imports.queries.judging import Judged, unmoved
from linli.registry.imports.types import REGION, Verdict
from linli.registry.sources.actions import add_entries, link_entry, withdraw_entries
from linli.registry.sources.models import Entry
from linli.registry.sources.types import Said


def write(batch: Batch, judged: list[Judged]) -> list[Judged]:
    """Organisations, entries, doubtful rows, and what stands now; the rows again, told apart by whether anything has changed."""
    fresh = [one for one in judged if one.verdict is Verdict.NEW and one.person_id and one.region]
    enter_bodies([_new(batch, one) for one in fresh])
    linked = [one for one in judged if one.said and one.verdict in (Verdict.CHANGED, Verdict.SAME) and one.person_id]
    doubtful = [one for one in judged if one.verdict is Verdict.DOUBTFUL and one.said]
    entries = [_entry(batch, one) for one in (*fresh, *linked, *doubtful)]
    add_entries(entries)
    for one, entry in zip(doubtful, entries[len(fresh) + len(linked) :], strict=True):
        doubt(batch, one, entry.id, entry.region_path)
    differ: dict[UUID, set[str]] = {}
    since: dict[UUID, date] = {}
    for one in linked:
        if one.person_id and one.differs:
            differ.setdefault(one.person_id, set()).update(name.removeprefix(PREFIX) for name in one.differs)
            since[one.person_id] = max(one.row.as_of, since.get(one.person_id, one.row.as_of))
    return unmoved(judged, set(settle_bodies(differ, on=timezone.localdate(), since=since)))


def _new(batch: Batch, one: Judged) -> NewBody:
    assert one.person_id is not None and one.region is not None  # noqa: S101 - narrows a type: a new one has both
    return NewBody(one.person_id, one.region, _plain(batch, one.row.values), one.row.as_of)


def _plain(batch: Batch, values: dict[str, str]) -> dict[str, str]:
    """Values as the register of organisations calls them; without a credit code, why there is none."""
    told = {name.removeprefix(PREFIX): value for name, value in values.items() if name.startswith(PREFIX)}
    return told if told.get("uscc") else {**told, "no_uscc_reason": queries.layout(batch.mapping).uncoded}


def _entry(batch: Batch, one: Judged) -> Entry:
    path = one.path or (one.region.path if one.region else batch.region_path)
    return Entry(
        id=uuid7(),
        source=batch.source,
        batch_id=batch.pk,
        key_index=one.ready.key_index,
        digest=one.ready.digest,
        subject_id=one.person_id,
        brought=one.verdict is Verdict.NEW,
        as_of=one.row.as_of,
        content=json.dumps(one.row.values, ensure_ascii=False, sort_keys=True),
        state="linked" if one.person_id else "doubtful",
        region_path=path,
    )


def withdraw(batch: Batch, rows: Collection[Entry]) -> None:
    """What these entries say is said no more: what stood before stands again; organisations the file brought leave, unless something hangs on them."""
    withdraw_entries([row.pk for row in rows])
    brought = {row.subject_id for row in rows if row.brought and row.subject_id}
    staying = queries.still_said_of(brought)
    kept = dict.fromkeys(staying, "said") | dict.fromkeys(tied(brought - staying), "tied")
    leaving = brought - set(kept)
    remove_bodies(leaving)
    if kept:
        batch.kept = [*batch.kept, *({"body": str(pk), "why": why} for pk, why in sorted(kept.items()))]
        batch.save(update_fields=["kept"])
    said: dict[UUID, set[str]] = {}
    for row in rows:
        if row.subject_id and row.subject_id not in leaving:
            said.setdefault(row.subject_id, set()).update(name.removeprefix(PREFIX) for name in json.loads(row.content or "{}"))
    settle_bodies(said, on=timezone.localdate(), back=True)


def link(said: Said, row: Doubt, body_id: UUID) -> None:
    """A person has said that the row is about this one. `Conflict` BODY_KNOWN when its credit code is another's by now."""
    body = Body.objects.get(pk=body_id)
    code = said.values.get(USCC, "")
    if code and any(found.pk != body_id for found in bodies_by("uscc", [code]).get(code, ())):
        raise Conflict("BODY_KNOWN", "An organisation with this credit code is already in the register.", field="person")
    link_entry(row.entry_id, body_id, region_path=body.region_path, party_id=None, brought=False)
    names = {name.removeprefix(PREFIX) for name in said.values if name.startswith(PREFIX)}
    settle_bodies({body_id: names}, on=timezone.localdate(), since={body_id: said.as_of})


def enter(actor: Actor, row: Doubt, said: Said, community: str) -> UUID:
    """A person has said that the row is about one the register does not know. REGION_MISSING, CODE_MISSING, KIND_MISSING, BODY_KNOWN."""
    region = queries.region_at(said.values.get(REGION) or row.batch.community or community)
    if region is None or not actor.sees(region.path):
        raise Invalid("REGION_MISSING", "Say in which community this organisation lies.", field="community")
    values = dict(said.values)
    code = values.get(USCC, "")
    if code and bodies_by("uscc", [code]):
        raise Conflict("BODY_KNOWN", "An organisation with this credit code is already in the register.", field="person")
    told = _plain(row.batch, values)
    if not code and not told["no_uscc_reason"]:
        raise Invalid("CODE_MISSING", "This organisation is not in the register, and the row has no credit code.", field="person")
    if not values.get(KIND):
        raise Invalid("KIND_MISSING", "What kind of organisation it is, neither the row nor its credit code says.", field="person")
    body_id = uuid7()
    enter_bodies([NewBody(body_id, region, told, said.as_of)])
    link_entry(row.entry_id, body_id, region_path=region.path, party_id=None, brought=True, values=values)
    return body_id
