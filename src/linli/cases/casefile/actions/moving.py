"""What a moved due date means for a case: lists show the new one, and the applicant reads why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile.actions.running import step_due, tell
from linli.cases.casefile.engine.hooks import SIDE_TASKS
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.queries.cases import definition_for
from linli.foundation.scope.engine import current_actor


def due_moved(case_id: UUID, former: datetime | None, due: datetime | None) -> None:
    """After a calendar change: repeat the promised date on the case and its open tasks, and say so on the timeline. Inside a job's scope."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    steps = definition_for(case).process.steps
    for task in Task.objects.filter(case=case, state="open").exclude(kind__in=SIDE_TASKS.keys()):
        spec = steps.get(task.step_id)
        task.due_at = (step_due(spec.days, spec.unit, task.opened_at) if spec else None) or due
        task.save(update_fields=["due_at"])
    if former == due:
        return
    case.due_at = due
    case.save(update_fields=["due_at"])
    text = gettext_noop("The work calendar has changed: to be decided by %(due)s instead of %(former)s")
    tell(case, current_actor(), "due_moved", text, now=timezone.now(), due=_said(due), former=_said(former))


def _said(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat() if at else ""
