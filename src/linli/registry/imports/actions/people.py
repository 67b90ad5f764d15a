"""Files about people: how a portion is written."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from linli.lib.uuid7 import uuid7
from linli.registry.imports import queries
from linli.registry.imports.actions.loading import doubt
from linli.registry.imports.models import Batch
from linli.registry.imports.queries import Judged
from linli.registry.imports.queries.judging import unmoved
from linli.registry.imports.types import MORE, Verdict
from linli.registry.people.actions import NewPerson, enter_people, settle_people
from linli.registry.sources.actions import FileEntry, bring_entries


def write(batch: Batch, judged: list[Judged]) -> list[Judged]:
    """People, entries, doubtful pairs, and what stands now; the rows again, told apart by whether anything has changed."""
    fresh = [one for one in judged if one.verdict is Verdict.NEW]
    people = enter_people([NewPerson(one.person_id, one.region, one.row.values) for one in fresh if one.person_id and one.region])
    linked = [one for one in judged if one.said and one.verdict in (Verdict.CHANGED, Verdict.SAME) and one.person_id is not None]
    places = {person.pk: person.region_path for person in people} | {
        one.person_id: one.path for one in linked if one.person_id and one.path
    }
    places |= queries.places_of({one.person_id for one in linked if one.person_id and one.person_id not in places})
    doubtful = [one for one in judged if one.verdict is Verdict.DOUBTFUL and one.said]
    entries = [_entry(batch, one, places) for one in (*fresh, *linked, *doubtful)]
    bring_entries(entries, source_id=batch.source_id, batch_id=batch.pk)
    for one, entry in zip(doubtful, entries[len(fresh) + len(linked) :], strict=True):
        doubt(batch, one, entry.id, entry.region_path)
    differ: dict[UUID, set[str]] = {}
    for one in linked:
        if one.person_id and one.differs:
            differ.setdefault(one.person_id, set()).update(one.differs)
    _note_more(batch, judged)
    return unmoved(judged, set(settle_people(differ, on=timezone.localdate())))


def _note_more(batch: Batch, judged: list[Judged]) -> None:
    """Of which further kind (households, deaths) the file tells: that follows after the load."""
    more = {name for one in judged if one.said and one.person_id for name in MORE if name in one.row.values} - set(batch.more)
    if more:
        batch.more = sorted({*batch.more, *more})
        batch.save(update_fields=["more"])


def _entry(batch: Batch, one: Judged, places: dict[UUID, str]) -> FileEntry:
    path = places.get(one.person_id, "") if one.person_id else (one.region.path if one.region else batch.region_path)
    ready, brought = one.ready, one.verdict is Verdict.NEW
    return FileEntry(uuid7(), ready.key_index, ready.digest, one.person_id, brought, one.row.as_of, ready.content, path)
