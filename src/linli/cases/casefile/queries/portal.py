"""What a resident, and whoever opened one case, reads of cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from linli.cases.casefile import policy
from linli.cases.casefile.models import Case, Draft, Material, Paper, Task, TimelineEntry
from linli.cases.casefile.queries.cases import get_case, materials, my_cases, open_tasks, papers, timeline
from linli.cases.casefile.queries.drafts import NOBODY
from linli.cases.casefile.types import OPEN
from linli.cases.supervision.models import Clock
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.masking import mask_name

ON_HOME = 3
PAGE = 20


@dataclass(frozen=True)
class Standing:
    """A case as its page shows it. ``explanation`` are the clock's reasons: msgid and params of each."""

    case: Case
    story: list[TimelineEntry]
    waiting: list[Task]
    papers: list[Paper]
    materials: list[Material]
    due_at: datetime | None
    explanation: list[dict[str, Any]]
    provisional: bool


@dataclass(frozen=True)
class VerifiedPaper:
    """What anybody may read of a paper by the code printed on it. The applicant's name is masked already."""

    title: str
    number: str
    matter: str
    applicant: str
    unit: str
    issued_at: datetime
    genuine: bool


def open_cases(actor: Actor) -> list[Case]:
    """The newest cases of a resident that still run."""
    return list(my_cases(actor).filter(state__in=[str(s) for s in OPEN])[:ON_HOME])


def my_page(actor: Actor, number: str) -> Page[Case]:
    """A page of a resident's own cases, newest first."""
    return Paginator(my_cases(actor), PAGE).get_page(number)


def my_drafts(actor: Actor) -> list[Draft]:
    """Forms begun and not sent, newest first."""
    rows = Draft.objects.filter(policy.drafts.visible(actor), user_id=actor.user_id or NOBODY)
    return list(rows.select_related("version__matter").order_by("-updated_at"))


def standing(actor: Actor, case_id: UUID) -> Standing:
    """Everything the page of one case shows; NotFound when the case is not the actor's. Every case takes the same number of queries."""
    case = get_case(actor, case_id)
    clock = _clock(case)
    return Standing(
        case=case,
        story=timeline(case, public_only=True),
        waiting=open_tasks(case),
        papers=papers(case, public_only=True),
        materials=materials(case),
        due_at=clock.promised_due if clock else case.due_at,
        explanation=list(clock.explanation) if clock else [],
        provisional=clock.provisional if clock else False,
    )


def _clock(case: Case) -> Clock | None:
    """The clock of a case the getter has already opened. Read with a job's rights below the case's place: an applicant whom the
    register does not know (assurance 0) has no branch of the clock's own table."""
    with scoped(system_actor("casefile.own_clock", below=case.region_path)):
        return Clock.objects.filter(subject_id=case.id).first()


def submitted_with(actor: Actor, key: str) -> Case | None:
    """The case that a submission key has made already."""
    return Case.objects.filter(policy.cases.visible(actor), submission_key=key, created_by=actor.user_id).first() if key else None


def paper_by_code(code: str) -> VerifiedPaper | None:
    """A paper of ours by its code, void ones included; None when we issued no such paper. Read with a job's rights, handed out masked."""
    wanted = "".join(code.split()).replace("-", "").upper()
    with scoped(system_actor("casefile.verification")):
        paper = Paper.objects.select_related("case__unit", "case__region").filter(verify_code=wanted).first()
        if paper is None:
            return None
        case: Case = paper.case
        unit = case.unit.name if case.unit else case.region.name
        return VerifiedPaper(
            title=paper.title,
            number=paper.number,
            matter=case.title,
            applicant=mask_name(case.applicant),
            unit=unit,
            issued_at=paper.issued_at,
            genuine=paper.state != "void",
        )
