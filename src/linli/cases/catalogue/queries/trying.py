"""Trying a draft out before it is published: nothing here writes, and no case comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from linli.cases.catalogue.engine import Verdict, evaluate
from linli.cases.catalogue.types import MatterSpec
from linli.cases.workflow import engine as workflow
from linli.cases.workflow.engine import ProcessSpec
from linli.cases.workflow.types import Progress, StepSpec, TimerSpec
from linli.foundation.calendar.engine import WorkCalendar
from linli.foundation.calendar.queries import current
from linli.foundation.calendar.types import SHANGHAI, Due
from linli.foundation.regions.models import Region
from linli.foundation.units.queries import resolve
from linli.lib.errors import Invalid, LinliError

MAX_TURNS = 100


@dataclass(frozen=True)
class Turn:
    """One thing done on the way: the step (or timer) and how it ended."""

    step: str
    name: str
    outcome: str


@dataclass(frozen=True)
class OpenStep:
    """A step somebody would have in the inbox now: which office, until when, and how it can end."""

    spec: StepSpec
    office: str
    due: Due | None
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class OpenTimer:
    """A timer that would be running, and when it would fire."""

    spec: TimerSpec
    due: Due | None


@dataclass(frozen=True)
class Walk:
    """Where the process stands after the turns taken; `refused` is why the last one could not be taken."""

    turns: tuple[Turn, ...]
    steps: tuple[OpenStep, ...]
    timers: tuple[OpenTimer, ...]
    finished: bool
    refused: LinliError | None = None


def term_due(calendar: WorkCalendar, start: date, amount: float, unit: str) -> Due:
    """When `amount` of `unit` (W, N, M, H) from a day on ends, by the calendar in force."""
    if unit == "W":
        return calendar.add_workdays(start, int(amount))
    if unit == "M":
        return calendar.add_months(start, int(amount))
    if unit == "H":
        return calendar.add_hours(datetime.combine(start, time(9), tzinfo=SHANGHAI), timedelta(hours=amount))
    return calendar.add_natural_days(start, int(amount))


def walk(process: ProcessSpec, *, region: Region, day: date, facts: Mapping[str, Any], path: Sequence[tuple[str, str]]) -> Walk:
    """Play the process from its start along ``path`` - pairs of an element and an outcome, a timer's being ``!``."""
    now = datetime.combine(day, time(9), tzinfo=SHANGHAI)
    turns: list[Turn] = []
    progress = workflow.start(process, dict(facts), now)
    refused: LinliError | None = None
    for element, outcome in path[:MAX_TURNS]:
        try:
            progress, name = _turn(process, progress, element, outcome, now)
        except LinliError as error:
            refused = error
            break
        turns.append(Turn(element, name, "" if outcome == "!" else outcome))
    calendar = current()
    last = _last_office(process, region, turns)
    steps = tuple(_open_step(calendar, day, region, r.spec, last) for r in progress.ready if not r.added)
    timers = tuple(_open_timer(calendar, day, process.timers[w.event_id]) for w in progress.waiting)
    return Walk(tuple(turns), steps, timers, progress.finished, refused)


def _turn(process: ProcessSpec, progress: Progress, element: str, outcome: str, now: datetime) -> tuple[Progress, str]:
    if outcome == "!":
        return workflow.fire_timer(process, progress.state, element, now), process.timers[element].name or element
    ready = next((r for r in progress.ready if r.step_id == element), None)
    if ready is None:
        raise Invalid("STEP_NOT_READY", "The step %(step)s is not open at this point.", data={"step": element}, hint="Go back one turn.")
    state = progress.state
    for signer in range(ready.spec.people if ready.spec.people > 1 else 0):  # everybody who has to countersign is taken to agree
        state = workflow.sign(process, state, ready.token_id, f"signer{signer + 1}").state
    return workflow.complete(process, state, ready.token_id, outcome, {}, now), ready.spec.name


def _last_office(process: ProcessSpec, region: Region, turns: Sequence[Turn]) -> str:
    """The office that did the last step with one of its own: a step marked `same` stays there."""
    for turn in reversed(turns):
        spec = process.steps.get(turn.step)
        if spec is not None and spec.office not in ("same", "applicant"):
            return _office(spec, region)
    return ""


def _office(spec: StepSpec, region: Region) -> str:
    unit = resolve(spec.office, spec.line, region.path)
    return unit.name if unit else ""


def _open_step(calendar: WorkCalendar, day: date, region: Region, spec: StepSpec, last: str) -> OpenStep:
    office = "" if spec.office == "applicant" else last if spec.office == "same" else _office(spec, region)
    due = None if spec.days is None else term_due(calendar, day, spec.days, spec.unit)
    return OpenStep(spec, office, due, spec.outcomes or ("done",))


def _open_timer(calendar: WorkCalendar, day: date, spec: TimerSpec) -> OpenTimer:
    return OpenTimer(spec, None if spec.days is None else term_due(calendar, day, spec.days, spec.unit))


def limits(spec: MatterSpec, day: date) -> list[tuple[str, Due]]:
    """When a case accepted on ``day`` would be due: as promised, and by law."""
    calendar = current()
    return [
        (name, term_due(calendar, day, term.amount, term.unit))
        for name, term in (("promised", spec.promised), ("statutory", spec.statutory))
    ]


def judge(spec: MatterSpec, facts: Mapping[str, Any], *, day: date, division: str) -> Verdict:
    """What the decision table says to these facts, with the policy numbers valid on the day at the place."""
    if spec.eligibility_table is None:
        raise Invalid("NO_TABLE", "This matter has no decision table.", hint="Add one under Decision table.")
    return evaluate(spec.eligibility_table, {**facts, "params": spec.parameters_on(day, division)})


def sample_values(spec: MatterSpec) -> dict[str, Any]:
    """Made-up values for every variable a paper may use (packs/national/papers/README.md), about nobody."""
    now = datetime.now(SHANGHAI)
    day = now.date()
    number, office = "36050200100120260101000001", "Beihu"
    result = spec.results[0] if spec.results else None
    return {
        "case_no": number,
        "query_code": "123456",
        "matter": spec.name,
        "matter_code": spec.code,
        "applicant": "Zhang San",
        "masked_id": "3605**********001X",
        "masked_phone": "138****0001",
        "unit": office,
        "officer": "Li Si",
        "today": now,
        "paper_no": f"{number}-01",
        "seal_text": office,
        "consult_tel": spec.consult_tel,
        "complaint_tel": spec.complaint_tel,
        "submitted_at": now,
        "accepted_at": now,
        "due_text": day.isoformat(),
        "promised_text": f"{spec.promised.amount} {spec.promised.unit}",
        "materials": [{"name": m.name, "form": m.form, "copies": m.copies} for m in spec.materials],
        "basis": "; ".join(f"{b.title}{b.article}" for b in spec.legal_basis[:2]),
        "granted": True,
        "remedy": spec.remedy.model_dump() if spec.remedy else None,
        "result_name": result.name if result else spec.name,
        "result_no": f"{number}-02",
        "amount": "100",
        "start_month": day.replace(day=1),
        "account_masked": "6222 **** 0009",
        "delivered_papers": [result.name if result else spec.name],
        "receiver": "Zhang San",
        "delivered_at": now,
        "birth_date": date(1945, 3, 7),
        "verify_url": "",
        "qr_svg": "",
        "reason": "",
        "rows": [],
        "failed": [],
    }
