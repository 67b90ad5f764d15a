"""Labelled files: header `source, external_id, name, sex, birth_date, id_number, phone, address, person`, cells may be empty."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from linli.lib import codes, idcard
from linli.lib.contact import parse_phone
from linli.lib.errors import Invalid
from linli.lib.names import normalise_name
from linli.lib.width import half_width
from linli.registry.matching.engine.clusters import Clusters
from linli.registry.matching.engine.sample import Truth
from linli.registry.matching.types import Record

HEADER = ("source", "external_id", "name", "sex", "birth_date", "id_number", "phone", "address", "person")
_DATE = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})(?!\d)")
_SEX_LETTERS = {"m": idcard.MALE, "f": idcard.FEMALE, "male": idcard.MALE, "female": idcard.FEMALE}


@dataclass(frozen=True)
class Figures:
    """Of pairs of records: what was linked, rightly linked and to be linked; ``review`` are the decisions left to people."""

    linked: int
    right: int
    true: int
    review: int
    records: int

    @property
    def precision(self) -> float:
        return self.right / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def review_share(self) -> float:
        """Decisions a record."""
        return self.review / self.records if self.records else 0.0


def read_truth(path: Path) -> Truth:
    """`Invalid` TRUTH_HEADER when a column is missing. UTF-8, with or without a byte order mark."""
    truth = Truth()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in HEADER if name not in [(head or "").strip() for head in rows.fieldnames or ()]]
        if missing:
            raise Invalid(
                "TRUTH_HEADER",
                "The file has no column %(columns)s.",
                hint="The first line must read: source,external_id,name,sex,birth_date,id_number,phone,address,person.",
                data={"columns": ", ".join(missing)},
            )
        for number, row in enumerate(rows):
            cells = {(head or "").strip(): (cell or "").strip() for head, cell in row.items() if isinstance(cell, str | None)}
            truth.add(_record(cells, f"{number}"), cells["person"])
    return truth


def _record(cells: Mapping[str, str], key: str) -> Record:
    number = idcard.normalise(cells["id_number"])
    return Record(
        key=key,
        name=normalise_name(cells["name"]),
        sex=_sex(cells["sex"]),
        birth_date=_date(cells["birth_date"]),
        id_number=number,
        phone=_phone(cells["phone"]),
        address=half_width(cells["address"]),
    )


def _sex(text: str) -> str:
    table = codes.table("sex")
    return text if text in table else table.code_of(text) or _SEX_LETTERS.get(text.casefold(), "")


def _date(text: str) -> date | None:
    match = _DATE.match(half_width(text))
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _phone(text: str) -> str:
    try:
        return parse_phone(text).number if text else ""
    except Invalid:
        return ""


def evaluate(truth: Truth, clusters: Clusters) -> Figures:
    """Of the links that stand, also those that follow from others; pairs left to review count as not linked."""
    together: dict[str, list[str]] = {}
    for record in truth.records:
        together.setdefault(clusters.person(record.key), []).append(truth.person[record.key])
    linked = sum(_pairs(len(people)) for people in together.values())
    right = sum(_pairs(count) for people in together.values() for count in Counter(people).values())
    true = sum(_pairs(count) for count in Counter(truth.person.values()).values())
    return Figures(linked, right, true, len(clusters.review), len(truth.records))


def pairs_figures(truth: Truth, pairs: Iterable[tuple[str, str]], *, between: Sequence[frozenset[str]] | None = None) -> Figures:
    """The same of bare pairs. ``between``: the two files' keys, where pairs inside one file do not count as true."""
    found = set(pairs)
    right = sum(truth.person[a] == truth.person[b] for a, b in found)
    if between is None:
        true = sum(_pairs(count) for count in Counter(truth.person.values()).values())
    else:
        one, other = (Counter(truth.person[key] for key in keys) for keys in between)
        true = sum(count * other[person] for person, count in one.items())
    return Figures(len(found), right, true, 0, len(truth.records))


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
