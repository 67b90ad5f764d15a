"""Jobs: printing papers, what a raised signal does to a case."""

from __future__ import annotations

import io
import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from linli.cases.casefile.actions.intake import accept_by_silence
from linli.cases.casefile.actions.papers import PRINT, file_paper
from linli.cases.casefile.models import Case, Paper
from linli.cases.casefile.queries.papers import paper_values
from linli.cases.casefile.tasks import deadlines  # noqa: F401 - its periodic job registers itself
from linli.cases.catalogue.engine.papers import to_pdf
from linli.foundation.files.actions import store
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import current_actor
from linli.foundation.types import system_actor
from linli.lib.errors import LinliError, Unavailable

log = logging.getLogger(__name__)
PRINTER = system_actor("casefile.printer", permissions=["cases.print", "files.upload"])


@app.task(name=PRINT, queue="papers", retry=5)
def print_paper(*, paper_id: str) -> None:
    """Make the PDF of a paper. Repeating it makes no second file, and who comes while it is being made waits for it."""
    with scoped(PRINTER):
        paper = Paper.objects.select_for_update(of=("self",)).select_related("case").get(pk=UUID(paper_id))
        if paper.state == "ready":
            return
        case: Case = paper.case
        stored = store(
            PRINTER,
            upload=io.BytesIO(to_pdf(*paper_values(paper))),
            name=f"{paper.number}.pdf",
            accept=("application/pdf",),
            case_id=case.id,
            party_id=case.party_id if paper.public else None,  # what stays in the office's file is not the applicant's to open
            region_path=case.region_path,
            line=case.line,
            level=case.level,
        )
        file_paper(PRINTER, paper_id=paper.id, file_id=stored.id)


def print_now(paper: Paper) -> UUID:
    """The file of a paper, made on the spot where no job has made it (yet): papers of a city that was stamped have none.

    The caller has found the paper under its own rights. PAPER_UNPRINTED when it cannot be made on this machine now.
    """
    if paper.file_id is None:
        try:
            print_paper(paper_id=str(paper.pk))
        except (LinliError, OSError, ImportError) as error:  # no Pango, no font, a full disk
            log.warning("a paper could not be printed on demand: %s", error)
            raise Unavailable(
                "PAPER_UNPRINTED",
                gettext_noop("This paper cannot be printed at the moment."),
                hint=gettext_noop("Try again in a few minutes. The paper itself is valid; its code can be verified."),
            ) from error
        with scoped(PRINTER):
            paper.refresh_from_db()
    assert paper.file_id is not None  # noqa: S101 - narrows a type
    return paper.file_id


def signalled(case_id: UUID, rule: str, colour: str, params: dict[str, Any], now: datetime) -> None:
    """A rung of the case's clock rang."""
    if rule == "R01":
        accept_by_silence(case_id, current_actor(), now=now)
