"""Read models of the workbench: everything a case page shows, what a home page counts, what the search finds, what the board adds up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from linli.cases.casefile import policy
from linli.cases.casefile.engine.hooks import SIDE_TASKS, hidden_kinds
from linli.cases.casefile.models import Case, CaseProcess, Material, Paper, Task, TimelineEntry
from linli.cases.casefile.queries import cases as single
from linli.cases.casefile.queries import inbox
from linli.cases.casefile.types import State
from linli.cases.catalogue.models import MatterVersion
from linli.cases.catalogue.queries import Definition
from linli.cases.supervision import queries as supervision
from linli.cases.supervision.models import Card, Clock, Suspension
from linli.cases.workflow import engine as workflow
from linli.cases.workflow.types import Signing
from linli.foundation.accounts.models import Mandate, PostHolding, User
from linli.foundation.scope.actions import scoped
from linli.foundation.types import PATH_END, Actor, system_actor
from linli.foundation.units.models import Unit
from linli.lib.casenumber import parse_case_number
from linli.lib.errors import LinliError

FOUND = 20  # rows of a search; more than that is not an answer


@dataclass(frozen=True)
class StepState:
    """One step of the process as the progress list draws it."""

    step_id: str
    name: str
    kind: str
    state: str  # done | current | todo
    unit: str = ""
    by: str = ""
    outcome: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class OpenTask:
    """An open task with what the page must know about it."""

    task: Task
    held: bool
    outcomes: tuple[str, ...]
    signing: Signing
    returnable: tuple[tuple[str, str], ...]  # (step id, name) of the steps the work can go back to
    asked_to_sign: bool


@dataclass(frozen=True)
class CaseView:
    """A case with everything around it, read once."""

    case: Case
    definition: Definition
    answers: dict[str, Any]
    tasks: list[Task]
    beside: list[Task]  # open tasks that are no step of the process
    open: list[OpenTask]
    steps: list[StepState]
    timeline: list[TimelineEntry]
    papers: list[Paper]
    materials: list[Material]
    clock: Clock | None
    ledger: list[Suspension]
    cards: list[Card]
    mandate: Mandate | None = None  # under which somebody acts for the applicant
    earlier: list[Case] = field(default_factory=list)


def case_view(actor: Actor, case_id: UUID) -> CaseView:
    """The case page of one case, or NotFound."""
    case = single.get_case(actor, case_id)
    chosen = single.definition_for(case)
    shown = [t for t in single.all_tasks(case) if t.kind not in hidden_kinds(actor)]
    tasks = [t for t in shown if t.kind not in SIDE_TASKS]
    state = CaseProcess.objects.values_list("state", flat=True).get(pk=case.pk)
    earlier = [c for c in single.by_person(actor, case.party_id)[:6] if c.pk != case.pk] if case.party_id else []
    return CaseView(
        case=case,
        definition=chosen,
        answers=single.answers(case),
        tasks=shown,
        beside=[t for t in shown if t.kind in SIDE_TASKS and t.state == "open"],
        open=[_open(actor, chosen, state, t) for t in tasks if t.state == "open"],
        steps=_steps(chosen, tasks),
        timeline=single.timeline(case, public_only=False),
        papers=single.papers(case, public_only=False),
        materials=single.materials(case),
        clock=supervision.clock_of(actor, case.pk),
        ledger=supervision.ledger(case.pk),
        cards=list(supervision.cards(actor, subject_id=case.pk)),
        mandate=_mandate(case),
        earlier=earlier,
    )


def _mandate(case: Case) -> Mandate | None:
    """The mandate a case was handed in under. Read with a job's rights: it stands on the case whoever works on that, its papers do not."""
    if case.mandate_id is None:
        return None
    with scoped(system_actor("casefile.mandate", below=case.region_path)):
        return Mandate.objects.filter(pk=case.mandate_id).first()


def drawing(actor: Actor, case_id: UUID) -> str:
    """The process a case is locked to, as BPMN 2.0 with a drawing."""
    case = single.get_case(actor, case_id)
    return workflow.add_layout(MatterVersion.objects.values_list("process", flat=True).get(pk=case.version_id))


def _open(actor: Actor, chosen: Definition, state: str, task: Task) -> OpenTask:
    spec = chosen.process.steps[task.step_id]
    signing = workflow.signing(chosen.process, state, task.token_id)
    back = tuple(
        (key, chosen.process.steps[key].name)
        for key in workflow.returnable(chosen.process, state, task.token_id)
        if chosen.process.steps[key].kind not in ("accept", "dispatch")
    )
    me = str(actor.user_id)
    own = policy.holds(actor, task)
    waits = me in signing.awaited or (own and signing.missing_people > 0 and me not in signing.signed)
    return OpenTask(task=task, held=own, outcomes=spec.outcomes or ("done",), signing=signing, returnable=back, asked_to_sign=waits)


def _steps(chosen: Definition, tasks: list[Task]) -> list[StepState]:
    """The process in the order it is drawn: what was done, what is open, what is still to come."""
    latest: dict[str, Task] = {}
    for task in tasks:
        if task.state in ("open", "done", "paused") and not (task.state == "done" and task.outcome == "return"):
            latest[task.step_id] = task
    over = not any(task.state in ("open", "paused") for task in tasks)
    handing_over = any(task.kind == "deliver" for task in latest.values())
    found = []
    for step_id, spec in chosen.process.steps.items():
        known = latest.get(step_id)
        if known is None:
            if over or (handing_over and spec.kind == "deliver"):
                continue  # the way not taken
            found.append(StepState(step_id, spec.name, spec.kind, "todo"))
        else:
            found.append(
                StepState(
                    step_id,
                    spec.name,
                    spec.kind,
                    "done" if known.state == "done" else "current",
                    known.unit_name,
                    (known.done_by_name if known.done_by else "") or known.assignee_name,
                    known.outcome,
                    known.done_at,
                )
            )
    return found


@dataclass(frozen=True)
class Home:
    """The numbers and first rows of a personal home page."""

    mine: int
    unit: int
    overdue: int
    today: int
    mine_tasks: list[Task]
    unit_tasks: list[Task]
    cards: list[Card]


def home(actor: Actor, now: datetime, *, rows: int = 6) -> Home:
    """What waits for this person; counts are bounded as in the inbox."""
    held = inbox.box(actor, "mine") | inbox.box(actor, "unit").filter(assignee_id=None)
    end = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    bounded = inbox.COUNT_LIMIT + 1
    mine, unit = inbox.box(actor, "mine"), inbox.box(actor, "unit").filter(assignee_id=None)
    cards = (
        Card.objects.filter(Q(unit_id__in=actor.unit_ids) | Q(user_id=actor.user_id))
        .exclude(state__in=("closed", "cancelled"))
        .exclude(colour="blue")
    )
    return Home(
        mine=mine.values("pk")[:bounded].count(),
        unit=unit.values("pk")[:bounded].count(),
        overdue=held.filter(due_at__lte=now).values("pk")[:bounded].count(),
        today=held.filter(due_at__gt=now, due_at__lte=end).values("pk")[:bounded].count(),
        mine_tasks=list(mine.order_by("due_at", "id")[:rows]),
        unit_tasks=list(unit.order_by("due_at", "id")[:rows]),
        cards=list(cards.order_by("-issued_at")[:rows]),
    )


def looks_like_number(text: str) -> bool:
    """Whether somebody typed (part of) a case number rather than a name or an ID number of 15 or 18."""
    digits = text.replace(" ", "").replace("-", "")
    return digits.isdigit() and len(digits) > 18


def search_cases(actor: Actor, text: str) -> list[Case]:
    """Cases by number, or by the beginning of the applicant's name, in the actor's sight. Nothing for an empty question."""
    text = text.strip()
    if not text:
        return []
    rows = Case.objects.filter(policy.cases.visible(actor)).select_related("region")
    if looks_like_number(text):
        try:
            return list(rows.filter(number=str(parse_case_number(text))))
        except LinliError:
            return []
    if len(text) < 2:
        return []
    return list(rows.filter(applicant__startswith=text).order_by("-submitted_at")[:FOUND])


@dataclass(frozen=True)
class Colleague:
    """Somebody a step can be given to."""

    id: UUID
    name: str
    unit: str


def colleagues(actor: Actor) -> list[Colleague]:
    """People who hold a post in the actor's own units today, without the actor."""
    today = timezone.localdate()
    rows = PostHolding.objects.filter(
        Q(until=None) | Q(until__gte=today), since__lte=today, post__unit_id__in=actor.unit_ids, user__is_active=True
    )
    found = {
        h.user_id: Colleague(h.user_id, h.user.name, h.post.unit.name)
        for h in rows.select_related("user", "post__unit").order_by("user__name")
    }
    found.pop(actor.user_id, None)  # type: ignore[arg-type]
    return list(found.values())


def units_for_transfer(case: Case) -> list[Unit]:
    """Offices a step can be handed to: those at and above the case's place, and of the counties' other lines."""
    places = [case.region_path[:n] for n in range(5, len(case.region_path) + 1, 5)]
    return list(Unit.objects.filter(region_path__in=places, valid_to=None).order_by("region_path", "code"))


def signers(actor: Actor, case: Case) -> list[Colleague]:
    """People of the offices at the case's place who may be asked to sign."""
    today = timezone.localdate()
    places = [case.region_path[:n] for n in range(5, len(case.region_path) + 1, 5)]
    rows = PostHolding.objects.filter(
        Q(until=None) | Q(until__gte=today), since__lte=today, post__unit__region_path__in=places, user__is_active=True, user__kind="staff"
    )
    found = {
        h.user_id: Colleague(h.user_id, h.user.name, h.post.unit.name)
        for h in rows.select_related("user", "post__unit").order_by("post__unit__region_path", "user__name")[:300]
    }
    found.pop(actor.user_id, None)  # type: ignore[arg-type]
    return list(found.values())


def names_of(user_ids: list[UUID]) -> dict[str, str]:
    """Names behind account ids, for signatures."""
    return {str(pk): name for pk, name in User.objects.filter(pk__in=user_ids).exclude(kind="citizen").values_list("pk", "name")}


def below(path: str) -> Q:
    return Q(region_path__gte=path, region_path__lt=path + PATH_END)


OPEN_STATES = (State.SUBMITTED, State.CORRECTING, State.ACCEPTED, State.REVIEWING, State.SUSPENDED)


def open_within(lo: str, hi: str) -> int:
    """How many open cases a subtree of regions has, for a job's actor that sees all of it."""
    return Case.objects.filter(region_path__gte=lo, region_path__lt=hi, state__in=OPEN_STATES).count()
