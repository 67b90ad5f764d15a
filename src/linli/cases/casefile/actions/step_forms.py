"""Filling in the form of a step: as far as it goes, then as a whole; after the first signature nothing changes any more."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile.actions.papers import issue_paper
from linli.cases.casefile.actions.routing import held_task
from linli.cases.casefile.models import Case, StepForm, Task
from linli.cases.casefile.queries.cases import definition_for, process_state
from linli.cases.casefile.queries.people import stands_aside
from linli.cases.workflow import engine as workflow
from linli.foundation.actions.actions import action, require
from linli.foundation.files.actions import attach
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, NotFound


@action("cases.view", audit="cases.step_form_saved")
def save_step_form(
    actor: Actor,
    *,
    task_id: UUID,
    answers: Mapping[str, Any],
    draft: Mapping[str, Any] | None = None,
    files: Collection[UUID] = (),
    complete: bool = True,
) -> StepForm:
    """Keep what was filled in at a step; `draft` is what the page goes on with. Errors: STEP_FORM (404), FORM_SIGNED, TASK_DONE, RELATIVE."""
    task, case = held_task(actor, task_id)
    chosen = definition_for(case)
    asked = chosen.form_of_step(task.step_id)
    if asked is None:
        raise NotFound("STEP_FORM", gettext_noop("This step asks for no form."))
    require(
        not stands_aside(actor, case),
        gettext_noop("You or a relative of yours is the applicant; a colleague has to do this."),
        code="RELATIVE",
    )
    if workflow.signing(chosen.process, process_state(case), task.token_id).signed:
        raise Conflict(
            "FORM_SIGNED",
            gettext_noop("Somebody has signed this form already; it can no longer be changed."),
            hint=gettext_noop("Complete the step, or send it back to an earlier one to have it done again."),
        )
    if files:
        attach(
            actor, file_ids=files, case_id=case.id, party_id=None, region_path=case.region_path, line=case.line, level=max(case.level, 4)
        )
    row = StepForm.objects.filter(task=task).first() or StepForm(task=task, case=case, name=asked[0])
    row.data = json.dumps({"answers": dict(answers), "draft": dict(draft or {})}, ensure_ascii=False)
    row.complete, row.saved_at, row.saved_by, row.saved_by_name = complete, timezone.now(), actor.user_id, actor.label[:60]
    row.save()
    return row


def issue_step_paper(case: Case, task: Task, actor: Actor) -> None:
    """Print the form of a completed step where the matter has a paper of the form's name. It stays in the office's file."""
    asked = definition_for(case).form_of_step(task.step_id)
    if asked is not None:
        issue_paper(case, actor, asked[0], now=timezone.now(), title=asked[1].title, task=str(task.id))
