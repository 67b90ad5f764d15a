"""Seeds: what is a copy's own - person, days, officers, answers, number."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from linli.cases.casefile.actions.stamp_tables import FIELD, ITEM, NULL
from linli.cases.casefile.engine import verify_code
from linli.cases.casefile.engine.stamp_answers import Applicant, Profile, compile_form, years
from linli.cases.casefile.engine.stamp_calendar import Workdays, age, gap, iso, late, moments
from linli.cases.casefile.engine.stamp_mould import Mould
from linli.cases.casefile.engine.stamp_plan import Plan, Planner, Ring
from linli.cases.casefile.queries.eligibility import verdict_json
from linli.cases.casefile.queries.facts import eligibility_facts
from linli.cases.casefile.queries.stamp_city import Offices, Place, Words
from linli.cases.catalogue.engine import EligibilityError, evaluate
from linli.cases.catalogue.queries import Definition
from linli.cases.supervision.queries import params
from linli.foundation.calendar.queries import current
from linli.foundation.calendar.types import day_start
from linli.foundation.scope.engine import keyring
from linli.lib.casenumber import CaseNumber
from linli.lib.uuid7 import uuid7

TEMPOS = 4  # how many paces a mould knows: days repeat, so that clocks are computed once for many
LATE_SHARE = 0.05
HELD_SHARE = 0.35  # open tasks somebody has taken
KEPT_DAYS = 31  # running numbers older than this are never drawn again
_CHILD = 1 << 16


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
    """Rows for the next statement, as texts."""

    drafts: list[Draft] = field(default_factory=list)
    seeds: list[str] = field(default_factory=list)
    rungs: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    next_key: int = 0

    def clear(self) -> None:
        self.seeds, self.rungs, self.cards = [], [], []

    def key(self) -> int:
        """The next case's key; its lowest 16 bits are for its children."""
        if not self.next_key:
            self.next_key = uuid7().int >> 16 << 16
        self.next_key += _CHILD
        return self.next_key


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
        calendar = current()
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
        self._verdicts: dict[tuple[Any, ...], str] = {}
        self._crews: dict[tuple[int, str], list[Any]] = {}

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
        mould, who, rng = self.moulds[draft.mould], draft.who, draft.rng
        plan = self.planner.plan(mould, draft.days)
        key = f"{batch.key():032x}"
        offices, officers, holders = self._crew(draft)
        times = [iso(t) for t in draft.at]
        item, reason, reply = (_one(texts, rng) for texts in (self.words.corrections, self.words.reasons, self.words.answers))
        answers = self.fill[mould.matter](who, rng, draft.days[0])
        ring = keyring()
        due_text = plan.due or ""
        process = "".join(p if isinstance(p, str) else _second(draft.at[p]) for p in mould.process)
        if "@o" in process:
            for n, officer in enumerate(officers):
                process = process.replace(f"@o{n}@", officer[0])
        batch.seeds.append(
            FIELD.join(
                (
                    key,
                    key[:28],
                    str(draft.mould),
                    number,
                    who.id,
                    who.name,
                    who.id_index or NULL,
                    who.id_number[-4:],
                    ring.encrypt(who.phone).hex() if who.phone else NULL,
                    who.account or NULL,
                    str(draft.place.id),
                    draft.place.path,
                    ITEM.join(times),
                    ITEM.join(o[0] for o in offices),
                    ITEM.join(o[1] for o in offices),
                    ITEM.join(o[0] for o in officers),
                    ITEM.join(o[1] for o in officers),
                    ITEM.join(h[0] for h in holders),
                    ITEM.join(h[1] for h in holders),
                    ITEM.join(plan.task_due),
                    plan.due or NULL,
                    plan.statutory or NULL,
                    plan.explanation,
                    "true" if plan.provisional else "false",
                    due_text,
                    plan.until,
                    item,
                    reason,
                    reply,
                    process,
                    ring.encrypt(json.dumps(answers, ensure_ascii=False)).hex(),
                    self._decision(mould, plan, who, answers, draft, {"@item@": item, "@reason@": reason, "@reply@": reply}),
                    ITEM.join(verify_code(number, p["kind"], n) for n, p in enumerate(mould.papers, 1)),
                    NULL,
                )
            )
        )
        for place, found in enumerate(plan.rings):
            self._ring(batch, draft, key, number, place, found, offices)

    def _crew(self, draft: Draft) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
        """Offices at the place, who of them did each step, and who has taken the open ones."""
        mould, rng = self.moulds[draft.mould], draft.rng
        key = (draft.mould, draft.place.path)
        offices = self._crews.get(key)
        if offices is None:
            offices = self._crews[key] = [self.offices.at(level, line, draft.place.path) or (NULL, "") for level, line in mould.offices]
        officers: list[tuple[str, str]] = []
        for office, permission in mould.officers:
            able = self.offices.able(offices[office][0], permission) if office >= 0 else []
            fresh = [a for a in able if a not in officers]  # who did one step leaves the next to a colleague where there is one
            chosen = fresh or able
            officers.append(chosen[int(rng.random() * len(chosen))] if chosen else (NULL, ""))
        holders = []
        for task in mould.tasks:
            able = (
                self.offices.able(offices[task["office"]][0], "cases.claim")
                if task["state"] == "open" and task["office"] is not None and rng.random() < HELD_SHARE
                else []
            )
            holders.append(able[int(rng.random() * len(able))] if able else (NULL, ""))
        return offices, officers, holders

    def _decision(self, mould: Mould, plan: Plan, who: Applicant, answers: dict[str, Any], draft: Draft, words: dict[str, str]) -> str:
        text = mould.decision
        for mark, word in {"@today@": plan.decided, "@next_month@": plan.next_month, "@until@": plan.until, **words}.items():
            text = text.replace(mark, word)
        verdict = self._verdict(mould.matter, who, answers, draft)
        if not verdict:
            return text
        return f'{{"verdict": {verdict}}}' if text == "{}" else f'{{"verdict": {verdict}, {text[1:]}'

    def _verdict(self, code: str, who: Applicant, answers: dict[str, Any], draft: Draft) -> str:
        """What the matter's decision table says of this person; remembered for people alike."""
        spec = self.definitions[code].spec
        if spec.eligibility_table is None:
            return ""
        day = draft.days[0]
        old = years(who.birth, day)
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
        facts = eligibility_facts(spec, person=known, form=answers, division=draft.place.code, at=day_start(day))
        key = (code, *(str(v) for name, v in facts.items() if name != "params"))
        if key not in self._verdicts:
            try:
                self._verdicts[key] = json.dumps(verdict_json(evaluate(spec.eligibility_table, facts)), ensure_ascii=False)
            except EligibilityError:
                self._verdicts[key] = ""
        return self._verdicts[key]

    def _ring(self, batch: Batch, draft: Draft, key: str, number: str, place: int, found: Ring, offices: list[tuple[str, str]]) -> None:
        """A rung, and the card it became when it rang already."""
        mould, rng = self.moulds[draft.mould], draft.rng
        fire = draft.at[found.at_moment] if found.at_moment is not None else found.fire
        rang = fire + 1 + rng.random() * 9
        batch.rungs.append(
            FIELD.join(
                (
                    f"{key[:28]}0002",
                    found.rule,
                    found.colour,
                    found.period,
                    found.reason,
                    found.params,
                    iso(fire),
                    iso(rang) if found.claimed else NULL,
                )
            )
        )
        if not found.claimed:
            return
        old = self.now.timestamp() - fire > 15 * 86_400
        unit = offices[mould.clock["office"]] if mould.clock["office"] is not None else (NULL, "")
        answered = old and found.colour != "blue"
        batch.cards.append(
            FIELD.join(
                (
                    f"{key[:28]}{0x8000 + place:04x}",
                    found.rule,
                    found.colour,
                    key,
                    number,
                    mould.case["title"],
                    draft.place.path,
                    mould.case["line"],
                    unit[0],
                    unit[1] if mould.clock["named"] else "",
                    found.period,
                    found.reason,
                    found.params,
                    iso(rang),
                    iso(found.reply_due) if found.reply_due else NULL,
                    "closed" if old else "issued",
                    _one(self.words.replies, rng) if answered else "",
                )
            )
        )


def _one(texts: list[str], rng: Random) -> str:
    return texts[int(rng.random() * len(texts))] if texts else ""


def _second(epoch: float) -> str:
    return datetime.fromtimestamp(int(epoch), UTC).isoformat(timespec="seconds")
