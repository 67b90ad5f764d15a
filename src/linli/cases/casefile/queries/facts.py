"""What the clock is told of a case, and what the decision table is told of its applicant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from linli.cases.casefile.engine.hooks import SIDE_TASKS
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.queries.cases import all_tasks, definition_for
from linli.cases.casefile.types import State
from linli.cases.catalogue.types import MatterSpec, Term
from linli.cases.supervision.engine.subjects import Subject
from linli.cases.supervision.queries import ledger
from linli.cases.supervision.types import Budget, CaseFacts, StepRun, Suspension

EXTENDABLE = ("W", "N")
"""Units of limits an extension lengthens, in the unit of the limit itself; hours and months stay as they are."""


def budget(term: Term | None, extension: Mapping[str, Any] | None = None) -> Budget | None:
    """A limit of the matter as a budget, with the one extension an approver granted (services.md 2.3)."""
    if term is None:
        return None
    found = Budget(term.amount, "C" if term.unit == "H" else term.unit)
    return found.extended(int(extension["days"])) if extension and term.unit in EXTENDABLE else found


def suspensions(case_id: UUID) -> tuple[Suspension, ...]:
    return tuple(
        Suspension(
            start=s.since, end=s.until, reason=s.reason, basis=s.basis, limit=Budget(s.longest_days, "W") if s.longest_days else None
        )
        for s in ledger(case_id)
    )


def _step_runs(case: Case, tasks: Iterable[Task]) -> tuple[StepRun, ...]:
    steps = definition_for(case).process.steps
    runs = []
    for task in tasks:
        spec = steps.get(task.step_id)
        if spec is None or spec.days is None or spec.kind in ("accept", "deliver", "publicity"):
            continue  # acceptance is R01, delivery R10, a public notice has its own rule
        unit = "C" if spec.unit == "H" else spec.unit
        runs.append(
            StepRun(
                key=f"{task.name}#{task.token_id}", entered_at=task.opened_at, budget=Budget(int(spec.days), unit), left_at=task.done_at
            )
        )
    return tuple(runs)


def holding(tasks: Iterable[Task]) -> Task | None:
    """The open step that is due first: it holds the case."""
    waiting = [t for t in tasks if t.state == "open" and t.kind not in SIDE_TASKS]
    return min(waiting, key=lambda t: (t.due_at is None, t.due_at or t.opened_at), default=None)


def case_facts(case: Case, tasks: Iterable[Task] | None = None) -> CaseFacts:
    """Everything the rules R01-R14 look at, read from the case and its ``tasks`` (fetched when not given)."""
    spec: MatterSpec = definition_for(case).spec
    ended = case.closed_at if case.state in (State.WITHDRAWN, State.TERMINATED, State.NOT_ACCEPTED) else None
    extension, checks = case.decision.get("extension"), case.decision.get("checks") or {}
    return CaseFacts(
        case_id=str(case.id),
        cycle=1 + case.corrections,
        submitted_at=case.submitted_at,
        noticed_at=case.noticed_at,
        accepted_at=case.accepted_at,
        deemed_accepted=case.deemed_accepted,
        decided_at=case.decided_at,
        delivered_at=case.delivered_at,
        ended_at=ended,
        accepted_by=str(case.accepted_by or ""),
        decided_by=str(case.decided_by or ""),
        promised=budget(spec.promised, extension),
        statutory=budget(spec.statutory, extension),
        suspensions=suspensions(case.id) if case.suspensions else (),
        steps=_step_runs(case, all_tasks(case) if tasks is None else tasks),
        correction_notices=case.corrections,
        fee_standard=spec.fee.amount or Decimal(0),
        fee_charged=case.fee_charged if spec.fee.is_fixed else None,
        is_benefit=spec.item_type == "05",
        granted=case.outcome == "granted",
        beneficiary_dead=bool(checks.get("beneficiary_dead")),
        duplicate_benefit=bool(checks.get("duplicate_benefit")),
    )


def subject(case: Case, task: Task | None = None) -> Subject:
    """How the clock and its cards name the case; ``task`` is the step that holds it now."""
    return Subject(
        kind="case",
        id=case.id,
        number=case.number,
        title=case.title,
        region_path=case.region_path,
        line=case.line,
        party_id=case.party_id,
        unit_id=task.unit_id if task else case.unit_id,
        unit_name=task.unit_name if task else "",
        user_id=task.assignee_id if task else None,
    )


def read_anew(case_id: UUID) -> tuple[Subject, CaseFacts]:
    """For the clock, after a calendar change."""
    case = Case.objects.get(pk=case_id)
    tasks = all_tasks(case)
    return subject(case, holding(tasks)), case_facts(case, tasks)


def month_of(moment: datetime) -> str:
    return moment.strftime("%Y-%m")


def eligibility_facts(spec: MatterSpec, *, person: dict[str, Any], form: dict[str, Any], division: str, at: datetime) -> dict[str, Any]:
    """The inputs a matter's decision table declares, each from the registry, the form or the case; None when not known."""
    case = {"month": at.strftime("%Y-%m-01"), "date": at.date().isoformat()}
    places: dict[str, dict[str, Any]] = {"person": person, "form": form, "case": case}
    facts: dict[str, Any] = {"params": spec.parameters_on(at.date(), division)}
    for fact in spec.facts:
        place, _, name = fact.source.partition(".")
        facts[fact.key] = places.get(place, {}).get(name)
    return facts
