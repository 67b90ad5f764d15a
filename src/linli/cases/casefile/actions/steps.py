"""Completing a step: review, survey, verification, publicity, decision, delivery."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile import policy
from linli.cases.casefile.actions.effects import apply_effects
from linli.cases.casefile.actions.holding import begin_publicity, end_publicity
from linli.cases.casefile.actions.papers import issue_paper, results_of
from linli.cases.casefile.actions.running import arm_clock, call_in, draw_serial, finish, follow, tell
from linli.cases.casefile.actions.step_forms import issue_step_paper
from linli.cases.casefile.models import Case, Paper, Task
from linli.cases.casefile.queries.benefit_checks import benefit_checks
from linli.cases.casefile.queries.cases import definition_for, get_case, get_task, process_state
from linli.cases.casefile.queries.people import stands_aside
from linli.cases.casefile.queries.step_forms import require_form
from linli.cases.casefile.types import State
from linli.cases.workflow import engine as workflow
from linli.cases.workflow.types import StepSpec
from linli.foundation.actions.actions import action, require
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.foundation.units.models import Unit
from linli.foundation.units.queries import units_of
from linli.lib.errors import Conflict, Invalid
from linli.lib.periods import add_months

NEGATIVE = frozenset({"disagree", "reject", "refuse", "no", "objection", "not_confirmed"})
STEP_PERMISSION = {
    "decide": "cases.decide",
    "deliver": "cases.deliver",
    "dispatch": "cases.transfer",
    "task": "cases.claim",
    "publicity": "cases.claim",
}  # others: cases.review
DECIDING = ("decide",)


@action("cases.view", audit="cases.step_completed")
def complete_task(
    actor: Actor, *, task_id: UUID, outcome: str, opinion: str = "", facts: Mapping[str, Any] | None = None, unit_id: UUID | None = None
) -> Case:
    """End a step with an outcome. A negative one needs a reason; a decision needs somebody else than who accepted or reviewed.

    ``unit_id`` names the handling unit where the step is a dispatch.
    """
    task = get_task(actor, task_id)
    case = get_case(actor, task.case_id, lock=True)
    task = get_task(actor, task_id)  # as it is now that nobody else takes a step
    if task.state != "open":
        raise Conflict(
            "TASK_DONE",
            gettext_noop("Somebody has done this step meanwhile."),
            hint=gettext_noop("Open the case again to see where it stands."),
        )
    _check(actor, case, task, outcome, opinion)
    now = timezone.now()
    chosen = definition_for(case)
    step = chosen.process.steps[task.step_id]
    _before(actor, case, task, step, outcome, now)
    progress = workflow.complete(chosen.process, process_state(case), task.token_id, outcome, dict(facts or {}), now)
    finish(task, actor, outcome=outcome, opinion=opinion, now=now)
    _after(actor, case, task, step, outcome, opinion, now)
    before = _next_office(case, task, unit_id)
    opened = follow(case, progress, now=now, before=before)
    for new in opened:
        if new.kind == "publicity":
            begin_publicity(case, actor, chosen.process.steps[new.step_id], now=now)
        elif new.kind == "deliver" and case.decided_at is None:
            _conclude(actor, case, task, now)
    arm_clock(case, now=now)
    emit("cases.case_moved", region_path=case.region_path, case_id=case.id)
    return case


def _next_office(case: Case, task: Task, unit_id: UUID | None) -> Unit | None:
    """The office that a step marked `same` goes to: the one just chosen by a dispatch, else the one that did this step, or the reply before it."""
    if task.kind == "dispatch":
        unit = Unit.objects.filter(pk=unit_id, valid_to=None).first() if unit_id else None
        if unit is None:
            raise Invalid("HANDLING_UNIT", gettext_noop("Choose the unit that will handle this."), field="unit_id")
        call_in(case, unit)
        return unit
    replied = Task.objects.filter(case=case, kind="reply", state="done").order_by("-done_at").values_list("unit_id", flat=True).first()
    office = replied or task.unit_id
    found = units_of((office,)) if office else []
    return found[0] if found else None


def _conclude(actor: Actor, case: Case, task: Task, now: datetime) -> None:
    """A process without a decision step (a complaint) is concluded when its reply goes out."""
    reply = Task.objects.filter(case=case, kind="reply", state="done").order_by("-done_at").first()
    _decide(actor, case, task, True, reply.opinion if reply else "", now)


def _check(actor: Actor, case: Case, task: Task, outcome: str, words: str) -> None:
    require(policy.holds(actor, task), gettext_noop("This step belongs to another office or a colleague."))
    require(
        actor.may(STEP_PERMISSION.get(task.kind, "cases.review")),
        gettext_noop("Your post does not include this step."),
        code="NO_PERMISSION",
    )
    if task.kind == "accept":
        raise Conflict("USE_INTAKE", gettext_noop("Accept, refuse or ask for a correction instead."))
    require(
        not stands_aside(actor, case),
        gettext_noop("You or a relative of yours is the applicant; a colleague has to do this."),
        code="RELATIVE",
    )
    if case.state == State.SUSPENDED and task.kind != "publicity":
        raise Conflict("SUSPENDED", gettext_noop("The clock of this case stands still; resume it first."))
    if task.kind in DECIDING:
        makers = set(
            Task.objects.filter(case=case, state="done").exclude(kind__in=("deliver", *DECIDING)).values_list("done_by", flat=True)
        ) | {case.accepted_by}
        require(
            actor.user_id not in makers,
            gettext_noop("Who accepted or reviewed a case does not decide it; a colleague has to."),
            code="MAKER_DECIDES",
        )
    require_form(case, task)
    if (outcome in NEGATIVE or task.kind == "reply") and len(words.strip()) < 5:
        raise Invalid("REASON", gettext_noop("Give the reason in words the applicant understands."), field="opinion")


def _before(actor: Actor, case: Case, task: Task, step: StepSpec, outcome: str, now: datetime) -> None:
    """What must be true of the case before the engine moves."""
    if task.kind == "publicity":
        end_publicity(case, step, withdrawn=outcome in NEGATIVE, opened_at=task.opened_at, now=now)
    elif case.state == State.ACCEPTED and task.kind not in (*DECIDING, "deliver"):
        case.move_to(State.REVIEWING)
        case.save(update_fields=["state"])


def _after(actor: Actor, case: Case, task: Task, step: StepSpec, outcome: str, words: str, now: datetime) -> None:
    """What follows from the outcome: decision and papers, delivery, the story."""
    if task.kind in DECIDING:
        _decide(actor, case, task, outcome not in NEGATIVE, words, now)
    elif task.kind == "deliver":
        _deliver(actor, case, task, now)
    else:
        issue_step_paper(case, task, actor)
        text = gettext_noop("%(step)s: done") if outcome not in NEGATIVE else gettext_noop("%(step)s: objections")
        tell(case, actor, "step", text, now=now, who=task.unit_name, step=task.name)


def _decide(actor: Actor, case: Case, task: Task, granted: bool, words: str, now: datetime) -> None:
    case.move_to(State.DECIDED_YES if granted else State.DECIDED_NO)
    case.decided_at, case.decided_by, case.outcome = now, actor.user_id, "granted" if granted else "refused"
    case.decision = {**case.decision, **_decision_facts(case, granted, now), "reason": words.strip()}
    values = (case.decision.get("verdict") or {}).get("values", {})
    if granted:
        case.decision["checks"] = benefit_checks(case, timezone.localdate(now))
        apply_effects(actor, case, values, now=now)
    case.move_to(State.CLOSED)
    case.closed_at = now
    case.save(update_fields=["state", "decided_at", "decided_by", "outcome", "decision", "closed_at"])
    tell(
        case,
        actor,
        "decided",
        gettext_noop("Granted") if granted else gettext_noop("Not granted: %(reason)s"),
        now=now,
        who=task.unit_name,
        reason=words.strip(),
    )
    issue_paper(case, actor, "decision", now=now, granted=granted, reason=words.strip())
    if granted:
        printed: dict[str, Any] = {k: v for k, v in values.items() if isinstance(v, (str, int, float))}
        for result in results_of(case):
            issue_paper(case, actor, "result", now=now, title=result.name, **printed)
    emit("cases.case_decided", region_path=case.region_path, case_id=case.id)


def _decision_facts(case: Case, granted: bool, now: datetime) -> dict[str, Any]:
    """What effects and papers may refer to as `decision.x`: the day, the month after, a place in the waiting list."""
    today = timezone.localdate(now)
    facts: dict[str, Any] = {"date": today.isoformat(), "next_month": add_months(today.replace(day=1), 1).isoformat()}
    if granted and any(effect.kind == "queue" for effect in definition_for(case).spec.effects):
        facts["queue_number"] = draw_serial(f"Q{case.matter_code}{case.region.code[:6]}")
    return facts


def _deliver(actor: Actor, case: Case, task: Task, now: datetime) -> None:
    case.move_to(State.DELIVERED)
    case.delivered_at = now
    case.save(update_fields=["state", "delivered_at"])
    for paper in Paper.objects.filter(case=case, kind__in=("decision", "result"), delivered_at=None):
        paper.delivered_at = now
        paper.save(update_fields=["delivered_at"])
    issue_paper(case, actor, "delivery", now=now)
    tell(case, actor, "delivered", gettext_noop("Result handed over"), now=now, who=task.unit_name)
    emit("cases.case_closed", region_path=case.region_path, case_id=case.id)
