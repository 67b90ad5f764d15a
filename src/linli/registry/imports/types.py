"""Plain values of imports: how an office lays its files out, what was wrong with a row, and a row in the register's own form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal, NamedTuple, Self

from django.utils.translation import gettext_noop
from pydantic import BaseModel, ConfigDict, StrictBool, StrictInt, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from linli.lib import codes
from linli.lib.width import half_width
from linli.registry.bodies.types import PREFIX, STANDING
from linli.registry.people.types import ATTRIBUTES

REGION, HOUSEHOLD, RELATION, DIED = "region", "household_number", "relation", "died_on"
PEOPLE, BODIES = "people", "bodies"
"""What the rows of a file are about: people, or organisations."""
NOT_FROM_FILES = frozenset({"no_uscc_reason", "hazard", "attention"})
"""What only the community says of organisations."""
READABLE = {
    PEOPLE: frozenset({*ATTRIBUTES, REGION, HOUSEHOLD, RELATION, DIED}),
    BODIES: frozenset({REGION, *(PREFIX + name for name in STANDING if name not in NOT_FROM_FILES)}),
}
"""What a column may be read as: attributes of a person, and where and with whom she lives; of an organisation, and where it is registered."""

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
    AMOUNT = "amount"
    TERM = "term"


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
} | {
    PREFIX + name: kind
    for name, kind in (
        *dict.fromkeys(
            ("name", "uscc", "org_code", "registration_no", "authority", "supervisor", "address", "scope", "employees"), Kind.TEXT
        ).items(),
        ("representative", Kind.NAME),
        ("representative_id", Kind.ID_NUMBER),
        ("established_on", Kind.DATE),
        ("licence_until", Kind.TERM),
        ("capital", Kind.AMOUNT),
        ("phone", Kind.PHONE),
    )
}
"""The one way to read an attribute; the rest are codes."""


def heading_key(heading: str) -> str:
    """The form in which headings are compared: without white space, star of obligation and colon, half-width, lower case."""
    return "".join(half_width(heading).split()).strip("*:").casefold()


class Column(BaseModel):
    """One column of an office.

    `headings` are all spellings seen; where a file has several of them, the first one with a value counts. `attribute` is empty for what
    is kept in the file but not read. `codes` turns the office's values into ours (an empty one: it says nothing), before `table` is asked
    for a code or a label; `endings` are what the office leaves off a label. `formats` are further day formats, as for `strptime`. `units`: what
    stands behind an amount -> how many yuan one of it is ("" where nothing stands behind it).
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
    units: dict[str, StrictInt] = {}

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.headings or not all(map(heading_key, self.headings)):
            raise ValueError("headings: at least one, none of them empty")
        known = frozenset[str]().union(*READABLE.values())
        if self.attribute and self.attribute not in known:
            raise ValueError(f"attribute: there is no {self.attribute!r}; there are {', '.join(sorted(known))}")
        if self.attribute and self.kind is not (proper := _KIND_OF.get(self.attribute, Kind.CODE)):
            raise ValueError(f"kind: {self.attribute} is read as {proper}")
        if bool(self.units) is not (self.kind is Kind.AMOUNT):
            raise ValueError("units: an amount says what its units are, nothing else does")
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

    `subject` is what its rows are about (`READABLE`). `source` is the code of a source (packs: provenance.csv).
    `key` is a heading of the column with the office's own id; without one, the
    identity number or a hash of the row is the key. `as_of` is a heading of the day a row is true of; without one, it is the batch's.
    `uncoded`: why organisations of this list may have no credit code; without it such rows about unknown ones are refused.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: StrictStr
    name: StrictStr
    source: StrictStr
    columns: tuple[Column, ...]
    subject: Literal["people", "bodies"] = "people"
    key: StrictStr = ""
    as_of: StrictStr = ""
    uncoded: StrictStr = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        seen: set[str] = set()
        for column in self.columns:
            for heading in column.headings:
                if (key := heading_key(heading)) in seen:
                    raise PydanticCustomError("heading_twice", "columns: the heading {heading} stands in two columns", {"heading": heading})
                seen.add(key)
        strange = sorted({c.attribute for c in self.columns if c.attribute} - READABLE[self.subject])
        if strange:
            raise ValueError(f"columns: {', '.join(strange)} is not read of {self.subject}")
        for name in ("code", "name", "source"):
            if not getattr(self, name):
                raise ValueError(f"{name}: may not be empty")
        for name in ("key", "as_of"):
            if getattr(self, name) and heading_key(getattr(self, name)) not in seen:
                raise PydanticCustomError(
                    "heading_unknown", "{name}: no column has the heading {heading}", {"name": name, "heading": getattr(self, name)}
                )
        if not any(column.required for column in self.columns):
            raise PydanticCustomError(
                "nothing_required", "columns: at least one must be required, or the heading row cannot be told from a title"
            )
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


VERDICT_WORDS: dict[Verdict, str] = {
    Verdict.NEW: gettext_noop("New person"),
    Verdict.SAME: gettext_noop("Nothing new"),
    Verdict.CHANGED: gettext_noop("Changes values"),
    Verdict.DOUBTFUL: gettext_noop("To be reviewed"),
    Verdict.REFUSED: gettext_noop("Row refused"),
}
"""Verdicts in words, as msgids."""
WORDS_OF = {PEOPLE: VERDICT_WORDS, BODIES: {**VERDICT_WORDS, Verdict.NEW: gettext_noop("New organisation")}}
"""The same by what the rows are about."""


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

    def __reduce__(self) -> tuple[Any, ...]:
        """Rows go from process to process by the million; what frozen dataclasses do of themselves takes three times as long."""
        return Standard, (self.number, self.key, self.values, self.as_of, self.problems)


HOUSEHOLD, RELATION, DIED = "household_number", "relation", "died_on"
"""What a row may say besides a person's own values."""
MORE = (HOUSEHOLD, DIED)
LEFT = {
    "OTHER_HOUSEHOLD": gettext_noop("The register has this person in another household than the others of the same number."),
    "HEAD_MISSING": gettext_noop("The file names no head of this household, and nobody of it belongs to one."),
    "RELATION_MISSING": gettext_noop("The file does not say what this person is to the head."),
    "HEAD_TAKEN": gettext_noop("The household has another head already."),
    "MEMBER_ELSEWHERE": gettext_noop("This person belongs to another household."),
    "DEATH_DIFFERS": gettext_noop("The same office has named another day of death before."),
    "PERSON_DEAD": gettext_noop("The death stands in the register already."),
    "DEATH_DATE": gettext_noop("The day of death lies before birth or in the future."),
}
"""Why nothing followed from a row, by the codes of the refusals."""


def kind_of(attribute: str) -> Kind:
    """The one way to read an attribute."""
    return _KIND_OF.get(attribute, Kind.CODE)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody making a layout says of one heading of her file. ``codes`` as `Column.codes`; ``formats`` as `Column.formats`."""

    heading: str
    attribute: str = ""
    required: bool = False
    formats: tuple[str, ...] = ()
    codes: dict[str, str] = field(default_factory=dict)
