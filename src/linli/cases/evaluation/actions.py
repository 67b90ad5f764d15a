"""Rating a case, and what follows a bad rating."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile.actions.running import arm_clock
from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.cases import definition_for, get_case
from linli.cases.evaluation import policy
from linli.cases.evaluation.engine import is_bad, tags
from linli.cases.evaluation.models import CallBack, Evaluation
from linli.cases.evaluation.queries import get_evaluation
from linli.cases.supervision.engine.clock import Deadline
from linli.cases.supervision.queries import params
from linli.cases.supervision.types import Budget
from linli.foundation.actions.actions import action, require
from linli.foundation.calendar.queries import current
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor, ActorKind
from linli.lib.errors import Conflict, Invalid

VERDICTS = ("valid", "invalid", "no_basis")
LONGEST_COMMENT = 500


@action("cases.rate", audit="evaluation.case_rated")
def rate_case(actor: Actor, *, case_id: UUID, score: int, tag_codes: list[str], comment: str = "") -> Evaluation:
    """Rate a finished case, or change the rating once within 24 hours. A bad one names at least one reason and asks for a call-back."""
    case = get_case(actor, case_id, lock=True)
    require(
        policy.can_rate(actor, case),
        gettext_noop("This case cannot be rated yet."),
        hint=gettext_noop("You can rate it as soon as it has been decided."),
    )
    now = timezone.now()
    wanted = _checked(case, score, tag_codes)
    rating = Evaluation.objects.select_for_update().filter(case=case).first()
    if rating is None:
        rating = Evaluation(
            case=case,
            region_path=case.region_path,
            unit_id=case.unit_id,
            rated_at=now,
            channel="track" if actor.kind == ActorKind.TRACKER else "portal",
        )
    elif policy.can_change(rating, now):
        rating.changed_at = now
    else:
        raise Conflict(
            "RATED", gettext_noop("This case has been rated already."), hint=gettext_noop("A rating can be changed once, within 24 hours.")
        )
    rating.score, rating.tags, rating.comment = score, wanted, comment.strip()[:LONGEST_COMMENT]
    rating.state, rating.call_back_by = ("new", _call_back_by(now)) if is_bad(score) else ("closed", None)
    rating.save()
    arm_clock(case, now=now)
    emit("evaluation.rated", region_path=case.region_path, case_id=case.id, evaluation_id=rating.id)
    return rating


def _checked(case: Case, score: int, codes: list[str]) -> list[str]:
    if score not in (1, 2, 3, 4, 5):
        raise Invalid("RATING_SCORE", gettext_noop("Choose one of the five answers."), field="score")
    offered = {tag.code for tag in tags(definition_for(case).spec.evaluation_tags)}
    wanted = [code for code in dict.fromkeys(codes) if code in offered]
    if is_bad(score) and not wanted:
        raise Invalid("RATING_TAGS", gettext_noop("Tell us what was wrong: choose at least one reason."), field="tags")
    return wanted


def _call_back_by(now: datetime) -> datetime:
    """R12: within one working day (a parameter of the rules)."""
    return Deadline(calendar=current(), start=now, budget=Budget(params().callback_days, "W")).due(now).at


@action("evaluation.callback", audit="evaluation.called_back")
def record_callback(actor: Actor, *, evaluation_id: UUID, verdict: str, note: str) -> Evaluation:
    """What the call found: the rating is right, was a mistake, or asks for what nobody owes. Each needs words."""
    rating = get_evaluation(actor, evaluation_id, lock=True)
    require(policy.can_call_back(actor, rating), gettext_noop("You worked on this case; a colleague has to call back."), code="INVOLVED")
    if rating.state not in ("new", "verifying"):
        raise Conflict("CALLED_BACK", gettext_noop("Somebody has called back already."))
    if verdict not in VERDICTS:
        raise Invalid("CALLBACK_VERDICT", gettext_noop("Choose what the call found."), field="verdict")
    return _record(actor, rating, verdict, note)


@action("evaluation.callback", audit="evaluation.rectified")
def record_rectified(actor: Actor, *, evaluation_id: UUID, note: str) -> Evaluation:
    """What was put right after a rating that was found to be right, and that the resident was told so."""
    rating = get_evaluation(actor, evaluation_id, lock=True)
    require(policy.can_call_back(actor, rating), gettext_noop("You worked on this case; a colleague has to call back."), code="INVOLVED")
    if rating.state != "valid":
        raise Conflict("NOT_VALID", gettext_noop("There is nothing to put right here."))
    return _record(actor, rating, "rectified", note)


def _record(actor: Actor, rating: Evaluation, verdict: str, note: str) -> Evaluation:
    if len(note.strip()) < 5:
        raise Invalid("CALLBACK_NOTE", gettext_noop("Write down what was said."), field="note")
    now = timezone.now()
    CallBack(evaluation=rating, at=now, by_user=actor.user_id, verdict=verdict, note=note.strip()).save(force_insert=True)
    rating.state = verdict
    rating.save(update_fields=["state"])
    case = get_case(actor, rating.case_id, lock=True)
    arm_clock(case, now=now)
    emit("evaluation.called_back", region_path=rating.region_path, case_id=rating.case_id, evaluation_id=rating.id)
    return rating
