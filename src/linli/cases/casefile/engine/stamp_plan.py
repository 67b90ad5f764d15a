"""The clock of a copy: due dates and rungs for one mould on given days, computed by the real rules and kept for all copies of that day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from linli.cases.casefile.engine.stamp_mould import Mould
from linli.cases.catalogue.types import MatterSpec, Term
from linli.cases.supervision.engine import Deadline, reply_due, rungs
from linli.cases.supervision.types import Budget, CaseFacts, Colour, RuleParams, Rung, StepRun, Suspension
from linli.foundation.calendar.engine import WorkCalendar
from linli.foundation.calendar.types import Due, day_start
from linli.lib.periods import add_months


@dataclass(frozen=True)
class Ring:
    """One rung of a copy: JSON of its row, and when it fires - as epoch seconds, or with a moment of the case."""

    rule: str
    colour: str
    period: str
    reason: str
    params: str
    fire: float
    at_moment: int | None
    claimed: bool
    reply_due: float | None


@dataclass(frozen=True)
class Plan:
    """What follows from the days on which the steps of a case fell."""

    due: str | None
    statutory: str | None
    explanation: str
    provisional: str  # "true" or "false"
    task_due: tuple[str, ...]
    rings: tuple[Ring, ...]
    decided: str
    next_month: str
    until: str


def budget(term: Term | None) -> Budget | None:
    return None if term is None else Budget(term.amount, "C" if term.unit == "H" else term.unit)


class Planner:
    """Plans of one matter version, remembered by mould and days."""

    def __init__(self, calendar: WorkCalendar, params: RuleParams, specs: dict[str, MatterSpec], now: datetime) -> None:
        self.calendar, self.params, self.specs, self.now = calendar, params, specs, now
        self._kept: dict[tuple[int, tuple[date, ...]], Plan] = {}
        self._limits: dict[tuple[str, date, Budget], tuple[Due, str]] = {}
        self._steps: dict[tuple[date, int, str], str] = {}

    def plan(self, mould: Mould, days: tuple[date, ...]) -> Plan:
        """Portal and counter copies of one ending share their plans."""
        key = (mould.kin, days)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._make(mould, days)
        return found

    def _make(self, mould: Mould, days: tuple[date, ...]) -> Plan:
        at = [day_start(day) + timedelta(hours=9, minutes=10 * n) for n, day in enumerate(days)]
        facts = self._facts(mould, at)
        (due, explanation), (last, _) = self._limit(mould, facts, facts.promised), self._limit(mould, facts, facts.statutory)
        ladder = rungs(facts, self.calendar, self.params, self.now)
        decided, asked = mould.case["decided_at"], _asked(mould)
        return Plan(
            due=due.at.isoformat() if due else None,
            statutory=last.at.isoformat() if last else None,
            explanation=explanation,
            provisional="true" if due and due.provisional else "false",
            task_due=tuple(self._task_due(task, mould, at, due.at if due else None) for task in mould.tasks),
            rings=tuple(self._ring(r, at) for r in ladder),
            next_month=add_months(days[decided if decided is not None else -1].replace(day=1), 1).isoformat(),
            decided=days[decided if decided is not None else -1].isoformat(),
            until=(days[asked] + timedelta(days=30)).isoformat() if asked is not None else "",
        )

    def _limit(self, mould: Mould, facts: CaseFacts, limit: Budget | None) -> tuple[Due | None, str]:
        """When a promise ends, and why (JSON); without suspensions it depends on the day of acceptance alone."""
        if limit is None or facts.accepted_at is None:
            return None, "[]"
        deadline = Deadline(calendar=self.calendar, start=facts.accepted_at, budget=limit, suspensions=facts.suspensions)
        if facts.suspensions or limit.unit.is_time:
            return _explained(deadline.due(self.now))
        key = (mould.matter, facts.accepted_at.date(), limit)
        found = self._limits.get(key)
        if found is None:
            found = self._limits[key] = _explained(deadline.due(self.now))
        return found

    def _facts(self, mould: Mould, at: list[datetime]) -> CaseFacts:
        spec, case = self.specs[mould.matter], mould.case

        def when(number: int | None) -> datetime | None:
            return None if number is None else at[number]

        return CaseFacts(
            case_id="",
            cycle=mould.clock["cycle"],
            submitted_at=when(case["submitted_at"]),
            noticed_at=when(case["noticed_at"]),
            accepted_at=when(case["accepted_at"]),
            deemed_accepted=case["deemed_accepted"],
            decided_at=when(case["decided_at"]),
            delivered_at=when(case["delivered_at"]),
            ended_at=when(mould.facts["ended"]),
            promised=budget(spec.promised),
            statutory=budget(spec.statutory),
            suspensions=tuple(
                Suspension(
                    start=at[s["since"]],
                    end=when(s["until"]),
                    reason=s["reason"],
                    basis=s["basis"],
                    limit=Budget(s["longest_days"], "W") if s["longest_days"] else None,
                )
                for s in mould.suspensions
            ),
            steps=tuple(
                StepRun(key=k, entered_at=at[o], budget=Budget(d, "C" if u == "H" else u), left_at=when(e))
                for k, o, d, u, e in mould.facts["steps"]
            ),
            correction_notices=case["corrections"],
            is_benefit=spec.item_type == "05",
            granted=case["outcome"] == "granted",
        )

    def _task_due(self, task: dict[str, Any], mould: Mould, at: list[datetime], due: datetime | None) -> str:
        start = at[task["opened"]]
        if task["days"] is not None:
            key = (start.date(), int(task["days"]), str(task["unit"]))
            if key not in self._steps:
                limit = Budget(key[1], "C" if key[2] == "H" else key[2])
                self._steps[key] = Deadline(calendar=self.calendar, start=start, budget=limit).ends(start).at.isoformat()
            return self._steps[key]
        accepted = mould.case["accepted_at"]
        return due.isoformat() if due and accepted is not None and task["opened"] >= accepted else "\\N"

    def _ring(self, rung: Rung, at: list[datetime]) -> Ring:
        signal, colour = rung.signal, str(rung.signal.colour)
        moment = at.index(rung.fire_at) if rung.fire_at in at else None
        claimed = rung.fire_at <= self.now
        reply = (
            reply_due(Colour(colour), rung.fire_at, self.calendar, self.params).at.timestamp()
            if claimed and colour != Colour.BLUE
            else None
        )
        return Ring(
            signal.rule,
            colour,
            signal.period_key,
            signal.reason.msgid,
            json.dumps(signal.said, ensure_ascii=False),
            rung.fire_at.timestamp(),
            moment,
            claimed,
            reply,
        )


def _explained(due: Due) -> tuple[Due, str]:
    return due, json.dumps([r.as_json() for r in due.explanation], ensure_ascii=False)


def _asked(mould: Mould) -> int | None:
    return next((int(e["at"]) for e in mould.timeline if e["kind"] == "correction"), None)
