"""What every step does after the engine has spoken: open and close tasks, arm the clock, write the timeline. Only called inside actions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from linli.cases.casefile.engine.hooks import SIDE_TASKS
from linli.cases.casefile.models import Case, CaseParticipant, CaseProcess, Task, TimelineEntry
from linli.cases.casefile.queries.cases import all_tasks, definition_for, open_tasks, process_state
from linli.cases.casefile.queries.facts import budget, case_facts, holding, subject, suspensions
from linli.cases.casefile.types import State
from linli.cases.supervision import actions as clocks
from linli.cases.supervision.actions import arm, raise_signals
from linli.cases.supervision.engine import signals
from linli.cases.supervision.engine.clock import Deadline
from linli.cases.supervision.models import Clock
from linli.cases.supervision.queries import params
from linli.cases.supervision.types import Budget
from linli.cases.workflow import engine as workflow
from linli.cases.workflow.types import Progress, ReadyStep
from linli.foundation.calendar.queries import current
from linli.foundation.types import Actor
from linli.foundation.units.models import Unit
from linli.foundation.units.queries import resolve


def follow(case: Case, progress: Progress, *, now: datetime, before: Unit | None = None, tasks: Iterable[Task] | None = None) -> list[Task]:
    """Store the engine's state, close tasks whose token is gone, open those that are ready; returns the new tasks.

    ``tasks`` are those of the case, where the step has read them under its lock.
    """
    store_process(case, progress.state)
    ready = {r.token_id: r for r in progress.ready if not r.added}
    steps = open_tasks(case) if tasks is None else [t for t in tasks if t.state == "open" and t.kind not in SIDE_TASKS]
    known = {t.token_id: t for t in steps}
    for token, task in known.items():
        if token not in ready:
            task.state, task.done_at = "cancelled", now
            task.save(update_fields=["state", "done_at"])
    return [open_task(case, step, now=now, before=before) for token, step in ready.items() if token not in known]


def store_process(case: Case, state: str) -> None:
    CaseProcess(case=case, state=state).save(update_fields=["state"])


def open_task(case: Case, step: ReadyStep, *, now: datetime, before: Unit | None = None) -> Task:
    """A task for the unit that does this step: its level and line, at the case's place."""
    spec = step.spec
    unit = before if spec.office == "same" else None if spec.office == "applicant" else resolve(spec.office, spec.line, case.region_path)
    task = Task(
        case=case,
        step_id=step.step_id,
        token_id=step.token_id,
        name=spec.name,
        kind=spec.kind,
        line=case.line,
        level=case.level,
        region_path=case.region_path,
        unit_id=unit.id if unit else None,
        unit_name=unit.name if unit else "",
        number=case.number,
        matter_code=case.matter_code,
        title=case.title,
        applicant=case.applicant,
        people=spec.people,
        opened_at=now,
        due_at=step_due(spec.days, spec.unit, now) or case.due_at,
    )
    task.save(force_insert=True)
    if unit is not None and unit.line and unit.line != case.line:
        call_in(case, unit)
    return task


def call_in(case: Case, unit: Unit) -> None:
    """Let an office of another line see the case it was asked to work on."""
    if not CaseParticipant.objects.filter(case=case, unit_id=unit.id).exists():
        CaseParticipant(case=case, unit_id=unit.id, kind="office").save(force_insert=True)


def step_due(days: float | None, unit: str, now: datetime) -> datetime | None:
    """The end of a step that begins ``now``; None for a step without a limit of its own."""
    if days is None:
        return None
    return Deadline(calendar=current(), start=now, budget=Budget(int(days), "C" if unit == "H" else unit)).ends(now).at


def promised_due(case: Case, *, now: datetime) -> datetime | None:
    """The promised date of an accepted case, as `arm_clock` will find it: for a step that needs it before the clock is armed."""
    limit = budget(definition_for(case).spec.promised)
    if limit is None or case.accepted_at is None:
        return None
    return (
        Deadline(calendar=current(), start=case.accepted_at, budget=limit, suspensions=suspensions(case.id) if case.suspensions else ())
        .ends(now)
        .at
    )


def arm_clock(case: Case, *, now: datetime, tasks: list[Task] | None = None, fresh: bool = False, known: Clock | None = None) -> Clock:
    """Compute the case's clock anew and repeat its promised date on the case for lists; raise what event rules find.

    ``tasks`` are all tasks of the case, where the step knows them; ``fresh`` says that it is just being handed in and has no clock yet,
    ``known`` is the one it got a moment ago.
    """
    tasks = all_tasks(case) if tasks is None else tasks
    about, facts = subject(case, holding(tasks)), case_facts(case, tasks)
    clock = arm(about, facts, now=now, fresh=fresh, known=known)
    if case.due_at != clock.promised_due:
        case.due_at = clock.promised_due
        case.save(update_fields=["due_at"])
    raise_signals(about, signals(facts, current(), params()), now=now)
    return clock


def tell(
    case: Case, actor: Actor, kind: str, text: str, *, now: datetime, public: bool = True, who: str = "", **values: Any
) -> TimelineEntry:
    """One line of the case's story. ``text`` is an English msgid."""
    entry = TimelineEntry(case=case, at=now, kind=kind, text=text, params=values, public=public, actor_label=who or actor.label)
    entry.save(force_insert=True)
    return entry


def close_open_tasks(case: Case, *, now: datetime, but: Q | None = None) -> None:
    rows = Task.objects.filter(case=case, state="open")
    for task in rows.exclude(but) if but is not None else rows:
        task.state, task.done_at = "cancelled", now
        task.save(update_fields=["state", "done_at"])


def end_early(case: Case, state: State, outcome: str, *, now: datetime) -> None:
    """End an undecided case (withdrawn or terminated): engine, tasks, suspension and clock stop together."""
    progress = workflow.withdraw(definition_for(case).process, process_state(case))
    store_process(case, progress.state)
    case.move_to(state)
    case.closed_at, case.outcome = now, outcome
    case.save(update_fields=["state", "closed_at", "outcome"])
    for task in Task.objects.filter(case=case, state="paused"):
        task.state = "cancelled"
        task.save(update_fields=["state"])
    close_open_tasks(case, now=now)
    clocks.resume(case.id, now=now)
    arm_clock(case, now=now)


def finish(task: Task, actor: Actor, *, outcome: str, opinion: str, now: datetime) -> None:
    """Mark a task done by this person."""
    task.state, task.outcome, task.opinion = "done", outcome, opinion.strip()
    task.done_at, task.done_by, task.done_by_name = now, actor.user_id, actor.label
    task.save(update_fields=["state", "outcome", "opinion", "done_at", "done_by", "done_by_name"])


def draw_serial(key: str) -> int:
    """The next number of a series. Its row stays locked until the transaction ends, so it is drawn late."""
    sql = "INSERT INTO casefile_serial (key, last) VALUES (%s, 1) ON CONFLICT (key) DO UPDATE SET last = casefile_serial.last + 1 RETURNING last"
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])
        return int(cursor.fetchone()[0])
