"""The load: what the check said is judged again and done, a portion a transaction. A killed load goes on behind its last portion."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import recording
from linli.foundation.regions.engine import actor_of
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor
from linli.lib.uuid7 import uuid7
from linli.registry.imports import policy, queries
from linli.registry.imports.actions.batches import LOAD
from linli.registry.imports.actions.checking import part_of
from linli.registry.imports.actions.turns import JOB, done_before, in_state, rows_of, through, turn
from linli.registry.imports.engine.preparing import Prepared
from linli.registry.imports.models import Batch, Doubt
from linli.registry.imports.queries import Judge, Judged
from linli.registry.imports.queries.judging import unmoved
from linli.registry.imports.types import MORE, Verdict
from linli.registry.people.actions import NewPerson, enter_people, settle_people
from linli.registry.sources.actions import FileEntry, bring_entries


def load_on(batch_id: UUID) -> None:
    """One turn."""
    batch = in_state(batch_id, "loading")
    if batch is None:
        return
    actor = actor_of(batch.ordered_by)
    judge = Judge(batch, actor)
    with rows_of(batch, "load") as rows:

        def portion() -> bool:
            after, found = next(rows, (0, None))
            if found is None:
                through(batch_id, "load")
                return False
            return load_portion(actor, batch_id=batch_id, judge=judge, rows=found, after=after)

        turn(LOAD, batch_id, portion)


@action("imports.load", audit="imports.portion_loaded")
def load_portion(actor: Actor, *, batch_id: UUID, judge: Judge, rows: Sequence[Prepared], after: int) -> bool:
    """Write the portion behind line ``after``; False when the file is not being loaded any more, or somebody else goes on with it.

    Under a job's rights, since a row may be about anybody in the city; nobody is entered outside the actor's area (`Judge`).
    """
    batch = queries.get_batch(actor, batch_id, lock=True)
    require(policy.can_change(actor, batch))
    if batch.state != "loading":
        return False
    with scoped(JOB):
        if done_before(batch, "load") != after:  # another worker has taken this one for dead, and goes on with the file
            return False
        judged = _write(batch, judge.judge(rows, weigh=False))
        part = part_of(batch, "load", judged)
        part.save(force_insert=True)
        more = {name for one in judged if one.said and one.person_id for name in MORE if name in one.row.values} - set(batch.more)
        if more:
            batch.more = sorted({*batch.more, *more})
            batch.save(update_fields=["more"])
    record = recording.get()
    if record is not None:
        record.notes |= {"batch": str(batch.pk), "file": batch.file_name, "last_line": part.last_line, **part.counts}
    return True


def _write(batch: Batch, judged: list[Judged]) -> list[Judged]:
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
        _doubt(batch, one, entry).save(force_insert=True)
    differ: dict[UUID, set[str]] = {}
    for one in linked:
        if one.person_id and one.differs:
            differ.setdefault(one.person_id, set()).update(one.differs)
    return unmoved(judged, set(settle_people(differ, on=timezone.localdate())))


def _entry(batch: Batch, one: Judged, places: dict[UUID, str]) -> FileEntry:
    path = places.get(one.person_id, "") if one.person_id else (one.region.path if one.region else batch.region_path)
    ready, brought = one.ready, one.verdict is Verdict.NEW
    return FileEntry(uuid7(), ready.key_index, ready.digest, one.person_id, brought, one.row.as_of, ready.content, path)


def _doubt(batch: Batch, one: Judged, entry: FileEntry) -> Doubt:
    return Doubt(
        batch=batch,
        entry_id=entry.id,
        line=one.row.number,
        candidates=[found.as_json() for found in one.doubts],
        region_path=entry.region_path,
    )
