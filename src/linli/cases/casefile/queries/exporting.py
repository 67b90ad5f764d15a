"""The list of cases as it is exported. Sensitive cases are in no list: their very title says something of the applicant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.board import cases_in
from linli.cases.casefile.queries.words import STATES
from linli.foundation.privacy.types import Column, Exportable, Filters, Row
from linli.foundation.types import Actor, Level
from linli.lib.masking import mask_name, mask_phone

CASES_LIST = Exportable(
    title=gettext_lazy("Cases of a place"),
    permission="cases.view",
    columns=(
        Column("number", gettext_lazy("Case number"), Level.INTERNAL),
        Column("title", gettext_lazy("Matter"), Level.INTERNAL),
        Column("state", gettext_lazy("State"), Level.INTERNAL),
        Column("applicant", gettext_lazy("Applicant"), Level.PERSONAL, mask_name),
        Column("phone", gettext_lazy("Telephone number"), Level.PERSONAL, mask_phone),
        Column("region", gettext_lazy("Community"), Level.INTERNAL),
        Column("submitted_at", gettext_lazy("Handed in"), Level.INTERNAL),
        Column("due_at", gettext_lazy("Due"), Level.INTERNAL),
    ),
    count=lambda actor, filters: _rows(actor, filters).count(),
    rows=lambda actor, filters: _written(actor, filters),
    choices=lambda: {"state": (gettext_lazy("State"), [(str(state), words) for state, (words, _) in STATES.items()])},
)


def _rows(actor: Actor, filters: Filters) -> QuerySet[Case]:
    rows = cases_in(actor, filters["region"]).filter(level__lt=Level.SENSITIVE)
    return rows.filter(state=filters["state"]) if filters.get("state") else rows


def _written(actor: Actor, filters: Filters) -> Iterator[Row]:
    for case in _rows(actor, filters).select_related("region").order_by("submitted_at", "id").iterator(chunk_size=1000):
        values = {"number": case.number, "title": case.title, "applicant": case.applicant, "phone": case.phone, "region": case.region.name}
        moments = {"submitted_at": _moment(case.submitted_at), "due_at": _moment(case.due_at)}
        yield case.party_id, {**values, **moments, "state": str(STATES[case.state][0])}


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
