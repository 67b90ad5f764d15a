"""Statutory papers and results: issued in the step's transaction, printed by a job."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from linli.cases.casefile.engine import verify_code
from linli.cases.casefile.models import Case, Paper
from linli.cases.casefile.queries.cases import definition_for, papers_issued
from linli.cases.casefile.types import PAPER_TITLES
from linli.cases.catalogue.types import Result
from linli.foundation.actions.actions import action
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import Actor

PRINT = "casefile.print_paper"


def results_of(case: Case) -> tuple[Result, ...]:
    return definition_for(case).spec.results


def issue_paper(
    case: Case, actor: Actor, kind: str, *, now: datetime, title: str = "", before: int | None = None, **context: Any
) -> Paper | None:
    """Issue a paper of the case's matter version; None when the matter has no such paper. The PDF follows from a job that may be repeated.

    ``before``: how many papers the case has had, where the step knows.
    """
    if kind not in definition_for(case).spec.papers:
        return None
    serial = (papers_issued(case) if before is None else before) + 1
    paper = Paper(
        case=case,
        kind=kind,
        title=title or str(PAPER_TITLES.get(kind, kind)),
        number=f"{case.number}-{serial:02d}",
        verify_code=verify_code(case.number, kind, serial),
        context=context,
        issued_at=now,
        issued_by=actor.user_id,
        public=kind in PAPER_TITLES and kind != "delivery",  # the form of a step stays in the office's file
    )
    paper.save(force_insert=True)
    put_jobs(PRINT, "papers", {"paper_id": str(paper.id)}, unhurried=True)
    return paper


@action("cases.print", audit="cases.paper_printed")
def file_paper(actor: Actor, *, paper_id: UUID, file_id: UUID | None) -> Paper:
    """The job made the PDF (or could not: then the paper says so)."""
    paper = Paper.objects.select_for_update(of=("self",)).get(pk=paper_id)
    paper.file_id, paper.state = file_id, "ready" if file_id else "failed"
    paper.save(update_fields=["file", "state"])
    return paper
