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
from linli.foundation.types import Actor
from linli.lib.errors import NotFound

_LOCKED: dict[UUID, Definition] = {}
NO_CASE = gettext_noop("There is no such case, or it is not yours to see.")


def get_case(actor: Actor, case_id: UUID, *, lock: bool = False) -> Case:
    """A case in the actor's sight; ``lock`` for a step, so that two people who press the same button take turns."""
    rows = Case.objects.filter(policy.cases.visible(actor), pk=case_id)
    case = (rows.select_for_update(of=("self",)) if lock else rows.select_related("region", "unit")).first()
    if case is None:
        raise NotFound("CASE", NO_CASE, hint=gettext_noop("Check the number, or ask the office that handed it out."))
    return case


def case_by_number(actor: Actor, number: str) -> Case:
    case = Case.objects.filter(policy.cases.visible(actor), number=number).select_related("region", "unit").first()
    if case is None:
        raise NotFound("CASE", NO_CASE)
    return case


def get_task(actor: Actor, task_id: UUID) -> Task:
    """A task in the actor's sight (its case is locked by the step that follows)."""
    task = Task.objects.filter(policy.tasks.visible(actor), pk=task_id).first()
    if task is None:
        raise NotFound("TASK", gettext_noop("There is no such task, or it is not yours to see."))
    return task


def answers(case: Case) -> dict[str, Any]:
    """What was filled in."""
    row = CaseForm.objects.get(case=case)
    return dict(json.loads(row.data))


def process_state(case: Case) -> str:
    return CaseProcess.objects.values_list("state", flat=True).get(pk=case.pk)


def definition_for(case: Case) -> Definition:
    """The matter version the case is locked to. A case's version is published and never changes again, so it is asked for once a process."""
    found = _LOCKED.get(case.version_id)
    if found is None:
        found = _LOCKED[case.version_id] = definition_of(case.version_id)
    return found


def open_tasks(case: Case) -> list[Task]:
    """Open steps of the process."""
    return list(Task.objects.filter(case=case, state="open").exclude(kind__in=SIDE_TASKS.keys()).order_by("opened_at", "id"))


def all_tasks(case: Case) -> list[Task]:
    return list(Task.objects.filter(case=case).order_by("opened_at", "id"))


def timeline(case: Case, *, public_only: bool) -> list[TimelineEntry]:
    rows = TimelineEntry.objects.filter(case=case)
    return list((rows.filter(public=True) if public_only else rows).order_by("at", "id"))


def papers(case: Case, *, public_only: bool) -> list[Paper]:
    rows = Paper.objects.filter(case=case).exclude(state="void").select_related("file")
    return list((rows.filter(public=True) if public_only else rows).order_by("issued_at", "id"))


def get_paper(actor: Actor, case_id: UUID, paper_id: UUID, *, public_only: bool) -> Paper:
    """One valid paper of a case in the actor's sight."""
    case = get_case(actor, case_id)
    rows = Paper.objects.filter(case=case, pk=paper_id).exclude(state="void")
    paper = (rows.filter(public=True) if public_only else rows).first()
    if paper is None:
        raise NotFound("PAPER", gettext_noop("This case has no such paper."))
    return paper


def materials(case: Case) -> list[Material]:
    return list(Material.objects.filter(case=case).select_related("file").order_by("id"))


def my_cases(actor: Actor) -> QuerySet[Case]:
    """A resident's own cases and those handed in for people who gave a mandate, newest first."""
    return Case.objects.filter(policy.own(actor)).order_by("-submitted_at")


def by_person(actor: Actor, party_id: UUID) -> list[Case]:
    """Cases about one person, in the actor's sight."""
    return list(Case.objects.filter(policy.cases.visible(actor), party_id=party_id).order_by("-submitted_at")[:50])
