"""Reading the case of a play and taking out what differs from case to case."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from linli.cases.casefile.engine.stamp_mould import Moment, Mould, Symbols
from linli.cases.casefile.models import Case, CaseParticipant, CaseProcess, Material, Paper, Task, TimelineEntry
from linli.cases.casefile.queries.cases import definition_for
from linli.cases.supervision.models import Clock, Suspension
from linli.foundation.units.models import Unit
from linli.foundation.units.queries import resolve
from linli.lib.uuid7 import uuid7

_NAMED = re.compile(r"@n(\d+)@")
MOMENTS = ("submitted_at", "accepted_at", "decided_at", "closed_at", "delivered_at", "noticed_at")
PLAIN = (
    "state",
    "outcome",
    "corrections",
    "suspensions",
    "deemed_accepted",
    "title",
    "line",
    "level",
    "channel",
    "version_id",
    "matter_code",
)


@dataclass
class Sheet:
    """Who acted when in a play, and for which office."""

    moments: list[Moment] = field(default_factory=list)
    offices: list[UUID] = field(default_factory=list)
    officers: list[UUID] = field(default_factory=list)
    posts: list[tuple[int, str]] = field(default_factory=list)
    births: dict[str, int] = field(default_factory=dict)
    dues: set[str] = field(default_factory=set)
    citizen: UUID = field(default_factory=uuid7)

    def office(self, unit_id: UUID | None) -> int:
        if unit_id is None:
            return -1
        if unit_id not in self.offices:
            self.offices.append(unit_id)
        return self.offices.index(unit_id)

    def unit_at(self, level: str, line: str, path: str) -> UUID | None:
        unit = resolve(level, line, path)
        return unit.id if unit else None


def cast(mould: Mould, case_id: UUID, sheet: Sheet, marks: dict[str, str]) -> Mould:
    """Fill the mould from the rows of the case."""
    case = Case.objects.get(pk=case_id)
    tasks = list(Task.objects.filter(case=case).order_by("opened_at", "id"))
    for task in tasks:
        sheet.office(task.unit_id)
    participants = list(CaseParticipant.objects.filter(case=case).exclude(unit_id=None))
    for row in participants:
        sheet.office(row.unit_id)
    units = {u.id: u for u in Unit.objects.filter(pk__in=sheet.offices)}
    named = {str(task.id): f"task{number}" for number, task in enumerate(tasks)}  # a paper of a step says which one it prints
    symbols = Symbols(sheet.moments, sheet.offices, sheet.officers, marks | named)
    mould.offices = [(units[o].level, units[o].line) for o in sheet.offices]
    mould.officers = list(sheet.posts)
    mould.case = _case(case, symbols)
    mould.decision = symbols.json(case.decision)
    mould.process = symbols.pieces(CaseProcess.objects.get(pk=case.pk).state, sheet.births)
    mould.tasks = [_task(t, symbols, case) for t in tasks]
    names = {units[o].name: n for n, o in enumerate(sheet.offices)}
    mould.timeline = [_entry(e, symbols, names) for e in TimelineEntry.objects.filter(case=case).order_by("at", "id")]
    mould.papers = [_paper(p, symbols) for p in Paper.objects.filter(case=case).order_by("issued_at", "id")]
    mould.materials = [
        {"key": m.key, "name": m.name, "state": m.state, "note": m.note} for m in Material.objects.filter(case=case).order_by("id")
    ]
    mould.participants = [{"office": symbols.office(p.unit_id), "kind": p.kind} for p in participants]
    mould.suspensions = [_suspension(s, symbols) for s in Suspension.objects.filter(subject_id=case.id).order_by("since")]
    clock = Clock.objects.get(subject_id=case.id)
    mould.clock = {"office": symbols.office(clock.unit_id), "named": bool(clock.unit_name), "cycle": clock.cycle}
    mould.facts = _facts(case, tasks, symbols)
    return mould


def _case(case: Case, symbols: Symbols) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(case, name) for name in PLAIN}
    found |= {name: symbols.moment(getattr(case, name)) for name in MOMENTS}
    for name in ("accepted_by", "decided_by", "first_contact"):
        found[name] = symbols.officer(getattr(case, name))
    found["unit"] = symbols.office(case.unit_id)
    return found


def _task(task: Task, symbols: Symbols, case: Case) -> dict[str, Any]:
    spec = definition_for(case).process.steps[task.step_id]
    return {
        "step_id": task.step_id,
        "token_id": task.token_id,
        "name": task.name,
        "kind": task.kind,
        "state": task.state,
        "outcome": task.outcome,
        "opinion": task.opinion,
        "people": task.people,
        "office": symbols.office(task.unit_id),
        "opened": symbols.moment(task.opened_at),
        "done": symbols.moment(task.done_at),
        "by": symbols.officer(task.done_by),
        "days": spec.days,
        "unit": spec.unit,
    }


def _entry(entry: TimelineEntry, symbols: Symbols, names: dict[str, int]) -> dict[str, Any]:
    label = entry.actor_label
    officer = int(label[2:-1]) if label.startswith("@n") else None
    params = symbols.json(entry.params)
    named = _NAMED.search(params)
    return {
        "at": symbols.moment(entry.at),
        "kind": entry.kind,
        "text": entry.text,
        "params": _NAMED.sub("@name@", params),
        "public": entry.public,
        "named": int(named[1]) if named else None,
        "label": "" if officer is not None or label in names else label,
        "office": names.get(label) if officer is None else None,
        "officer": officer,
    }


def _paper(paper: Paper, symbols: Symbols) -> dict[str, Any]:
    return {
        "kind": paper.kind,
        "title": paper.title,
        "context": symbols.json(paper.context),
        "issued": symbols.moment(paper.issued_at),
        "public": paper.public,
        "by": symbols.officer(paper.issued_by),
        "citizen": paper.issued_by is not None and symbols.officer(paper.issued_by) is None,
        "delivered": symbols.moment(paper.delivered_at),
    }


def _suspension(row: Suspension, symbols: Symbols) -> dict[str, Any]:
    return {
        "reason": row.reason,
        "basis": row.basis,
        "longest_days": row.longest_days,
        "since": symbols.moment(row.since),
        "until": symbols.moment(row.until),
        "by": symbols.officer(row.approved_by),
    }


def _facts(case: Case, tasks: list[Task], symbols: Symbols) -> dict[str, Any]:
    """What the clock looks at (queries.facts.case_facts), with moments for times."""
    steps = definition_for(case).process.steps
    runs = []
    for task in tasks:
        spec = steps[task.step_id]
        if spec.days is not None and spec.kind not in ("accept", "deliver", "publicity"):
            runs.append(
                (
                    f"{task.name}#{task.token_id}",  # as queries.facts has it: a clock armed anew must find the rungs that were stamped
                    symbols.moment(task.opened_at),
                    int(spec.days),
                    spec.unit,
                    symbols.moment(task.done_at),
                )
            )
    ended = case.state in ("withdrawn", "terminated", "not_accepted")
    return {"steps": runs, "ended": symbols.moment(case.closed_at) if ended else None}
