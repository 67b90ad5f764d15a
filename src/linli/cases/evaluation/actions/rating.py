"""Rating a case, and what follows a bad rating."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, override

from linli.cases.casefile.actions.running import arm_clock, call_in, finish
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.queries.cases import definition_for, get_case
from linli.cases.evaluation import policy
from linli.cases.evaluation.engine import is_bad, tags, token_of
from linli.cases.evaluation.engine.tokens import KIND
from linli.cases.evaluation.models import CallBack, Evaluation
from linli.cases.evaluation.queries import call_back_office, facts_of, get_evaluation, open_task_of, subject_of
from linli.cases.supervision.actions import arm
from linli.cases.supervision.engine.clock import Deadline
from linli.cases.supervision.queries import params
from linli.cases.supervision.types import Budget
from linli.foundation.actions.actions import action, require
from linli.foundation.calendar.queries import current
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor, ActorKind, Level
from linli.lib.errors import Conflict, Invalid, Refused

CALL, RECTIFY = "call", "rectify"
NAMES = {CALL: gettext_noop("Call back after a bad rating"), RECTIFY: gettext_noop("Put right what was rated bad")}
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
    rating.state, rating.call_back_by = ("new", within(params().callback_days, now)) if is_bad(score) else ("closed", None)
    rating.save()
    follow(rating, CALL if is_bad(score) else None, now=now, due_at=rating.call_back_by)
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


def within(days: int, since: datetime) -> datetime:
    """R12: so many working days (parameters of the rules) after the rating."""
    return Deadline(calendar=current(), start=since, budget=Budget(days, "W")).ends(since).at


def follow(
    rating: Evaluation, wanted: str | None, *, now: datetime, due_at: datetime | None = None, assignee: Actor | None = None
) -> Task | None:
    """Bring the office's task and the clock in line with what the rating waits for: a call, something put right, or nothing."""
    case, task = rating.case, open_task_of(rating)
    if wanted is None and task is not None:
        task.state, task.done_at = "cancelled", now
        task.save(update_fields=["state", "done_at"])
        task = None
    elif wanted is not None and task is None:
        task = _open_task(rating, wanted, due_at, assignee, now)
    elif task is not None:
        task.due_at = due_at
        task.save(update_fields=["due_at"])
    arm(subject_of(rating, task), facts_of(rating), now=now)
    emit("cases.case_moved", region_path=task.region_path if task else case.region_path, case_id=case.pk)
    return task


def _open_task(rating: Evaluation, wanted: str, due_at: datetime | None, assignee: Actor | None, now: datetime) -> Task:
    """A task of the calling office. It stands at that office's place, not at the case's: who worked on the case does not meet it."""
    case: Case = rating.case
    office = call_back_office(case.region_path)
    if office is not None and case.level > Level.PERSONAL:
        call_in(case, office)  # a sensitive case is seen by whoever was called to it; a rating under one's name is always called back
    with override(settings.LANGUAGE_CODE):
        name = gettext(NAMES[wanted])
    task = Task(
        case=case,
        step_id=wanted,
        token_id=token_of(rating.pk),
        name=name,
        kind=KIND,
        line=office.line if office else case.line,
        level=case.level,
        region_path=office.region_path if office else case.region_path,
        unit_id=office.pk if office else None,
        unit_name=office.name if office else "",
        assignee_id=assignee.user_id if assignee else None,
        assignee_name=assignee.label if assignee else "",
        number=case.number,
        matter_code=case.matter_code,
        title=case.title,
        applicant=case.applicant,
        opened_at=now,
        due_at=due_at,
    )
    task.save(force_insert=True)
    return task


@action("evaluation.callback", audit="evaluation.called_back")
def record_callback(actor: Actor, *, evaluation_id: UUID, verdict: str, note: str) -> Evaluation:
    """What the call found: the rating is right, was a mistake, or asks for what nobody owes. Each needs words."""
    rating = _locked(actor, evaluation_id)
    require(policy.can_call_back(actor, rating), gettext_noop("You worked on this case; a colleague has to call back."), code="INVOLVED")
    if rating.state not in ("new", "verifying"):
        raise Conflict("CALLED_BACK", gettext_noop("Somebody has called back already."))
    if verdict not in VERDICTS:
        raise Invalid("CALLBACK_VERDICT", gettext_noop("Choose what the call found."), field="verdict")
    return _record(actor, rating, verdict, note)


@action("evaluation.callback", audit="evaluation.rectified")
def record_rectified(actor: Actor, *, evaluation_id: UUID, note: str) -> Evaluation:
    """What was put right after a rating that was found to be right, and that the resident was told so."""
    rating = _locked(actor, evaluation_id)
    require(policy.can_call_back(actor, rating), gettext_noop("You worked on this case; a colleague has to call back."), code="INVOLVED")
    if rating.state != "valid":
        raise Conflict("NOT_VALID", gettext_noop("There is nothing to put right here."))
    return _record(actor, rating, "rectified", note)


def _locked(actor: Actor, evaluation_id: UUID) -> Evaluation:
    """The rating, locked after its case: in the order in which `rate_case` takes the two, so that nobody waits in a circle."""
    get_case(actor, get_evaluation(actor, evaluation_id).case_id, lock=True)
    return get_evaluation(actor, evaluation_id, lock=True)


def _record(actor: Actor, rating: Evaluation, verdict: str, note: str) -> Evaluation:
    if len(note.strip()) < 5:
        raise Invalid("CALLBACK_NOTE", gettext_noop("Write down what was said."), field="note")
    task, now = open_task_of(rating), timezone.now()
    if task is not None and task.assignee_id not in (None, actor.user_id):
        raise Refused(
            "TASK_TAKEN",
            gettext_noop("%(name)s has taken this call."),
            hint=gettext_noop("It can be released or handed over in the inbox."),
            data={"name": task.assignee_name},
        )
    CallBack(evaluation=rating, at=now, by_user=actor.user_id, verdict=verdict, note=note.strip()).save(force_insert=True)
    rating.state = verdict
    rating.save(update_fields=["state"])
    if task is not None:
        finish(task, actor, outcome=verdict, opinion=note, now=now)
    else:
        arm_clock(get_case(actor, rating.case_id), now=now)  # rated before calls were tasks: the case's own clock still waits for it
    upheld = verdict == "valid"
    due_at = within(params().rectify_days, rating.changed_at or rating.rated_at) if upheld else None
    follow(rating, RECTIFY if upheld else None, now=now, due_at=due_at, assignee=actor)
    emit("evaluation.called_back", region_path=rating.region_path, case_id=rating.case_id, evaluation_id=rating.id)
    return rating


def due_moved(evaluation_id: UUID, former: datetime | None, due: datetime | None) -> None:
    """After a calendar change: the open task is due on the day the rules now say. Inside a job's scope."""
    rating = Evaluation.objects.select_for_update(of=("self",)).get(pk=evaluation_id)
    task = open_task_of(rating)
    if task is None:
        return
    days = params().callback_days if task.step_id == CALL else params().rectify_days
    task.due_at = within(days, rating.changed_at or rating.rated_at)
    task.save(update_fields=["due_at"])
    if task.step_id == CALL:
        rating.call_back_by = task.due_at
        rating.save(update_fields=["call_back_by"])
