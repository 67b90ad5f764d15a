"""Intake: accept, refuse, ask once for what is missing, take the answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile import policy
from linli.cases.casefile.actions.opening import Submitted
from linli.cases.casefile.actions.papers import issue_paper
from linli.cases.casefile.actions.running import arm_clock, close_open_tasks, finish, follow, promised_due, tell
from linli.cases.casefile.models import Case, CaseForm, Material, Task
from linli.cases.casefile.queries.cases import all_tasks, definition_for, get_case, process_state
from linli.cases.casefile.queries.cases import materials as materials_of
from linli.cases.casefile.queries.people import stands_aside
from linli.cases.casefile.types import State
from linli.cases.supervision.models import Clock
from linli.cases.workflow import engine as workflow
from linli.foundation.actions.actions import action, require
from linli.foundation.files.actions import attach
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.foundation.units.queries import units_of
from linli.lib.errors import Conflict, Invalid

CORRECTION_DAYS = 30  # calendar days to answer; services.md §2.3 default, a matter may say otherwise
RELATIVE = gettext_noop("You or a relative of yours is the applicant; a colleague has to do this.")

NO_INTAKE = gettext_noop("Nobody waits for an acceptance of this case any more.")
OPEN_AGAIN = gettext_noop("Open the case again to see where it stands.")


def _intake_of(tasks: Iterable[Task]) -> Task | None:
    return next((t for t in tasks if t.kind == "accept" and t.state == "open"), None)


def intake_task(actor: Actor, tasks: Iterable[Task]) -> Task:
    """The open acceptance task of a case's tasks, which must wait for this person's unit."""
    task = _intake_of(tasks)
    if task is None:
        raise Conflict("NO_INTAKE", NO_INTAKE, hint=OPEN_AGAIN)
    require(policy.holds(actor, task), gettext_noop("This step belongs to another office."))
    return task


@action("cases.accept", audit="cases.case_accepted")
def accept_case(actor: Actor, *, case_id: UUID, promises: Mapping[str, str] | None = None, new: Submitted | None = None) -> Case:
    """Accept: the clock starts. Missing papers block, except those that may follow against a promise, given as {material key: ISO day}.

    ``new`` is the case when this very transaction has handed it in: nobody else can have touched it, so nothing is locked or read back.
    """
    first = new.first if new is not None and new.case.pk == case_id else None
    case = new.case if new is not None and first is not None else get_case(actor, case_id, lock=True)
    require(not stands_aside(actor, case), RELATIVE, code="RELATIVE")
    tasks = list(first.tasks) if first else all_tasks(case)
    task = intake_task(actor, tasks)
    now = timezone.now()
    _tolerate(case, first.materials if first else materials_of(case), promises or {}, now)
    state, clock = (first.state, first.clock) if first else (process_state(case), None)
    return _accept(actor, case, task, tasks, state, now=now, accepted_at=now, clock=clock, papers=first.papers if first else None)


def _accept(
    actor: Actor,
    case: Case,
    task: Task,
    tasks: list[Task],
    state: str,
    *,
    now: datetime,
    accepted_at: datetime,
    deemed: bool = False,
    clock: Clock | None = None,
    papers: int | None = None,
) -> Case:
    case.move_to(State.ACCEPTED)
    case.accepted_at, case.accepted_by, case.deemed_accepted = accepted_at, actor.user_id, deemed
    case.unit_id = case.unit_id or task.unit_id
    case.due_at = promised_due(case, now=now)
    case.save(update_fields=["state", "accepted_at", "accepted_by", "deemed_accepted", "unit_id", "due_at"])
    chosen = definition_for(case)
    outcome = (chosen.process.steps[task.step_id].outcomes or ("accept",))[0]
    progress = workflow.complete(chosen.process, state, task.token_id, outcome, {}, now)
    finish(task, actor, outcome=outcome, opinion="", now=now)
    same = any(step.spec.office == "same" for step in progress.ready)
    before = units_of((task.unit_id,))[0] if task.unit_id and same else None
    opened = follow(case, progress, now=now, before=before, tasks=tasks)
    clock = arm_clock(case, now=now, tasks=[*tasks, *opened], known=clock)
    text = (
        gettext_noop("Accepted by silence: the office did not answer in time")
        if deemed
        else gettext_noop("Accepted; to be decided by %(due)s")
    )
    tell(case, actor, "accepted", text, now=now, who=task.unit_name, due=clock.promised_due.isoformat() if clock.promised_due else "")
    issue_paper(case, actor, "acceptance", now=now, before=papers)
    emit("cases.case_accepted", region_path=case.region_path, case_id=case.id)
    return case


def _tolerate(case: Case, papers: Iterable[Material], promises: Mapping[str, str], now: datetime) -> None:
    """Each missing paper was shown at the counter ("shown") or, where the matter allows, follows by a promised day."""
    materials = {m.key: m for m in definition_for(case).spec.materials}
    today = timezone.localdate(now)
    for row in papers:
        if row.state != "missing":
            continue
        spec, said = materials.get(row.key), promises.get(row.key, "")
        if said == "shown":
            row.state, row.note = "given", "shown at the counter"
        elif spec is not None and spec.necessity == 3 and said:
            row.state, row.promised_until = "promised", _promised_day(row.key, said, today, today + timedelta(days=spec.tolerate_days))
        else:
            raise Invalid(
                "MATERIAL_MISSING",
                gettext_noop("%(name)s is missing."),
                field=f"promise-{row.key}",
                data={"name": row.name},
                hint=gettext_noop("Tick it when you have seen it, or send a correction notice that names everything that is missing."),
            )
        row.save(update_fields=["state", "promised_until", "note"])


def _promised_day(key: str, said: str, first: date, last: date) -> date:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = None
    if day is None or not first <= day <= last:
        raise Invalid(
            "PROMISE_DAY",
            gettext_noop("The missing paper must follow by %(last)s at the latest."),
            field=f"promise-{key}",
            data={"last": last.isoformat()},
        )
    return day


@action("cases.refuse", audit="cases.case_refused")
def refuse_case(actor: Actor, *, case_id: UUID, reason: str, turn_to: str = "") -> Case:
    """Do not accept: in writing, with the reason, the right office to turn to and the remedy."""
    case = get_case(actor, case_id, lock=True)
    require(not stands_aside(actor, case), RELATIVE, code="RELATIVE")
    task = intake_task(actor, all_tasks(case))
    if len(reason.strip()) < 5:
        raise Invalid("REASON", gettext_noop("Give the reason in words the applicant understands."), field="reason")
    now = timezone.now()
    case.move_to(State.NOT_ACCEPTED)
    case.closed_at, case.outcome, case.decided_by = now, "not_accepted", actor.user_id
    case.decision = {**case.decision, "reason": reason.strip(), "turn_to": turn_to.strip()}
    case.save(update_fields=["state", "closed_at", "outcome", "decided_by", "decision"])
    finish(task, actor, outcome="refuse", opinion=reason, now=now)
    close_open_tasks(case, now=now)
    arm_clock(case, now=now)
    tell(case, actor, "refused", gettext_noop("Not accepted: %(reason)s"), now=now, who=task.unit_name, reason=reason.strip())
    issue_paper(case, actor, "refusal", now=now, reason=reason.strip(), turn_to=turn_to.strip())
    emit("cases.case_refused", region_path=case.region_path, case_id=case.id)
    return case


@action("cases.correct", audit="cases.correction_asked")
def correct_case(actor: Actor, *, case_id: UUID, items: list[str], note: str = "", why_again: str = "") -> Case:
    """Name everything that is missing or wrong, once. A second notice needs a new finding and is a yellow card (R05)."""
    case = get_case(actor, case_id, lock=True)
    require(not stands_aside(actor, case), RELATIVE, code="RELATIVE")
    task = intake_task(actor, all_tasks(case))
    wanted = [item.strip() for item in items if item.strip()]
    if not wanted:
        raise Invalid("CORRECTION_EMPTY", gettext_noop("Name at least one thing to correct."), field="items")
    if case.corrections and len(why_again.strip()) < 5:
        raise Invalid(
            "CORRECTION_AGAIN",
            gettext_noop("A correction notice was sent before. Say what has newly come to light."),
            field="why_again",
            hint=gettext_noop("A second notice is noted by supervision (R05)."),
        )
    now = timezone.now()
    case.move_to(State.CORRECTING)
    case.corrections += 1
    case.noticed_at = now
    today = timezone.localdate(now)
    longest = definition_for(case).spec.parameters_on(today, case.region.code).get("correction_days", CORRECTION_DAYS)
    until = today + timedelta(days=int(longest))
    case.decision = {**case.decision, "correction": {"items": wanted, "note": note.strip(), "until": until.isoformat()}}
    case.save(update_fields=["state", "corrections", "noticed_at", "decision"])
    task.state = "paused"
    task.save(update_fields=["state"])
    arm_clock(case, now=now)
    tell(
        case,
        actor,
        "correction",
        gettext_noop("Please correct by %(until)s: %(items)s"),
        now=now,
        who=task.unit_name,
        items="; ".join(wanted),
        until=until.isoformat(),
    )
    issue_paper(case, actor, "correction", now=now, items=wanted, note=note.strip(), until=until.isoformat())
    emit("cases.correction_asked", region_path=case.region_path, case_id=case.id)
    return case


@action("cases.answer", audit="cases.correction_answered")
def answer_correction(actor: Actor, *, case_id: UUID, answers: Mapping[str, Any], files: Mapping[str, list[UUID]] | None = None) -> Case:
    """The applicant hands in what was missing; the office's time starts again."""
    case = get_case(actor, case_id, lock=True)
    require(policy.can_answer_correction(actor, case), gettext_noop("This case does not wait for a correction."))
    now = timezone.now()
    form = CaseForm.objects.get(case=case)
    form.data, form.revision = json.dumps({**json.loads(form.data), **answers}, ensure_ascii=False), form.revision + 1
    form.save(update_fields=["data", "revision"])
    for key, ids in (files or {}).items():
        Material.objects.filter(case=case, key=key, file=None).delete()
        name = next((m.name for m in definition_for(case).spec.materials if m.key == key), key)
        Material.objects.bulk_create([Material(case=case, key=key, name=name, state="given", file_id=i) for i in ids])
        attach(actor, file_ids=ids, case_id=case.id, party_id=case.party_id, region_path=case.region_path, line=case.line, level=case.level)
    case.move_to(State.SUBMITTED)
    case.submitted_at, case.noticed_at = now, None
    case.save(update_fields=["state", "submitted_at", "noticed_at"])
    for task in Task.objects.filter(case=case, state="paused"):
        task.state, task.opened_at = "open", now
        task.save(update_fields=["state", "opened_at"])
    arm_clock(case, now=now)
    tell(
        case,
        actor,
        "corrected",
        gettext_noop("The applicant has handed in what was missing"),
        now=now,
        who=case.agent_name or case.applicant,
    )
    emit("cases.case_submitted", region_path=case.region_path, case_id=case.id, again=True)
    return case


def accept_by_silence(case_id: UUID, actor: Actor, *, now: datetime) -> None:
    """R01: neither accepted nor answered in time - the case counts as accepted on the day it was handed in (services.md §2.3, W9)."""
    case = get_case(actor, case_id, lock=True)
    tasks = all_tasks(case)
    task = _intake_of(tasks)
    if case.state == State.SUBMITTED and task is not None:
        _accept(actor, case, task, tasks, process_state(case), now=now, accepted_at=case.submitted_at, deemed=True)
