"""Seeds: what is a copy's own - person, days, officers, answers, number."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from linli.cases.casefile.actions.stamp_tables import Compiler, own
from linli.cases.casefile.engine import verify_codes
from linli.cases.casefile.engine.stamp_answers import Applicant, Profile, compile_form, years
from linli.cases.casefile.engine.stamp_calendar import Remembering, Workdays, age, gap, iso, late, moments
from linli.cases.casefile.engine.stamp_mould import Mould
from linli.cases.casefile.engine.stamp_plan import Planner, Ring
from linli.cases.casefile.queries.eligibility import verdict_json
from linli.cases.casefile.queries.facts import eligibility_facts
from linli.cases.casefile.queries.stamp_city import Offices, Place, Words
from linli.cases.catalogue.engine import EligibilityError, evaluate
from linli.cases.catalogue.queries import Definition
from linli.cases.supervision.queries import params
from linli.foundation.calendar.queries import current
from linli.foundation.calendar.types import day_start
from linli.foundation.scope.engine import keyring
from linli.foundation.scope.models import FIELD, NULL
from linli.lib.casenumber import CaseNumber
from linli.lib.uuid7 import uuid7

TEMPOS = 4  # how many paces a mould knows: days repeat, so that clocks are computed once for many
LATE_SHARE = 0.05
HELD_SHARE = 0.35  # open tasks somebody has taken
KEPT_DAYS = 31  # running numbers older than this are never drawn again
_CHILD = 1 << 16
DECISION = own("decision")
_as_json = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(slots=True)
class Draft:
    """A copy whose number is not known yet: serials follow the order of the day."""

    place: Place
    who: Applicant
    mould: int
    at: list[float]
    days: tuple[date, ...]
    rng: Random


@dataclass
class Batch:
    """Drafts of one community, and lines of each table."""

    drafts: list[Draft] = field(default_factory=list)
    lines: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    next_key: int = 0

    def key(self) -> int:
        """The next case's key; its lowest 16 bits are for its children."""
        if not self.next_key:
            self.next_key = uuid7().int >> 16 << 16
        self.next_key += _CHILD
        return self.next_key

    def texts(self) -> dict[str, bytes]:
        return {table: "".join(lines).encode() for table, lines in self.lines.items()}


Crew = tuple[list[str], list[str]]
"""Ids and names."""
NOBODY = (NULL, "")


class Staff(NamedTuple):
    """Of a mould at a place: its offices, who may do each step, who may take each open task, and tasks nobody has taken."""

    offices: Crew
    able: list[list[tuple[str, str]]]
    open: list[tuple[int, list[tuple[str, str]]]]
    nobody: Crew


class Stamper:
    """Makes seeds. Built once in the parent process; holds no connection."""

    def __init__(
        self,
        as_of: date,
        moulds: list[Mould],
        definitions: dict[str, Definition],
        profiles: list[Profile],
        facts: dict[str, dict[str, Any]],
        words: Words,
        offices: Offices,
    ) -> None:
        calendar = Remembering(current())
        self.calendar_version = int(calendar.version or 0)
        self.as_of, self.moulds, self.definitions, self.facts, self.words, self.offices = as_of, moulds, definitions, facts, words, offices
        self.now = day_start(as_of)
        self.days = Workdays(calendar, as_of)
        self.planner = Planner(calendar, params(), {code: d.spec for code, d in definitions.items()}, self.now)
        self.fill = {p.code: compile_form(definitions[p.code].form, p) for p in profiles}
        first: dict[str, int] = {}
        for number, mould in enumerate(moulds):
            mould.kin = first.setdefault(mould.clockwork, number)
        self.tempos = [self._tempos(mould) for mould in moulds]
        self.compiled = [Compiler(mould, self.calendar_version).compile() for mould in moulds]
        self._verdicts: dict[tuple[Any, ...], tuple[str, str]] = {}
        self._alike: dict[tuple[Any, ...], tuple[str, str]] = {}
        self._asked = {code: _asked([fact.source for fact in d.spec.facts]) for code, d in definitions.items()}
        self._staff: dict[tuple[int, str], Staff] = {}

    def _tempos(self, mould: Mould) -> list[list[int]]:
        """Paces: working days from one step to the next."""
        found = []
        for n in range(TEMPOS):
            rng = Random(f"tempo:{mould.kin}:{n}")  # noqa: S311
            found.append([0, *(gap(rng, step.kind, step.budget) for step in mould.steps[1:])])
        rng = Random(f"late:{mould.kin}")  # noqa: S311
        slow = [0, *(gap(rng, step.kind, step.budget) for step in mould.steps[1:])]
        held = [n for n, step in enumerate(mould.steps) if n and step.kind not in ("accept", "publicity", "silence", "answer", "withdraw")]
        if held:
            n = held[int(rng.random() * len(held))]
            slow[n] = late(rng, mould.steps[n].kind, mould.steps[n].budget)
        for pace in found:
            self._in_time(mould, pace)
        for pace in (*found, slow):
            for n, step in enumerate(mould.steps):
                if step.kind == "silence":
                    pace[n] = 5 + 1
        return [*found, slow]

    def _in_time(self, mould: Mould, pace: list[int]) -> None:
        """Shorten the steps between acceptance and decision until the promise is kept; only the slow pace breaks it."""
        first, last = mould.case["accepted_at"], mould.case["decided_at"]
        if first is None or last is None:
            return
        promised = self.definitions[mould.matter].spec.promised
        allowed = int(promised.amount * {"W": 1.0, "N": 5 / 7, "M": 21.0, "H": 1 / 24}[promised.unit])
        counted = [n for n in range(first + 1, last + 1) if mould.steps[n].kind != "publicity"]
        while (
            counted
            and sum(pace[n] for n in counted) > allowed
            and (longest := max(counted, key=lambda n: pace[n])) is not None
            and pace[longest]
        ):
            pace[longest] -= 1

    def draft(self, batch: Batch, place: Place, who: Applicant, number: int, rng: Random) -> None:
        """Put a copy on its days."""
        mould = self.moulds[number]
        pace = self.tempos[number][TEMPOS if rng.random() < LATE_SHARE else int(rng.random() * TEMPOS)]
        span = sum(pace)
        if mould.waits is not None:
            first = max(0, self.days.last - age(rng, mould.waits.kind, mould.waits.budget) - span)
        else:
            first = self.days.start(rng, latest=self.days.last - span)
        numbers, at = [], first
        for step in pace:
            at += step
            numbers.append(min(at, self.days.last))
        when = moments(rng, self.days, numbers, by_phone=not mould.counter)
        batch.drafts.append(Draft(place, who, number, when, tuple(self.days.days[n] for n in numbers), rng))

    def number(self, batch: Batch) -> dict[str, int]:
        """Give the drafts of a community their numbers and make seeds of them; returns the last serial of each recent day."""
        last: dict[date, int] = {}
        for draft in sorted(batch.drafts, key=lambda d: d.at[0]):
            serial = last[draft.days[0]] = last.get(draft.days[0], 0) + 1
            self._seed(batch, draft, str(CaseNumber(draft.place.code, draft.days[0], serial)))
        recent = self.as_of - timedelta(days=KEPT_DAYS)
        code = batch.drafts[0].place.code if batch.drafts else ""
        batch.drafts.clear()
        return {f"{code}{day:%Y%m%d}": serial for day, serial in last.items() if day >= recent}

    def _seed(self, batch: Batch, draft: Draft, number: str) -> None:
        """Everything `stamp_tables.OWN` names in its order, then what `Gaps` counts; and the lines that come of it."""
        mould, who, rng, form = self.moulds[draft.mould], draft.who, draft.rng, self.compiled[draft.mould]
        plan = self.planner.plan(mould, draft.days)
        key = f"{batch.key():032x}"
        offices, officers, holders = self._crew(draft)
        times = [iso(t) for t in draft.at]
        item, reason, reply = (_one(texts, rng) for texts in (self.words.corrections, self.words.reasons, self.words.answers))
        answers = self.fill[mould.matter](who, rng, draft.days[0])
        verdict, values = self._verdict(mould.matter, who, answers, draft)
        seal = keyring().encrypt
        seed = [
            *(key, key[:28], number, who.id, who.name, f"\\x{who.id_index}" if who.id_index else NULL, who.id_number[-4:]),
            *(f"\\x{who.sealed[1].hex()}" if who.sealed[1] else NULL, who.account or NULL, str(draft.place.id), draft.place.path),
            *(plan.due or NULL, plan.statutory or NULL, plan.explanation, plan.provisional, plan.due or "", plan.until, plan.decided),
            *(plan.next_month, item, reason, reply, f"\\x{seal(_as_json(answers)).hex()}", "", values),
            *(*times, *(f"{t[:19]}+00:00" for t in times), *offices[0], *offices[1], *officers[0], *officers[1], *holders[0], *holders[1]),
            *(*plan.task_due, *verify_codes(number, form.papers)),
        ]
        seed[DECISION] = _with_verdict("".join([p if isinstance(p, str) else seed[p] for p in form.decision]), verdict)
        lines = batch.lines
        for table, filling in form.tables.items():
            lines[table].append(filling(seed))
        if form.participants:
            self._participants(batch, key, form.participants, offices[0])
        for place, found in enumerate(plan.rings):
            self._ring(batch, draft, key, number, place, found, offices)

    def _participants(self, batch: Batch, key: str, called: list[tuple[str, int, str]], offices: list[str]) -> None:
        """Offices called to the case: each once, also where one unit serves two lines."""
        seen: set[tuple[str, str]] = set()
        for end, place, kind in called:
            unit = offices[place]
            if unit != NULL and (unit, kind) not in seen:
                seen.add((unit, kind))
                batch.lines["casefile_participant"].append(f"{key[:28]}{end}{FIELD}{key}{FIELD}{unit}{FIELD}{kind}\n")

    def _crew(self, draft: Draft) -> tuple[Crew, Crew, Crew]:
        """Offices at the place, who of them did each step, and who has taken the open ones."""
        rng, key = draft.rng, (draft.mould, draft.place.path)
        staff = self._staff.get(key) or self._staffed(key)
        ids: list[str] = []
        names: list[str] = []
        for able in staff.able:
            fresh = (
                [a for a in able if a[0] not in ids] if ids else able
            )  # who did one step leaves the next to a colleague where there is one
            chosen = fresh or able
            who = chosen[int(rng.random() * len(chosen))]
            ids.append(who[0])
            names.append(who[1])
        if not staff.open:
            return staff.offices, (ids, names), staff.nobody
        holders: Crew = (staff.nobody[0].copy(), staff.nobody[1].copy())
        for n, able in staff.open:
            if rng.random() < HELD_SHARE:
                holders[0][n], holders[1][n] = able[int(rng.random() * len(able))]
        return staff.offices, (ids, names), holders

    def _staffed(self, key: tuple[int, str]) -> Staff:
        """Who could do what of a mould at a place; the same for all copies there."""
        mould, path = self.moulds[key[0]], key[1]
        found = [self.offices.at(level, line, path) or NOBODY for level, line in mould.offices]
        units = [unit for unit, _ in found]
        able = [(self.offices.able(units[office], permission) if office >= 0 else []) or [NOBODY] for office, permission in mould.officers]
        single = [(n, t) for n, t in enumerate(mould.tasks) if t["people"] == 1]  # what several must sign nobody takes for himself
        waiting = [(n, int(t["office"])) for n, t in single if t["state"] == "open" and t["office"] is not None]
        takers = [(n, self.offices.able(units[office], "cases.claim")) for n, office in waiting]
        nobody: Crew = ([NULL] * len(mould.tasks), [""] * len(mould.tasks))
        staff = self._staff[key] = Staff((units, [name for _, name in found]), able, [(n, who) for n, who in takers if who], nobody)
        return staff

    def _verdict(self, code: str, who: Applicant, answers: dict[str, Any], draft: Draft) -> tuple[str, str]:
        """What the matter's decision table says of this person, and the values in it; JSON, remembered for people alike."""
        spec = self.definitions[code].spec
        if spec.eligibility_table is None:
            return "", "{}"
        day = draft.days[0]
        old = years(who.birth, day)
        said, timed = self._asked[code]
        alike = (
            code,
            old,
            who.sex,
            who.disability[:2],
            who.assistance,
            who.employment,
            day if timed else day.year,
            *(str(answers.get(n)) for n in said),
        )
        found = self._alike.get(alike)
        if found is None:
            found = self._alike[alike] = self._judged(code, who, answers, draft, old)
        return found

    def _judged(self, code: str, who: Applicant, answers: dict[str, Any], draft: Draft, old: int) -> tuple[str, str]:
        spec, day = self.definitions[code].spec, draft.days[0]
        known = {
            **self.facts[code],
            "age": old,
            "birth_date": f"{day.year - old}-01-01",
            "sex": who.sex,
            "disability_type": who.disability[:1],
            "disability_level": who.disability[1:2],
            "assist_kind": who.assistance or None,
            "employment": who.employment or None,
        }
        places: dict[str, dict[str, Any]] = {"person": known, "form": answers, "case": {"month": day.replace(day=1), "date": day}}
        sources = (fact.source.partition(".") for fact in spec.facts)
        key = (code, *(str(places.get(place, {}).get(name)) for place, _, name in sources))
        if key not in self._verdicts:
            assert spec.eligibility_table is not None  # noqa: S101 - narrows a type
            facts = eligibility_facts(spec, person=known, form=answers, division=draft.place.code, at=day_start(day))
            try:
                found = verdict_json(evaluate(spec.eligibility_table, facts))
                self._verdicts[key] = (_as_json(found), _as_json(found.get("values", {})))
            except EligibilityError:
                self._verdicts[key] = ("", "{}")
        return self._verdicts[key]

    def _ring(self, batch: Batch, draft: Draft, key: str, number: str, place: int, found: Ring, offices: Crew) -> None:
        """A rung, and the card it became when it rang already."""
        mould, rng = self.moulds[draft.mould], draft.rng
        fire = draft.at[found.at_moment] if found.at_moment is not None else found.fire
        rang = fire + 1 + rng.random() * 9
        why = (found.period, found.reason, found.params)
        claimed = iso(rang) if found.claimed else NULL
        batch.lines["supervision_rung"].append(_line(f"{key[:28]}0002", found.rule, found.colour, *why, iso(fire), claimed))
        if not found.claimed:
            return
        old = self.now.timestamp() - fire > 15 * 86_400
        office = mould.clock["office"]
        unit, name = (offices[0][office], offices[1][office] if mould.clock["named"] else "") if office is not None else (NULL, "")
        answered = old and found.colour != "blue"
        batch.lines["supervision_card"].append(
            _line(
                *(
                    f"{key[:28]}{0x8000 + place:04x}",
                    "",
                    found.rule,
                    found.colour,
                    "case",
                    key,
                    number,
                    mould.case["title"],
                    draft.place.path,
                ),
                *(mould.case["line"], unit, name, *why, iso(rang), iso(found.reply_due) if found.reply_due else NULL),
                *("closed" if old else "issued", _one(self.words.replies, rng) if answered else "", ""),
            )
        )


def _asked(sources: list[str]) -> tuple[list[str], bool]:
    """Names of the form's answers that a decision table asks for, and whether it asks for the month or day."""
    return [s.removeprefix("form.") for s in sources if s.startswith("form.")], any(s.startswith("case.") for s in sources)


def _line(*cells: str) -> str:
    return FIELD.join(cells) + "\n"


def _with_verdict(decision: str, verdict: str) -> str:
    """What was decided (JSON) with the table's verdict before it."""
    if not verdict:
        return decision
    return f'{{"verdict": {verdict}}}' if decision == "{}" else f'{{"verdict": {verdict}, {decision[1:]}'


def _one(texts: list[str], rng: Random) -> str:
    return texts[int(rng.random() * len(texts))] if texts else ""
