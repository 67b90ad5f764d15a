"""The rows of a copy: each mould is compiled once into texts with gaps, one a table; a copy fills the gaps with what is its own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final

from linli.cases.casefile.engine.stamp_mould import Mould
from linli.foundation.scope.models import FIELD, NULL

TABLES: Final[dict[str, str]] = {
    "casefile_case": "id,number,version_id,matter_code,title,line,level,party_id,applicant,id_index,id_last4,phone,agent_name,created_by,channel,region_id,"
    "region_path,unit_id,state,outcome,submitted_at,accepted_at,decided_at,closed_at,delivered_at,noticed_at,due_at,accepted_by,decided_by,first_contact,"
    "deemed_accepted,corrections,suspensions,decision",
    "casefile_form": "id,case_id,data,revision",
    "casefile_process": "case_id,state",
    "casefile_task": "id,case_id,step_id,token_id,name,kind,line,level,region_path,unit_id,unit_name,assignee_id,assignee_name,number,matter_code,title,"
    "applicant,state,outcome,opinion,people,opened_at,due_at,done_at,done_by,done_by_name",
    "casefile_timeline": "id,case_id,at,kind,text,params,public,actor_label",
    "casefile_paper": "id,case_id,kind,title,number,verify_code,context,state,issued_at,issued_by,delivered_at,public",
    "casefile_material": "id,case_id,key,name,state,note",
    "casefile_participant": "id,case_id,unit_id,kind",
    "supervision_suspension": "id,subject_kind,subject_id,region_path,party_id,reason,basis,since,until,longest_days,approved_by",
    "supervision_clock": "id,subject_kind,subject_id,number,title,region_path,line,party_id,unit_id,unit_name,cycle,promised_due,statutory_due,explanation,"
    "provisional,calendar_version",
    "supervision_rung": "clock_id,rule,colour,period,reason,params,fire_at,claimed_at",
    "supervision_card": "id,number,rule,colour,subject_kind,subject_id,subject_number,subject_title,region_path,line,unit_id,unit_name,period,reason,params,"
    "issued_at,reply_due_at,state,reply,appeal",
}
"""Tables in the order in which they refer to each other, with their columns."""
SPARSE: Final = ("casefile_task", "supervision_rung")
"""Their partial indexes are about what is open: one task in thirty."""
OWN: Final = (
    *(
        "id",
        "base",
        "number",
        "party",
        "applicant",
        "id_index",
        "last4",
        "phone",
        "account",
        "region",
        "path",
        "due",
        "statutory",
        "explanation",
    ),
    *("provisional", "due_text", "until", "today", "next_month", "item", "reason", "reply", "form", "decision", "values"),
)
"""What every copy has of its own, in the order in which a seed holds it. ``base`` is the key without its last four digits."""
FIRST_CHILD = 16  # the first 15 keys after the case's own are those of form and clock
_WORDS = re.compile(r"@(due|until|today|next_month|item|reason|reply|name|task\d+)@")
_OFFICER = re.compile(r"@o(\d+)@")
Cell = str | int | list[str | int]
"""Text, or the place of a gap in the seed, or several of them one after the other."""


@dataclass(frozen=True)
class Gaps:
    """Where in a mould's seeds things stand: first `OWN`, then as many moments, offices, officers, holders and papers as it has."""

    at: int
    second: int
    office: int
    office_name: int
    officer: int
    officer_name: int
    holder: int
    holder_name: int
    task_due: int
    code: int

    @classmethod
    def of(cls, mould: Mould) -> Gaps:
        sizes = [len(mould.steps)] * 2 + [len(mould.offices)] * 2 + [len(mould.officers)] * 2 + [len(mould.tasks)] * 3
        place, places = len(OWN), []
        for size in (*sizes, len(mould.papers)):
            places.append(place)
            place += size
        return cls(*places)


def own(name: str) -> int:
    return OWN.index(name)


class Filling:
    """One table's rows of one mould."""

    def __init__(self, rows: Sequence[Sequence[Cell]]) -> None:
        pieces: list[str | int] = []
        for row in rows:
            for number, cell in enumerate(row):
                pieces += [FIELD] if number else []
                pieces += cell if isinstance(cell, list) else [cell]
            pieces.append("\n")
        for piece in pieces:
            if isinstance(piece, str) and piece not in ("\n", FIELD) and any(sign in piece for sign in "\n\r\x01" + FIELD):
                raise ValueError(f"a line of text was expected: {piece!r}")
        self._text = "".join(piece.replace("%", "%%") if isinstance(piece, str) else "%s" for piece in pieces)
        self._pick = itemgetter(*(piece for piece in pieces if isinstance(piece, int)))

    def __call__(self, seed: Sequence[str]) -> str:
        text: str = self._text % self._pick(seed)
        return text


@dataclass
class Compiled:
    """A mould ready to be copied."""

    tables: dict[str, Filling] = field(default_factory=dict)
    participants: list[tuple[str, int, str]] = field(default_factory=list)  # end of the key, number of the office, kind
    decision: list[str | int] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)  # their kinds


class Compiler:
    """Texts with gaps from one mould. Moments, offices and officers that are nobody's are NULL."""

    def __init__(self, mould: Mould, calendar_version: int) -> None:
        self.mould, self.case, self.calendar_version = mould, mould.case, calendar_version
        self.gaps = Gaps.of(mould)
        self.next_child = FIRST_CHILD
        self.task_keys: list[str] = []  # ends of their keys
        self.base, self.id = own("base"), own("id")

    def compile(self) -> Compiled:
        rows: dict[str, list[list[Cell]]] = {
            "casefile_case": [self._case()],
            "casefile_form": [[[self.base, "0001"], self.id, own("form"), str(self.case["corrections"] + 1)]],
            "casefile_process": [[self.id, self._process()]],
            "casefile_task": [self._task(n, task) for n, task in enumerate(self.mould.tasks)],
            "casefile_timeline": [self._entry(entry) for entry in self.mould.timeline],
            "casefile_paper": [self._paper(n, paper) for n, paper in enumerate(self.mould.papers)],
            "casefile_material": [[self._key(), self.id, m["key"], m["name"], m["state"], m["note"]] for m in self.mould.materials],
        }
        participants = [(self._child(), int(p["office"]), str(p["kind"])) for p in self.mould.participants]
        rows["supervision_suspension"] = [self._suspension(s) for s in self.mould.suspensions]
        rows["supervision_clock"] = [self._clock()]
        filled = {table: Filling(found) for table, found in rows.items() if found}
        return Compiled(filled, participants, self._words(self.mould.decision), [str(p["kind"]) for p in self.mould.papers])

    # -- cells ---------------------------------------------------------------------------------------------------------------

    def _child(self) -> str:
        self.next_child += 1
        return f"{self.next_child - 1:04x}"

    def _key(self) -> Cell:
        return [self.base, self._child()]

    def _gap(self, first: int, number: int | None, nobody: str = NULL) -> str | int:
        return nobody if number is None or number < 0 else first + number

    def _at(self, number: int | None) -> str | int:
        return self._gap(self.gaps.at, number)

    def _officer(self, number: int | None) -> str | int:
        return self._gap(self.gaps.officer, number)

    def _words(self, text: str, named: int | None = None) -> list[str | int]:
        """Text with the marks of a real run as gaps."""
        found: list[str | int] = []
        for number, part in enumerate(_WORDS.split(text)):
            if number % 2 and part.startswith("task"):
                found += [self.base, self.task_keys[int(part.removeprefix("task"))]]
            elif number % 2:
                found.append(self._gap(self.gaps.officer_name, named, "") if part == "name" else own("due_text" if part == "due" else part))
            elif part:
                found.append(part)
        return found or [""]

    def _process(self) -> Cell:
        found: list[str | int] = []
        for piece in self.mould.process:
            if isinstance(piece, int):
                found.append(self.gaps.second + piece)
                continue
            for number, part in enumerate(_OFFICER.split(piece)):
                found.append(self.gaps.officer + int(part) if number % 2 else part)
        return found

    # -- rows ----------------------------------------------------------------------------------------------------------------

    def _case(self) -> list[Cell]:
        c = self.case
        shared = [str(c[name]) for name in ("version_id", "matter_code", "title", "line", "level")]
        by: Cell = self.gaps.officer if c["channel"] == "counter" else own("account")
        moments = [self._at(c[f"{name}_at"]) for name in ("submitted", "accepted", "decided", "closed", "delivered", "noticed")]
        return [
            *(self.id, own("number"), *shared, own("party"), own("applicant"), own("id_index"), own("last4"), own("phone"), "", by),
            *(c["channel"], own("region"), own("path"), self._gap(self.gaps.office, c["unit"]), c["state"], c["outcome"], *moments),
            *(own("due"), *(self._officer(c[name]) for name in ("accepted_by", "decided_by", "first_contact"))),
            *(_bool(c["deemed_accepted"]), str(c["corrections"]), str(c["suspensions"]), own("decision")),
        ]

    def _task(self, n: int, t: Mapping[str, Any]) -> list[Cell]:
        c, gaps = self.case, self.gaps
        held = t["state"] == "open"
        self.task_keys.append(self._child())
        key: Cell = [self.base, self.task_keys[-1]]
        return [
            *(key, self.id, t["step_id"], t["token_id"], t["name"], t["kind"], c["line"], str(c["level"]), own("path")),
            *(self._gap(gaps.office, t["office"]), self._gap(gaps.office_name, t["office"], "")),
            *((gaps.holder + n, gaps.holder_name + n) if held else (NULL, "")),
            *(
                own("number"),
                c["matter_code"],
                c["title"],
                own("applicant"),
                t["state"],
                t["outcome"],
                self._words(t["opinion"]),
                str(t["people"]),
            ),
            *(self._at(t["opened"]), gaps.task_due + n, self._at(t["done"])),
            *(self._officer(t["by"]), self._gap(gaps.officer_name, t["by"], "")),
        ]

    def _entry(self, e: Mapping[str, Any]) -> list[Cell]:
        label: Cell
        if e["office"] is not None:
            label = self._gap(self.gaps.office_name, e["office"], "")
        elif e["officer"] is not None:
            label = self._gap(self.gaps.officer_name, e["officer"], "")
        else:
            label = own("applicant") if e["label"] == "@applicant@" else e["label"]
        return [
            self._key(),
            self.id,
            self._at(e["at"]),
            e["kind"],
            e["text"],
            self._words(e["params"], e["named"]),
            _bool(e["public"]),
            label,
        ]

    def _paper(self, n: int, p: Mapping[str, Any]) -> list[Cell]:
        context: Cell = own("values") if p["kind"] == "result" else self._words(p["context"])
        by = own("account") if p["citizen"] else self._officer(p["by"])
        number: Cell = [own("number"), f"-{n + 1:02d}"]
        return [
            *(self._key(), self.id, p["kind"], p["title"], number, self.gaps.code + n, context, "waiting"),
            *(self._at(p["issued"]), by, self._at(p["delivered"]), _bool(p["public"])),
        ]

    def _suspension(self, s: Mapping[str, Any]) -> list[Cell]:
        longest = NULL if s["longest_days"] is None else str(s["longest_days"])
        return [
            *(self._key(), "case", self.id, own("path"), own("party"), s["reason"], s["basis"], self._at(s["since"]), self._at(s["until"])),
            *(longest, self._officer(s["by"])),
        ]

    def _clock(self) -> list[Cell]:
        c, clock = self.case, self.mould.clock
        name = self._gap(self.gaps.office_name, clock["office"], "") if clock["named"] else ""
        return [
            *([self.base, "0002"], "case", self.id, own("number"), c["title"], own("path"), c["line"], own("party")),
            *(self._gap(self.gaps.office, clock["office"]), name, str(clock["cycle"]), own("due"), own("statutory"), own("explanation")),
            *(own("provisional"), str(self.calendar_version)),
        ]


def _bool(value: Any) -> str:
    return "true" if value else "false"


SERIALS: Final = """INSERT INTO casefile_serial (key, last) SELECT key, last FROM jsonb_to_recordset(%s::jsonb) AS s(key text, last int)
  ON CONFLICT (key) DO UPDATE SET last = greatest(casefile_serial.last, excluded.last)"""


def serials(last: Mapping[str, int]) -> list[str]:
    """Parameters of `SERIALS`: the running numbers used, so that none is given twice."""
    return [json.dumps([{"key": k, "last": v} for k, v in last.items()])]
