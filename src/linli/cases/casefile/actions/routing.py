"""Moving work between people and offices: claim, release, transfer, return, more signers."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile import policy
from linli.cases.casefile.actions.running import arm_clock, call_in, finish, follow, tell
from linli.cases.casefile.models import Case, CaseParticipant, CaseProcess, Task
from linli.cases.casefile.queries.cases import definition_for, get_case, get_task, process_state
from linli.cases.casefile.queries.step_forms import require_form
from linli.cases.casefile.types import State
from linli.cases.workflow import engine as workflow
from linli.foundation.accounts.models import User, UserKind
from linli.foundation.actions.actions import action, require
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.foundation.units.models import Unit
from linli.lib.errors import Conflict, Invalid, NotFound

NOT_YOURS = gettext_noop("This step belongs to another office or a colleague.")


def held_task(actor: Actor, task_id: UUID) -> tuple[Task, Case]:
    """An open task that waits for this person, and its case, locked."""
    task = get_task(actor, task_id)
    case = get_case(actor, task.case_id, lock=True)
    task.refresh_from_db()
    if task.state != "open":
        raise Conflict("TASK_DONE", gettext_noop("Somebody has done this step meanwhile."))
    require(policy.holds(actor, task), NOT_YOURS)
    return task, case


@action("cases.claim", audit="cases.task_claimed")
def claim_task(actor: Actor, *, task_id: UUID) -> Task:
    """Take a task of one's unit. Two who press at once: the second is told who has it."""
    task, _ = held_task(actor, task_id)
    require(
        policy.can_claim(actor, task),
        gettext_noop("Several people sign this step; nobody takes it alone."),
        code="SIGNED_BY_SEVERAL",
        hint=gettext_noop("Open the case and sign there."),
    )
    if task.assignee_id == actor.user_id:
        return task
    task.assignee_id, task.assignee_name = actor.user_id, actor.label
    task.save(update_fields=["assignee_id", "assignee_name"])
    return task


@action("cases.claim", audit="cases.task_released")
def release_task(actor: Actor, *, task_id: UUID) -> Task:
    """Put a task back for the whole unit."""
    task, _ = held_task(actor, task_id)
    task.assignee_id, task.assignee_name = None, ""
    task.save(update_fields=["assignee_id", "assignee_name"])
    return task


@action("cases.transfer", audit="cases.task_transferred")
def transfer_task(actor: Actor, *, task_id: UUID, unit_id: UUID | None = None, user_id: UUID | None = None, reason: str) -> Task:
    """Hand a step to another unit or a named colleague, with the reason. The step's clock goes on."""
    task, case = held_task(actor, task_id)
    if len(reason.strip()) < 2:
        raise Invalid("REASON", gettext_noop("Say why you hand this over."), field="reason")
    now = timezone.now()
    if user_id is not None:
        colleague = User.objects.filter(pk=user_id, kind=UserKind.STAFF, is_active=True).first()
        if colleague is None:
            raise NotFound("COLLEAGUE", gettext_noop("There is no such colleague."))
        task.assignee_id, task.assignee_name = colleague.id, colleague.name
        _call(case, colleague.id, "transferee")
    elif unit_id is not None:
        unit = Unit.objects.get(pk=unit_id)
        task.unit_id, task.unit_name, task.assignee_id, task.assignee_name = unit.id, unit.name, None, ""
        call_in(case, unit)
    task.save(update_fields=["unit_id", "unit_name", "assignee_id", "assignee_name"])
    arm_clock(case, now=now)
    tell(
        case,
        actor,
        "transferred",
        gettext_noop("%(step)s: handed over to %(to)s"),
        now=now,
        step=task.name,
        to=task.assignee_name or task.unit_name,
        reason=reason.strip(),
    )
    emit("cases.case_moved", region_path=case.region_path, case_id=case.id)
    return task


def _call(case: Case, user_id: UUID, kind: str) -> None:
    if not CaseParticipant.objects.filter(case=case, user_id=user_id, kind=kind).exists():
        CaseParticipant(case=case, user_id=user_id, kind=kind).save(force_insert=True)


@action("cases.return", audit="cases.task_returned")
def return_task(actor: Actor, *, task_id: UUID, step_id: str, reason: str) -> Case:
    """Send the work back to an earlier step. The case's clock goes on; what followed from that step no longer counts."""
    task, case = held_task(actor, task_id)
    if len(reason.strip()) < 5:
        raise Invalid("REASON", gettext_noop("Say what has to be done again."), field="reason")
    require(case.state in (State.ACCEPTED, State.REVIEWING), gettext_noop("At this stage the case cannot go back."))
    now = timezone.now()
    chosen = definition_for(case)
    if step_id not in chosen.process.steps or chosen.process.steps[step_id].kind == "accept":
        raise Invalid(
            "RETURN_STEP", gettext_noop("An accepted case does not go back to its acceptance; choose a later step."), field="step_id"
        )
    progress = workflow.return_to(chosen.process, process_state(case), task.token_id, step_id, now)
    finish(task, actor, outcome="return", opinion=reason, now=now)
    follow(case, progress, now=now)
    arm_clock(case, now=now)
    tell(
        case,
        actor,
        "returned",
        gettext_noop("Sent back to %(step)s"),
        now=now,
        who=task.unit_name,
        step=chosen.process.steps[step_id].name,
        reason=reason.strip(),
    )
    emit("cases.case_moved", region_path=case.region_path, case_id=case.id)
    return case


@action("cases.sign", audit="cases.signer_added")
def add_signer(actor: Actor, *, task_id: UUID, user_id: UUID) -> Task:
    """Ask one more person to sign before this step may end."""
    task, case = held_task(actor, task_id)
    signer = User.objects.filter(pk=user_id, kind=UserKind.STAFF, is_active=True).first()
    if signer is None:
        raise NotFound("COLLEAGUE", gettext_noop("There is no such colleague."))
    progress = workflow.add_signer(definition_for(case).process, process_state(case), task.token_id, str(user_id))
    CaseProcess.objects.filter(pk=case.pk).update(state=progress.state)
    _call(case, user_id, "signer")
    tell(case, actor, "signer", gettext_noop("%(name)s was asked to sign"), now=timezone.now(), public=False, name=signer.name)
    emit("cases.case_moved", region_path=case.region_path, case_id=case.id)
    return task


@action("cases.view", audit="cases.task_signed")
def sign_task(actor: Actor, *, task_id: UUID, opinion: str = "") -> Task:
    """Sign: as a signer who was asked, or as one of the people a countersigned step needs."""
    task = get_task(actor, task_id)
    case = get_case(actor, task.case_id, lock=True)
    chosen = definition_for(case)
    state = process_state(case)
    asked = str(actor.user_id) in workflow.signing(chosen.process, state, task.token_id).added
    require(asked or policy.holds(actor, task), NOT_YOURS)
    require_form(case, task)
    progress = workflow.sign(chosen.process, state, task.token_id, str(actor.user_id))
    CaseProcess.objects.filter(pk=case.pk).update(state=progress.state)
    tell(
        case,
        actor,
        "signed",
        gettext_noop("%(name)s signed %(step)s"),
        now=timezone.now(),
        public=False,
        name=actor.label,
        step=task.name,
        opinion=opinion.strip(),
    )
    emit("cases.case_moved", region_path=case.region_path, case_id=case.id)
    return task
