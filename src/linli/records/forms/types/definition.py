"""The definition of a form as it stands in a pack: sections, fields, conditions and cross-field rules.

Labels, titles, helps and messages are pack data in the language of the city; everything the engine itself says is an English msgid.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Attribute

Key = Annotated[str, StringConstraints(pattern=r"^[a-z](?:_?[a-z0-9])*$", max_length=40)]
"""Names of sections and fields. `-` separates path parts and `__` the parts of one field, so neither may occur."""


def _dates_as_text(value: Any) -> Any:
    """YAML reads a bare 2026-01-31 as a date; a definition keeps it as text so that it stays JSON-safe."""
    return value.isoformat() if isinstance(value, date) else value


Scalar = Annotated[bool | int | Decimal | str, BeforeValidator(_dates_as_text)]
Bound = Annotated[int | Decimal | str | None, BeforeValidator(_dates_as_text)]
DATE_BOUND: Final = re.compile(r"(\d{4}-\d{2}-\d{2})|today(?:([+-]\d{1,4})([dmy]))?")
"""A fixed day or a distance from the business day: `today`, `today-18y`, `today+30d`, `today-6m`."""


class FieldType(StrEnum):
    """Every kind of question a form can ask."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    INTEGER = "integer"
    MONEY = "money"
    DATE = "date"
    MONTH = "month"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    CODE = "code"
    ID_NUMBER = "id_number"
    ID_DOCUMENT = "id_document"
    PHONE = "phone"
    PERSON_NAME = "person_name"
    ADDRESS = "address"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    USCC = "uscc"
    EMAIL = "email"
    FILE = "file"
    SIGNATURE = "signature"
    STATEMENT = "statement"
    COMPUTED = "computed"


T = FieldType
_NUMBERS: Final = {T.NUMBER, T.INTEGER, T.MONEY}
_DATES: Final = {T.DATE, T.MONTH}
_CHOICES: Final = {T.CHOICE, T.MULTI_CHOICE}
_LINES: Final = {T.TEXT, T.LONG_TEXT, T.ADDRESS, T.PERSON_NAME}
ATTRIBUTE_TYPES: Final[dict[str, set[FieldType]]] = {
    "options": _CHOICES,
    "codes": {*_CHOICES, T.CODE},
    "min": {*_NUMBERS, *_DATES},
    "max": {*_NUMBERS, *_DATES},
    "places": {T.NUMBER},
    "unit": {*_NUMBERS, T.COMPUTED},
    "min_length": _LINES,
    "max_length": _LINES,
    "documents": {T.ID_DOCUMENT},
    "accept": {T.FILE},
    "max_mb": {T.FILE},
    "max_count": {T.FILE, T.MULTI_CHOICE},
    "matches": {T.SIGNATURE},
    "text": {T.STATEMENT},
    "expr": {T.COMPUTED},
    "result": {T.COMPUTED},
}
"""Which attribute belongs to which types: a stray attribute is a mistake of the author and is refused."""
DEFAULT_LEVELS: Final[dict[FieldType, int]] = {
    T.ID_NUMBER: 3,
    T.ID_DOCUMENT: 3,
    T.PHONE: 3,
    T.PERSON_NAME: 3,
    T.ADDRESS: 3,
    T.EMAIL: 3,
    T.PLATE: 3,
    T.SIGNATURE: 3,
    T.BANK_CARD: 4,
}
"""Sensitivity when the author names none: personal data is level 3, financial accounts level 4 (domain/community.md §13.2); the rest 2."""


class _Definition(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Option(_Definition):
    """One answer of a choice. Values are text: YAML's bare `no` or `1` is refused rather than silently turned into something else."""

    value: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=60)]
    label: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    help: str = ""


class Condition(_Definition):
    """A tree of all/any/not over tests of one field each. A field that is empty or not shown passes no test but `filled: false`."""

    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    not_: Condition | None = Attribute(default=None, alias="not")
    field: Key | None = None
    equals: Scalar | None = None
    in_: tuple[Scalar, ...] | None = Attribute(default=None, alias="in")
    gt: Scalar | None = None
    lt: Scalar | None = None
    filled: bool | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        trees = [name for name in ("all", "any", "not_") if getattr(self, name) is not None]
        tests = [name for name in ("equals", "in_", "gt", "lt", "filled") if getattr(self, name) is not None]
        if self.field is None:
            if len(trees) != 1 or tests:
                raise ValueError("a condition is exactly one of all, any, not, or a field with one test")
            if self.all == () or self.any == ():
                raise ValueError("all and any need at least one condition")
        elif trees or len(tests) != 1:
            raise ValueError("a field condition has exactly one of equals, in, gt, lt, filled")
        return self

    def fields(self) -> frozenset[str]:
        """Keys of all fields the tree looks at."""
        children = [*(self.all or ()), *(self.any or ()), *([self.not_] if self.not_ else [])]
        own = {self.field} if self.field else set()
        return frozenset(own).union(*(child.fields() for child in children))


class Repeat(_Definition):
    """A section that is filled several times: how often, what one of them is called, and where known entries come from (`household.members`)."""

    source: str = Attribute(default="", max_length=100)
    min: int = Attribute(default=0, ge=0, le=50)
    max: int = Attribute(default=20, ge=1, le=50)
    label: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError("min is larger than max")
        return self


class Field(_Definition):
    """One question. `source` names where the answer may already be known (`person.name`); `level` is its sensitivity, 1 public to 5."""

    key: Key
    type: FieldType
    label: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    help: str = ""
    required: bool = False
    source: str = Attribute(default="", max_length=100)
    editable: bool = True
    level: int = Attribute(default=0, ge=0, le=5)
    width: Literal["full", "half", "third"] = "full"
    when: Condition | None = None

    options: tuple[Option, ...] = ()
    codes: str = ""
    min: Bound = None
    max: Bound = None
    places: int = Attribute(default=2, ge=0, le=6)
    unit: str = ""
    min_length: int = Attribute(default=0, ge=0)
    max_length: int | None = Attribute(default=None, ge=1, le=20000)
    documents: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    max_mb: int = Attribute(default=10, ge=1, le=200)
    max_count: int | None = Attribute(default=None, ge=1, le=50)
    matches: Key | None = None
    text: str = ""
    expr: str = Attribute(default="", max_length=500)
    result: Literal["number", "integer", "money", "text", "date", "yes_no"] = "number"

    @model_validator(mode="after")
    def _attributes_fit(self) -> Self:
        for name in sorted(self.model_fields_set & ATTRIBUTE_TYPES.keys()):
            if self.type not in ATTRIBUTE_TYPES[name]:
                raise ValueError(f"{name} does not belong to a {self.type.value} field")
        needed = {T.STATEMENT: "text", T.COMPUTED: "expr", T.CODE: "codes"}.get(self.type)
        if needed and not getattr(self, needed):
            raise ValueError(f"a {self.type.value} field needs {needed}")
        if self.type in _CHOICES and bool(self.options) == bool(self.codes):
            raise ValueError(f"a {self.type.value} field needs either options or codes")
        values = [option.value for option in self.options]
        if len(values) != len(set(values)):
            raise ValueError("an option value occurs twice")
        if self.type is T.COMPUTED and self.required:
            raise ValueError("a computed field cannot be required: nobody fills it in")
        self._check_bounds()
        return self

    def _check_bounds(self) -> None:
        for bound in (self.min, self.max):
            if bound is None:
                continue
            dated = isinstance(bound, str) and DATE_BOUND.fullmatch(bound) is not None
            if dated != (self.type in _DATES):
                raise ValueError("min and max are numbers for a number field, ISO dates or today±n[dmy] for a date field")

    @property
    def sensitivity(self) -> int:
        """The level that counts: the declared one, else the default of the type."""
        return self.level or DEFAULT_LEVELS.get(self.type, 2)


class Section(_Definition):
    """A titled group of fields, asked once or (with `repeat`) several times."""

    key: Key
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    help: str = ""
    repeat: Repeat | None = None
    when: Condition | None = None
    fields: Annotated[tuple[Field, ...], Attribute(min_length=1, max_length=200)]

    def field(self, key: str) -> Field | None:
        """The field with this key, or None."""
        return next((field for field in self.fields if field.key == key), None)


class Rule(_Definition):
    """A cross-field rule that must hold. It is judged only once every value it reads is there.

    `each` names a repeating section: the rule is then judged for every row, whose fields come before the form's own.
    """

    expr: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    message: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    field: Key | None = None
    each: Key | None = None
    hint: str = ""


class Form(_Definition):
    """A whole form. Versions are kept by whoever stores it (a matter locks a case to the version it was accepted under)."""

    title: str = ""
    help: str = ""
    sections: Annotated[tuple[Section, ...], Attribute(min_length=1, max_length=50)]
    rules: tuple[Rule, ...] = ()

    def section(self, key: str) -> Section | None:
        """The section with this key, or None."""
        return next((section for section in self.sections if section.key == key), None)

    def field(self, key: str, section: str | None = None) -> Field | None:
        """A field of the form itself, or of the named repeating section."""
        for candidate in self.sections:
            if (candidate.key == section) if section else candidate.repeat is None:
                found = candidate.field(key)
                if found:
                    return found
        return None
