"""Getting a case is the access check: what is out of scope does not exist."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from linli.cases.casefile import policy
from linli.cases.casefile.engine.hooks import SIDE_TASKS
from linli.cases.casefile.models import Case, CaseForm, CaseProcess, Material, Paper, Task, TimelineEntry
from linli.cases.catalogue.queries import Definition, definition_of
from linli.foundation.scope.queries import kept
from linli.foundation.types import Actor
from linli.lib.errors import NotFound

_LOCKED: dict[UUID, Definition] = {}
NO_CASE = gettext_noop("There is no such case, or it is not yours to see.")


@kept
def _case(key: UUID) -> QuerySet[Case]:
    return Case.objects.filter(pk=key).select_related("region", "unit")


@kept
def _case_locked(key: UUID) -> QuerySet[Case]:
    return Case.objects.filter(pk=key).select_for_update(of=("self",))


@kept
def _numbered(number: str) -> QuerySet[Case]:
    return Case.objects.filter(number=number).select_related("region", "unit")


@kept
def _task(key: UUID) -> QuerySet[Task]:
    return Task.objects.filter(pk=key)


def get_case(actor: Actor, case_id: UUID, *, lock: bool = False) -> Case:
    """A case in the actor's sight; ``lock`` for a step, so that two people who press the same button take turns."""
    found = (_case_locked if lock else _case).in_sight(policy.cases, actor, case_id)
    if not found:
        raise NotFound("CASE", NO_CASE, hint=gettext_noop("Check the number, or ask the office that handed it out."))
    return found[0]


def case_by_number(actor: Actor, number: str) -> Case:
    found = _numbered.in_sight(policy.cases, actor, number)
    if not found:
        raise NotFound("CASE", NO_CASE)
    return found[0]


def get_task(actor: Actor, task_id: UUID) -> Task:
    """A task in the actor's sight (its case is locked by the step that follows)."""
    found = _task.in_sight(policy.tasks, actor, task_id)
    if not found:
        raise NotFound("TASK", gettext_noop("There is no such task, or it is not yours to see."))
    return found[0]


@kept
def _process_state(key: UUID) -> QuerySet[CaseProcess, str]:
    return CaseProcess.objects.filter(pk=key).values_list("state", flat=True)


@kept
def _tasks(case_id: UUID) -> QuerySet[Task]:
    return Task.objects.filter(case_id=case_id).order_by("opened_at", "id")


@kept
def _tasks_open(case_id: UUID) -> QuerySet[Task]:
    return Task.objects.filter(case_id=case_id, state="open").order_by("opened_at", "id")


@kept
def _timeline(case_id: UUID) -> QuerySet[TimelineEntry]:
    return TimelineEntry.objects.filter(case_id=case_id).order_by("at", "id")


@kept
def _papers(case_id: UUID) -> QuerySet[Paper]:
    return Paper.objects.filter(case_id=case_id).exclude(state="void").select_related("file").order_by("issued_at", "id")


@kept
def _issued(case_id: UUID) -> QuerySet[Paper, UUID]:
    return Paper.objects.filter(case_id=case_id).values_list("pk", flat=True)


@kept
def _materials(case_id: UUID) -> QuerySet[Material]:
    return Material.objects.filter(case_id=case_id).select_related("file").order_by("id")


@kept
def _handed_in(key: str, user_id: UUID | None) -> QuerySet[Case]:
    return Case.objects.filter(submission_key=key, created_by=user_id)


def handed_in(key: str, user_id: UUID | None) -> Case | None:
    """The case an account made of a form, by the form's own key."""
    return _handed_in.first(key, user_id)


def answers(case: Case) -> dict[str, Any]:
    """What was filled in."""
    row = CaseForm.objects.get(case=case)
    return dict(json.loads(row.data))


def process_state(case: Case) -> str:
    (state,) = _process_state(case.pk)
    return state


def definition_for(case: Case) -> Definition:
    """The matter version the case is locked to."""
    return locked_definition(case.version_id)


def locked_definition(version_id: UUID) -> Definition:
    """A version that cases are made under: published, it never changes again, so it is asked for once a process."""
    found = _LOCKED.get(version_id)
    if found is None:
        found = _LOCKED[version_id] = definition_of(version_id)
    return found


def open_tasks(case: Case) -> list[Task]:
    """Open steps of the process."""
    return [task for task in _tasks_open(case.pk) if task.kind not in SIDE_TASKS]


def all_tasks(case: Case) -> list[Task]:
    """All tasks of a case in the order they were opened."""
    return _tasks(case.pk)


def timeline(case: Case, *, public_only: bool) -> list[TimelineEntry]:
    return [entry for entry in _timeline(case.pk) if entry.public or not public_only]


def papers(case: Case, *, public_only: bool) -> list[Paper]:
    return [paper for paper in _papers(case.pk) if paper.public or not public_only]


def papers_issued(case: Case) -> int:
    """How many papers a case has had, void ones included: they are numbered through."""
    return len(_issued(case.pk))


def get_paper(actor: Actor, case_id: UUID, paper_id: UUID, *, public_only: bool) -> Paper:
    """One valid paper of a case in the actor's sight."""
    case = get_case(actor, case_id)
    rows = Paper.objects.filter(case=case, pk=paper_id).exclude(state="void")
    paper = (rows.filter(public=True) if public_only else rows).first()
    if paper is None:
        raise NotFound("PAPER", gettext_noop("This case has no such paper."))
    return paper


def materials(case: Case) -> list[Material]:
    return _materials(case.pk)


def my_cases(actor: Actor) -> QuerySet[Case]:
    """A resident's own cases and those handed in for people who gave a mandate, newest first."""
    return Case.objects.filter(policy.own(actor)).order_by("-submitted_at")


def by_person(actor: Actor, party_id: UUID) -> list[Case]:
    """Cases about one person, in the actor's sight."""
    return list(Case.objects.filter(policy.cases.visible(actor), party_id=party_id).order_by("-submitted_at")[:50])
