"""Cases whose applicant has to act by a day: corrections asked for, papers promised."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from linli.cases.casefile.models import Case, Material
from linli.cases.casefile.types import State

UNTIL = "decision__correction__until"
ACCEPTED = (State.ACCEPTED, State.REVIEWING, State.SUSPENDED)


def correction_until(case: Case) -> date | None:
    """The last day to answer the latest correction notice."""
    until = str((case.decision.get("correction") or {}).get("until") or "")
    return date.fromisoformat(until) if until else None


def corrections(*, before: date | None = None, first: date | None = None, last: date | None = None, limit: int = 1000) -> list[UUID]:
    """Cases in correction whose day is over (``before`` a day) or lies between two days, both included."""
    rows = Case.objects.filter(state=State.CORRECTING)
    for lookup, day in (("lt", before), ("gte", first), ("lte", last)):
        if day is not None:
            rows = rows.filter(**{f"{UNTIL}__{lookup}": day.isoformat()})
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def promises(*, before: date | None = None, first: date | None = None, last: date | None = None, limit: int = 1000) -> list[UUID]:
    """Undecided accepted cases with a promised paper whose day is over, or lies between two days, both included."""
    rows = Material.objects.filter(state="promised", case__state__in=ACCEPTED)
    for lookup, day in (("lt", before), ("gte", first), ("lte", last)):
        if day is not None:
            rows = rows.filter(**{f"promised_until__{lookup}": day})
    return list(rows.order_by("case_id").values_list("case_id", flat=True).distinct()[:limit])


def promises_broken(case: Case, today: date) -> list[Material]:
    """Promised papers whose day has passed."""
    return list(Material.objects.filter(case=case, state="promised", promised_until__lt=today).order_by("id"))


def next_promise(case: Case) -> date | None:
    """The nearest day a promised paper is due."""
    return Material.objects.filter(case=case, state="promised").order_by("promised_until").values_list("promised_until", flat=True).first()
