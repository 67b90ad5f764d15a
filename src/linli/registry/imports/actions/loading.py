"""The load: what the check said is judged again and done, a portion a transaction. A killed load goes on behind its last portion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import recording
from linli.foundation.regions.engine import actor_of
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor
from linli.registry.imports import policy, queries
from linli.registry.imports.actions.batches import LOAD
from linli.registry.imports.actions.checking import part_of
from linli.registry.imports.actions.turns import JOB, done_before, in_state, rows_of, through, turn
from linli.registry.imports.engine.preparing import Prepared
from linli.registry.imports.engine.subjects import SUBJECTS
from linli.registry.imports.models import Batch, Doubt
from linli.registry.imports.queries import Judged


def load_on(batch_id: UUID) -> None:
    """One turn."""
    batch = in_state(batch_id, "loading")
    if batch is None:
        return
    actor = actor_of(batch.ordered_by)
    judge = SUBJECTS.get(batch.subject).judge(batch, actor)
    with rows_of(batch, "load") as rows:

        def portion() -> bool:
            after, found = next(rows, (0, None))
            if found is None:
                through(batch_id, "load")
                return False
            return load_portion(actor, batch_id=batch_id, judge=judge, rows=found, after=after)

        turn(LOAD, batch_id, portion)


@action("imports.load", audit="imports.portion_loaded")
def load_portion(actor: Actor, *, batch_id: UUID, judge: Any, rows: Sequence[Prepared], after: int) -> bool:
    """Write the portion behind line ``after``; False when the file is not being loaded any more, or somebody else goes on with it.

    Under a job's rights, since a row may be about anything in the city; nothing is entered outside the actor's area (``judge`` of the subject).
    """
    batch = queries.get_batch(actor, batch_id, lock=True)
    require(policy.can_change(actor, batch))
    if batch.state != "loading":
        return False
    with scoped(JOB):
        if done_before(batch, "load") != after:  # another worker has taken this one for dead, and goes on with the file
            return False
        part = part_of(batch, "load", SUBJECTS.get(batch.subject).write(batch, judge.judge(rows, weigh=False)))
        part.save(force_insert=True)
    record = recording.get()
    if record is not None:
        record.notes |= {"batch": str(batch.pk), "file": batch.file_name, "last_line": part.last_line, **part.counts}
    return True


def doubt(batch: Batch, one: Judged, entry_id: UUID, path: str) -> None:
    """A row about which a person has to decide. Part of writing a portion."""
    about = [found.as_json() for found in one.doubts]
    Doubt(batch=batch, entry_id=entry_id, line=one.row.number, candidates=about, region_path=path).save(force_insert=True)
