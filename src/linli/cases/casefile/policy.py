"""Who sees and who may do what with a case: every question twice, as a yes/no and as rows."""

from __future__ import annotations

from django.db.models import Q

from linli.cases.casefile.models import Case, CaseForm, CaseParticipant, CaseProcess, Draft, Material, Paper, StepForm, Task, TimelineEntry
from linli.cases.casefile.types import FINAL, OPEN, State
from linli.foundation.files.policy import files
from linli.foundation.scope.models import OneCase, Own, Participant, Power, Protection, Region, Unit, User, Via
from linli.foundation.types import Actor, ActorKind

cases = Protection(
    Case,
    [
        Region("region_path", line="line", level="level"),
        Own("party_id"),
        User("created_by"),
        Participant(CaseParticipant, "case_id"),
        OneCase("id"),
        Power("system"),
    ],
)
tasks = Protection(Task, [Region("region_path", line="line", level="level"), Unit("unit_id"), User("assignee_id"), Via("case_id", Case)])
forms = Protection(CaseForm, [Power("system"), Via("case_id", Case)])
processes = Protection(CaseProcess, [Power("system"), Via("case_id", Case)])
timeline = Protection(TimelineEntry, [Power("system"), Via("case_id", Case)])
materials = Protection(Material, [Power("system"), Via("case_id", Case)])
papers = Protection(Paper, [Power("system"), Via("case_id", Case)])
step_forms = Protection(StepForm, [Power("system"), Via("case_id", Case)])
drafts = Protection(Draft, [User("user_id"), Power("system")])
files.also(Participant(CaseParticipant, "case_id", key="case_id"))  # who was called to a case reads what was handed in with it


def own(actor: Actor) -> Q:
    """A resident's cases: about himself or a mandator, or handed in with his account."""
    mine = Q(created_by=actor.user_id) if actor.user_id else Q(pk__in=[])
    return mine | Q(party_id__in=actor.parties) if actor.parties else mine


def holds(actor: Actor, task: Task) -> bool:
    """Whether a task waits for this person: given to him, or to one of his units and taken by nobody else."""
    if task.assignee_id:
        return task.assignee_id == actor.user_id
    return task.unit_id in actor.unit_ids


def can_claim(actor: Actor, task: Task) -> bool:
    """A step that several must sign is nobody's alone: taken by one, it would shut the others out."""
    return holds(actor, task) and task.people == 1 and actor.may("cases.claim")


def can_accept(actor: Actor, case: Case) -> bool:
    return case.state == State.SUBMITTED and actor.kind != ActorKind.CITIZEN


def can_withdraw(actor: Actor, case: Case) -> bool:
    """The applicant, or who acts for him, until the decision."""
    return State(case.state) in OPEN and (case.created_by == actor.user_id or case.party_id in actor.parties)


def can_answer_correction(actor: Actor, case: Case) -> bool:
    return case.state == State.CORRECTING and (
        case.created_by == actor.user_id or case.party_id in actor.parties or actor.may("cases.submit_counter")
    )


def can_follow_up(actor: Actor, case: Case) -> bool:
    """Who may hand in a paper that was tolerated missing: the applicant, who acts for her, a counter."""
    undecided = case.state in (State.ACCEPTED, State.REVIEWING, State.SUSPENDED)
    return undecided and (case.created_by == actor.user_id or case.party_id in actor.parties or actor.may("cases.submit_counter"))


def can_record_fee(actor: Actor, case: Case) -> bool:
    """A counter that takes money, or a supervisor who found out that some was taken."""
    return actor.kind == ActorKind.STAFF and (actor.may("cases.accept") or actor.may("supervision.card"))


def can_rate(actor: Actor, case: Case) -> bool:
    return case.closed_at is not None and (case.created_by == actor.user_id or case.party_id in actor.parties or actor.case_id == case.id)


def is_over(case: Case) -> bool:
    return State(case.state) in FINAL
