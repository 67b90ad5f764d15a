"""Reading ratings: one's own, those that wait for a call, whose call it is, and what the clock is told of them (R12)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from linli.cases.casefile.models import Task
from linli.cases.evaluation import policy
from linli.cases.evaluation.engine import BAD, token_of
from linli.cases.evaluation.models import CallBack, Evaluation
from linli.cases.supervision.engine.subjects import Subject
from linli.cases.supervision.types import BadRating, CaseFacts
from linli.foundation.access.queries import roles
from linli.foundation.regions.queries import ancestor_paths
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.foundation.units.models import Post, Unit
from linli.lib.errors import NotFound

CALLING = "evaluation.callback"


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


def open_task_of(evaluation: Evaluation) -> Task | None:
    """The call, or the putting right, that this rating waits for."""
    return Task.objects.filter(case_id=evaluation.case_id, state="open", token_id=token_of(evaluation.pk)).first()


def call_back_office(region_path: str) -> Unit | None:
    """The nearest office at or above a place that has a post for calling back; None when nobody has."""
    codes = [code for code, role in roles().items() if role.business and CALLING in role.permissions]
    posts = Post.objects.filter(role_code__in=codes, unit__region_path__in=ancestor_paths(region_path), unit__valid_to=None)
    post = posts.select_related("unit").order_by("-unit__region_path", "unit__code").first()
    return post.unit if post else None


def subject_of(evaluation: Evaluation, task: Task | None) -> Subject:
    """How the clock and its cards name a rating: as the office's that has to call, not as the case's and those who worked on it."""
    case = evaluation.case
    return Subject(
        kind="evaluation",
        id=evaluation.pk,
        number=case.number,
        title=case.title,
        region_path=task.region_path if task else evaluation.region_path,
        unit_id=task.unit_id if task else None,
        unit_name=task.unit_name if task else "",
        user_id=task.assignee_id if task else None,
    )


def facts_of(evaluation: Evaluation) -> CaseFacts:
    """What rule R12 looks at. Read with a job's rights: the clock is armed by whoever rates or calls back."""
    if evaluation.score not in BAD:
        return CaseFacts(case_id=str(evaluation.pk))
    with scoped(system_actor("evaluation.clock")):
        calls = list(CallBack.objects.filter(evaluation=evaluation).order_by("at"))
    called = next((call for call in calls if call.verdict != "rectified"), None)
    rectified = next((call for call in calls if call.verdict == "rectified"), None)
    rating = BadRating(
        key=str(evaluation.pk)[:36],
        rated_at=evaluation.changed_at or evaluation.rated_at,
        called_back_at=called.at if called else None,
        upheld=called is None or called.verdict == "valid",
        rectified_at=rectified.at if rectified else None,
    )
    return CaseFacts(case_id=str(evaluation.pk), bad_ratings=(rating,))


def read_anew(evaluation_id: UUID) -> tuple[Subject, CaseFacts]:
    """For the clock, after a calendar change."""
    rating = Evaluation.objects.select_related("case").get(pk=evaluation_id)
    return subject_of(rating, open_task_of(rating)), facts_of(rating)
