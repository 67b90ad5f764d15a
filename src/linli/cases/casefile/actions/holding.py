"""Stopping and taking back: suspension for a special procedure, publicity, withdrawal, urging."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile import policy
from linli.cases.casefile.actions.papers import issue_paper
from linli.cases.casefile.actions.running import arm_clock, end_early, tell
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.queries.cases import definition_for, get_case
from linli.cases.casefile.queries.facts import subject
from linli.cases.casefile.types import State
from linli.cases.supervision import actions as clocks
from linli.cases.supervision.engine import publicity_due
from linli.cases.supervision.types import Budget, Publicity
from linli.cases.workflow.types import StepSpec
from linli.foundation.actions.actions import action, require
from linli.foundation.calendar.queries import current
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid

URGE_EVERY_HOURS = 24
TAKING_DOWN_DAYS = 3  # working days an office has to take a full notice down before the suspension counts as too long (R08)


@action("cases.suspend", audit="cases.case_suspended")
def suspend_case(actor: Actor, *, case_id: UUID, procedure: str, note: str = "") -> Case:
    """Stop the clock for one of the matter's special procedures (hearing, expert opinion, inspection ...)."""
    case = get_case(actor, case_id, lock=True)
    special = {p.key: p for p in definition_for(case).spec.special_procedures}
    if procedure not in special:
        raise Invalid("PROCEDURE", gettext_noop("Choose one of the special procedures of this matter."), field="procedure")
    chosen, now = special[procedure], timezone.now()
    _stop(case, actor, chosen.key, chosen.basis, chosen.longest.amount, now)
    tell(
        case,
        actor,
        "suspended",
        gettext_noop("The clock stands still for: %(procedure)s (%(basis)s)"),
        now=now,
        procedure=chosen.name,
        basis=chosen.basis,
        note=note.strip(),
    )
    emit("cases.case_moved", region_path=case.region_path, case_id=case.id)
    return case


def _stop(case: Case, actor: Actor, reason: str, basis: str, longest_days: int, now: datetime) -> None:
    case.move_to(State.SUSPENDED)
    case.suspensions += 1
    case.save(update_fields=["state", "suspensions"])
    clocks.suspend(subject(case), reason=reason, basis=basis, longest_days=longest_days, approved_by=actor.user_id, now=now)
    arm_clock(case, now=now)


def _go_on(case: Case, now: datetime) -> None:
    case.move_to(State.REVIEWING)
    case.save(update_fields=["state"])
    clocks.resume(case.id, now=now)
    arm_clock(case, now=now)


@action("cases.suspend", audit="cases.case_resumed")
def resume_case(actor: Actor, *, case_id: UUID) -> Case:
    """The special procedure is over; the clock runs again."""
    case = get_case(actor, case_id, lock=True)
    require(case.state == State.SUSPENDED, gettext_noop("The clock of this case is running."))
    if Task.objects.filter(case=case, state="open", kind="publicity").exists():
        raise Conflict("PUBLICITY_RUNS", gettext_noop("The public notice is still posted; close that step instead."))
    now = timezone.now()
    _go_on(case, now)
    tell(
        case,
        actor,
        "resumed",
        gettext_noop("The clock runs again; to be decided by %(due)s"),
        now=now,
        due=case.due_at.isoformat() if case.due_at else "",
    )
    emit("cases.case_moved", region_path=case.region_path, case_id=case.id)
    return case


def begin_publicity(case: Case, actor: Actor, step: StepSpec, *, now: datetime) -> None:
    """A public notice is posted: the clock stands still while it hangs (part of completing the step before)."""
    days = int(step.days or 7)
    if case.state == State.ACCEPTED:
        case.move_to(State.REVIEWING)
    due = publicity_due(Publicity(key=step.id, posted_at=now, budget=Budget(days, step.unit)), current())
    issue_paper(case, actor, "publicity", now=now, since=timezone.localdate(now).isoformat(), until=due.last_day.isoformat(), days=days)
    _stop(case, actor, "publicity", gettext_noop("public notice"), days + TAKING_DOWN_DAYS, now)
    tell(case, actor, "publicity", gettext_noop("Posted for public notice for %(days)s days; the clock stands still"), now=now, days=days)


def end_publicity(case: Case, step: StepSpec, *, withdrawn: bool, opened_at: datetime, now: datetime) -> None:
    """The notice comes down: not before its days are full, unless an objection takes it down (R13)."""
    due = publicity_due(Publicity(key=step.id, posted_at=opened_at, budget=Budget(int(step.days or 7), step.unit)), current())
    if now < due.at and not withdrawn:
        raise Conflict(
            "PUBLICITY_SHORT",
            gettext_noop("The notice must hang until %(last)s."),
            data={"last": due.last_day.isoformat()},
            hint=gettext_noop("Close the step on the day after, or record an objection."),
        )
    if case.state == State.SUSPENDED:
        _go_on(case, now)


@action("cases.withdraw_own", audit="cases.case_withdrawn")
def withdraw_case(actor: Actor, *, case_id: UUID, reason: str = "") -> Case:
    """The applicant takes the application back, any time before the decision."""
    case = get_case(actor, case_id, lock=True)
    require(policy.can_withdraw(actor, case), gettext_noop("This case can no longer be withdrawn."))
    now = timezone.now()
    end_early(case, State.WITHDRAWN, "withdrawn", now=now)
    tell(
        case,
        actor,
        "withdrawn",
        gettext_noop("Withdrawn by the applicant"),
        now=now,
        who=case.agent_name or case.applicant,
        reason=reason.strip(),
    )
    emit("cases.case_closed", region_path=case.region_path, case_id=case.id)
    return case


@action("cases.urge", audit="cases.case_urged")
def urge_case(actor: Actor, *, case_id: UUID, note: str = "") -> Case:
    """A supervisor urges the office that holds the case; at most once a day, so that urging keeps its weight."""
    case = get_case(actor, case_id, lock=True)
    now = timezone.now()
    last = case.timeline.filter(kind="urged").order_by("-at").values_list("at", flat=True).first()
    if last is not None and (now - last).total_seconds() < URGE_EVERY_HOURS * 3600:
        raise Conflict("URGED", gettext_noop("This case was urged less than a day ago."))
    tasks = list(Task.objects.filter(case=case, state="open"))
    require(bool(tasks), gettext_noop("Nobody holds this case at present."))
    tell(
        case,
        actor,
        "urged",
        gettext_noop("Urged: %(unit)s was asked to hurry"),
        now=now,
        unit=", ".join(t.unit_name for t in tasks),
        note=note.strip(),
    )
    emit("cases.case_urged", region_path=case.region_path, case_id=case.id)
    return case
