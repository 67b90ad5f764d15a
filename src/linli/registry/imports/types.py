"""Plain values of imports: how an office lays its files out, what was wrong with a row, and a row in the register's own form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Self

from django.utils.translation import gettext_noop
from pydantic import BaseModel, ConfigDict, StrictBool, StrictStr, model_validator

from linli.lib import codes
from linli.lib.width import half_width
from linli.registry.people.types import ATTRIBUTES

REGION, HOUSEHOLD, RELATION, DIED = "region", "household_number", "relation", "died_on"
READABLE = frozenset({*ATTRIBUTES, REGION, HOUSEHOLD, RELATION, DIED})
"""What a column may be read as: attributes of a person, and where and with whom she lives."""

BY_ID, BY_ROW = "id:", "row:"
"""How keys begin that no office gave: an identity number (blind it before it is kept in the clear) and a hash of the row."""


class Kind(StrEnum):
    """How the cells of a column are read."""

    NAME = "name"
    ID_NUMBER = "id_number"
    DATE = "date"
    CODE = "code"
    PHONE = "phone"
    ADDRESS = "address"
    TEXT = "text"
    REGION = "region"
    BANK_ACCOUNT = "bank_account"


_KIND_OF = {
    "name": Kind.NAME,
    "id_number": Kind.ID_NUMBER,
    "birth_date": Kind.DATE,
    "lives_here_since": Kind.DATE,
    DIED: Kind.DATE,
    "phone": Kind.PHONE,
    "bank_account": Kind.BANK_ACCOUNT,
    "live_address": Kind.ADDRESS,
    "hukou_address": Kind.ADDRESS,
    REGION: Kind.REGION,
    "bank_name": Kind.TEXT,
    HOUSEHOLD: Kind.TEXT,
}
"""The one way to read an attribute; the rest are codes."""


def heading_key(heading: str) -> str:
    """The form in which headings are compared: without white space, star of obligation and colon, half-width, lower case."""
    return "".join(half_width(heading).split()).strip("*:").casefold()


class Column(BaseModel):
    """One column of an office.

    `headings` are all spellings seen; where a file has several of them, the first one with a value counts. `attribute` is empty for what
    is kept in the file but not read. `codes` turns the office's values into ours (an empty one: it says nothing), before `table` is asked
    for a code or a label; `endings` are what the office leaves off a label. `formats` are further day formats, as for `strptime`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    headings: tuple[StrictStr, ...]
    attribute: StrictStr = ""
    kind: Kind = Kind.TEXT
    table: StrictStr = ""
    codes: dict[StrictStr, StrictStr] = {}
    endings: tuple[StrictStr, ...] = ()
    required: StrictBool = False
    formats: tuple[StrictStr, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.headings or not all(map(heading_key, self.headings)):
            raise ValueError("headings: at least one, none of them empty")
        if self.attribute and self.attribute not in READABLE:
            raise ValueError(f"attribute: there is no {self.attribute!r}; there are {', '.join(sorted(READABLE))}")
        if self.attribute and self.kind is not (proper := _KIND_OF.get(self.attribute, Kind.CODE)):
            raise ValueError(f"kind: {self.attribute} is read as {proper}")
        if self.required and not self.attribute:
            raise ValueError("required: only a column that is read can be required")
        self._codes_fit()
        return self

    def _codes_fit(self) -> None:
        if self.kind is not Kind.CODE:
            if self.table or self.codes or self.endings:
                raise ValueError("table, codes, endings: only for kind code")
            return
        if not self.table:
            if not self.codes:
                raise ValueError("codes: a code needs a table or a list of codes")
            return
        if self.table not in codes.table_names():
            raise ValueError(f"table: there is no {self.table!r}; there are {', '.join(codes.table_names())}")
        strange = sorted({code for code in self.codes.values() if code and code not in codes.table(self.table)})
        if strange:
            raise ValueError(f"codes: {', '.join(strange)} not in the table {self.table}")


class Mapping(BaseModel):
    """The saved description of one office's layout.

    `source` is the code of a source (packs: provenance.csv). `key` is a heading of the column with the office's own id; without one, the
    identity number or a hash of the row is the key. `as_of` is a heading of the day a row is true of; without one, it is the batch's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: StrictStr
    name: StrictStr
    source: StrictStr
    columns: tuple[Column, ...]
    key: StrictStr = ""
    as_of: StrictStr = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        seen: set[str] = set()
        for column in self.columns:
            for heading in column.headings:
                if (key := heading_key(heading)) in seen:
                    raise ValueError(f"columns: the heading {heading} stands in two columns")
                seen.add(key)
        for name in ("code", "name", "source"):
            if not getattr(self, name):
                raise ValueError(f"{name}: may not be empty")
        for name in ("key", "as_of"):
            if getattr(self, name) and heading_key(getattr(self, name)) not in seen:
                raise ValueError(f"{name}: no column has the heading {getattr(self, name)}")
        if not any(column.required for column in self.columns):
            raise ValueError("columns: at least one must be required, or the heading row cannot be told from a title")
        return self

    def column_of(self, heading: str) -> Column | None:
        """The column that has a heading, however it is spelled; None when there is none."""
        key = heading_key(heading)
        return next((c for c in self.columns if key in map(heading_key, c.headings)), None)


ERROR, WARNING = "E", "W"


class Problem(NamedTuple):
    """What is wrong with a cell, or with a row (no heading). An error refuses the row, a warning leaves one value out.

    `message` is a msgid that `data` fills; of the row, `data` holds at most a code or the name of a place.
    """

    level: str
    heading: str
    code: str
    message: str
    data: dict[str, Any] = {}

    def text(self, translate: Callable[[str], str]) -> str:
        """For people: the heading and the message in their language."""
        message = translate(self.message)
        told = message % self.data if self.data else message
        return f"{self.heading}: {told}" if self.heading else told


class Verdict(StrEnum):
    """What becomes, or became, of a row."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


VERDICT_WORDS = {
    Verdict.NEW: gettext_noop("New person"),
    Verdict.SAME: gettext_noop("Nothing new"),
    Verdict.CHANGED: gettext_noop("Changes values"),
    Verdict.DOUBTFUL: gettext_noop("To be reviewed"),
    Verdict.REFUSED: gettext_noop("Row refused"),
}
"""Verdicts in words, as msgids."""


@dataclass(frozen=True, slots=True)
class Standard:
    """A row in the register's own form: days in ISO, our codes, normalised names and numbers. `number` is its line in the file.

    `key` tells the row from others of the source: the office's own id, or one that begins with `BY_ID` or `BY_ROW`.
    """

    number: int
    key: str
    values: dict[str, str]
    as_of: date
    problems: tuple[Problem, ...] = field(default=())

    @property
    def refused(self) -> bool:
        return any(problem.level == ERROR for problem in self.problems)
