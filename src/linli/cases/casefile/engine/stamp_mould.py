"""A mould: one real case at one step, with everything that differs from case to case taken out. Pure; `actions.stamp_moulds` casts them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

BACK = timedelta(days=30)  # a public notice is put back by this much in the scratch run, so that its days are full
MARK = "@%s@"
CLOCK_NAMES = ("submitted_at", "noticed_at", "accepted_at", "decided_at", "delivered_at", "deemed_accepted", "corrections", "outcome")


@dataclass(frozen=True)
class Step:
    """Something that happened, or is awaited: its kind and how many working days the process gives it."""

    kind: str
    budget: int = 1


@dataclass(frozen=True)
class Moment:
    """One action of the real run: every time it wrote lies between the two."""

    step: Step
    after: datetime
    before: datetime


@dataclass
class Mould:
    """``rows`` are templates by table, times as numbers of moments, offices and officers as numbers of the lists beside them."""

    matter: str
    ending: str
    counter: bool
    weight: float
    steps: tuple[Step, ...]
    waits: Step | None
    offices: list[tuple[str, str]] = field(default_factory=list)  # level and line
    officers: list[tuple[int, str]] = field(default_factory=list)  # office and permission needed
    case: dict[str, Any] = field(default_factory=dict)
    process: list[str | int] = field(default_factory=list)  # text in pieces: a number is a moment, "@o3@" an officer's id
    decision: str = "{}"
    tasks: list[dict[str, Any]] = field(default_factory=list)
    timeline: list[dict[str, Any]] = field(default_factory=list)
    papers: list[dict[str, Any]] = field(default_factory=list)
    materials: list[dict[str, Any]] = field(default_factory=list)
    participants: list[dict[str, Any]] = field(default_factory=list)
    suspensions: list[dict[str, Any]] = field(default_factory=list)
    clock: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    kin: int = 0  # number of the first mould with the same facts for the clock

    @property
    def clockwork(self) -> str:
        """Everything a plan is computed from, but the days."""
        return repr(
            (
                self.matter,
                self.facts,
                self.suspensions,
                self.clock["cycle"],
                [(t["opened"], t["days"], t["unit"]) for t in self.tasks],
                [self.case[name] for name in CLOCK_NAMES],
                [e["at"] for e in self.timeline if e["kind"] == "correction"],
            )
        )

    @property
    def open(self) -> bool:
        return self.waits is not None


class Symbols:
    """Turns what a real run wrote back into moments, offices, officers and marks."""

    def __init__(self, moments: list[Moment], offices: list[UUID], officers: list[UUID], words: dict[str, str]) -> None:
        self.moments, self.offices, self.officers, self.words = moments, offices, officers, words

    def moment(self, value: datetime | None) -> int | None:
        """The number of the action that wrote this time; KeyError for a time nobody of us wrote."""
        if value is None:
            return None
        for number, m in enumerate(self.moments):
            if m.after <= value <= m.before or m.after <= value + BACK <= m.before:
                return number
        raise KeyError(f"{value} belongs to no step of the run")

    def office(self, value: UUID | None) -> int | None:
        return None if value is None else self.offices.index(value)

    def officer(self, value: UUID | None) -> int | None:
        return None if value is None else self.officers.index(value) if value in self.officers else None

    def marked(self, text: str) -> str:
        """``text`` with personal and dated words replaced by marks."""
        for word, mark in self.words.items():
            if word:
                text = text.replace(word, MARK % mark)
        return text

    def json(self, value: Any) -> str:
        return self.marked(json.dumps(value, ensure_ascii=False))

    def pieces(self, state: str, births: dict[str, int]) -> list[str | int]:
        """An engine state cut at its times; ``births`` says which action wrote which entry. Officers' ids become marks."""
        body = json.loads(state)
        for name, keys in (("log", None), ("open", "t")):
            for number, entry in enumerate(body.get(name, [])):
                entry["at"] = MARK % f"t{births[f'{name}:{entry[keys] if keys else number}']}"
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        for number, officer in enumerate(self.officers):
            text = text.replace(str(officer), MARK % f"o{number}")
        found: list[str | int] = []
        for number, part in enumerate(_TIME.split(text)):
            found.append(int(part) if number % 2 else part)
        return found


_TIME = re.compile(r"@t(\d+)@")


def born(state: str, births: dict[str, int], moment: int) -> None:
    """Note which entries of an engine state appeared with this action."""
    body = json.loads(state)
    for number in range(len(body.get("log", []))):
        births.setdefault(f"log:{number}", moment)
    for entry in body.get("open", []):
        births.setdefault(f"open:{entry['t']}", moment)
