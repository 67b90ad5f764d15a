"""The dry run: every row is judged, nothing of the register is written."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from linli.foundation.regions.engine import actor_of
from linli.foundation.scope.actions import scoped
from linli.registry.imports import queries
from linli.registry.imports.actions.batches import CHECK
from linli.registry.imports.actions.turns import JOB, done_before, in_state, rows_of, through, turn
from linli.registry.imports.engine.subjects import SUBJECTS
from linli.registry.imports.models import Batch, Part
from linli.registry.imports.queries import Judged


def check_on(batch_id: UUID) -> None:
    """One turn."""
    batch = in_state(batch_id, "checking")
    if batch is None:
        return
    with rows_of(batch, "check") as rows:
        judge = SUBJECTS.get(batch.subject).judge(batch, actor_of(batch.ordered_by), rows.lines)

        def portion() -> bool:
            after, found = next(rows, (0, None))
            if found is None:
                through(batch_id, "check")
                return False
            judged = judge.judge(found)
            with scoped(JOB):
                still = queries.get_batch(JOB, batch_id, lock=True).state == "checking"
                if not still or done_before(batch, "check") != after:  # dropped, or another worker goes on with it
                    return False
                part_of(batch, "check", judged).save(force_insert=True)
            return True

        turn(CHECK, batch_id, portion)


def part_of(batch: Batch, kind: str, judged: list[Judged]) -> Part:
    """What became of a portion."""
    counts = Counter(str(one.verdict) for one in judged)
    verdicts = [
        [one.row.number, str(one.verdict), str(one.person_id) if one.person_id else None, [list(problem) for problem in one.problems]]
        for one in judged
    ]
    return Part(
        batch=batch,
        kind=kind,
        last_line=judged[-1].row.number,
        rows=len(judged),
        counts=dict(counts),
        verdicts=verdicts,
        region_path=batch.region_path,
    )
