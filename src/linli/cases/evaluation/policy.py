"""An evaluation is seen where its case is; its author is masked from the one rated."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.cases.casefile import policy as casefile
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.types import State
from linli.cases.evaluation.engine.tokens import KIND
from linli.cases.evaluation.models import CallBack, Evaluation
from linli.foundation.scope.models import Power, Protection, Via
from linli.foundation.types import Actor

evaluations = Protection(Evaluation, [Via("case_id", Case), Power("system")])
callbacks = Protection(CallBack, [Via("evaluation_id", Evaluation), Power("system")])

CHANGE_WITHIN = timedelta(hours=24)


def can_rate(actor: Actor, case: Case) -> bool:
    """The applicant, who acts for her, or who opened the case with its code - once the case is over, unless it was taken back."""
    return casefile.can_rate(actor, case) and case.state != State.WITHDRAWN


def can_change(evaluation: Evaluation, now: datetime) -> bool:
    """Once, within a day, and not after somebody has called back."""
    return evaluation.changed_at is None and now - evaluation.rated_at <= CHANGE_WITHIN and evaluation.state in ("new", "closed")


def can_call_back(actor: Actor, evaluation: Evaluation) -> bool:
    """Whoever worked on the case does not judge what is said about it (services.md §2.5)."""
    case: Case = evaluation.case
    involved = {case.accepted_by, case.decided_by, case.first_contact}
    return actor.user_id not in involved and not Task.objects.filter(case=case, done_by=actor.user_id).exclude(kind=KIND).exists()
