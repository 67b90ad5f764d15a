"""Reading ratings: one's own, those that wait for a call, and what the clock is told of them (R12)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from linli.cases.evaluation import policy
from linli.cases.evaluation.engine import BAD
from linli.cases.evaluation.models import CallBack, Evaluation
from linli.cases.supervision.types import BadRating
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import NotFound


def rating_of(actor: Actor, case_id: UUID) -> Evaluation | None:
    """The rating of a case in the actor's sight."""
    return Evaluation.objects.filter(policy.evaluations.visible(actor), case_id=case_id).first()


def get_evaluation(actor: Actor, pk: UUID, *, lock: bool = False) -> Evaluation:
    """One rating in the actor's sight, with its case."""
    rows = Evaluation.objects.filter(policy.evaluations.visible(actor), pk=pk).select_related("case")
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound("EVALUATION", gettext_noop("There is no such rating, or it is not yours to see."))
    return found


def waiting(actor: Actor, state: str = "new") -> QuerySet[Evaluation]:
    """Bad ratings in one state, the most urgent first."""
    rows = Evaluation.objects.filter(policy.evaluations.visible(actor), score__in=BAD, state=state)
    return rows.select_related("case").order_by("call_back_by", "id")


def callbacks_of(actor: Actor, evaluation: Evaluation) -> list[CallBack]:
    """What was found so far, oldest first."""
    return list(CallBack.objects.filter(policy.callbacks.visible(actor), evaluation=evaluation).order_by("at"))


def bad_ratings(case_id: UUID) -> tuple[BadRating, ...]:
    """What rule R12 looks at. Read with a job's rights: the clock is armed by whoever moves the case."""
    with scoped(system_actor("evaluation.clock")):
        rating = Evaluation.objects.filter(case_id=case_id, score__in=BAD).first()
        if rating is None:
            return ()
        calls = list(CallBack.objects.filter(evaluation=rating).order_by("at"))
    called = next((call for call in calls if call.verdict != "rectified"), None)
    rectified = next((call for call in calls if call.verdict == "rectified"), None)
    return (
        BadRating(
            key=str(rating.id)[:36],
            rated_at=rating.changed_at or rating.rated_at,
            called_back_at=called.at if called else None,
            upheld=called is None or called.verdict == "valid",
            rectified_at=rectified.at if rectified else None,
        ),
    )
