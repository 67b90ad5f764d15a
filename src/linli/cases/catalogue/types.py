"""The specification of a matter: one thing a resident can ask an office for, as it stands in a pack and as a published version freezes it.

Field names follow the data elements of service matters (domain/services.md 2.1 and 2.2). Texts are pack data in the language of the city.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9]{2,3}$")]
"""Two letters of the line and a running number: MZ06."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Level = Literal["city", "county", "street", "community"]
Audience = Literal["resident", "body"]


class ItemType(StrEnum):
    """Kinds of administrative acts (domain/services.md 2.1); counters open only these."""

    PERMIT = "01"
    BENEFIT = "05"
    CONFIRMATION = "07"
    REWARD = "08"
    ARBITRATION = "09"
    OTHER_POWER = "10"
    PUBLIC_SERVICE = "20"


class Necessity(IntEnum):
    """Whether a case can go on without the material."""

    REQUIRED = 1
    OPTIONAL = 2
    LATER = 3
    """May follow within `tolerate_days` against a written promise."""


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Term(_Spec):
    """A length of time. Units: W working days, N calendar days, M months, H hours. Zero working days means the same day."""

    amount: int = Field(ge=0, le=1000)
    unit: Literal["W", "N", "M", "H"] = "W"

    def calendar_days_at_most(self) -> int:
        """A rough upper length in calendar days, to compare terms of different units: five working days are seven days, a month is 31."""
        per_unit = {"W": self.amount * 7 / 5, "N": self.amount, "M": self.amount * 31, "H": self.amount / 24}
        return int(per_unit[self.unit] + 0.999)


class LegalBasis(_Spec):
    """One rule the matter rests on. After `repealed` the matter has to be looked at again."""

    title: Text
    number: str = ""
    article: str = ""
    text: str = ""
    kind: Literal["law", "regulation", "rule", "document", "local"] = "document"
    repealed: date | None = None


class Fee(_Spec):
    """What the matter costs. A free matter says so by `charged: false`; it is never left open."""

    charged: bool
    standard: str = ""
    amount: Decimal | None = Field(default=None, ge=0, max_digits=9, decimal_places=2)
    """Yuan a case, where the standard is one amount; left out where it depends on what is asked for."""
    basis: str = ""
    online: bool = False

    @property
    def is_fixed(self) -> bool:
        """Whether what was paid can be compared: a free matter costs nothing, a charged one what its amount says (R09)."""
        return not self.charged or self.amount is not None

    @model_validator(mode="after")
    def _standard_when_charged(self) -> Self:
        if self.charged and not (self.standard and self.basis):
            raise ValueError("a charged matter needs a standard and its basis")
        return self


class Material(_Spec):
    """One document or proof. With `license_type` or `shared_from` it is not asked for unless the look-up fails."""

    key: Key
    name: Text
    category: Literal["proof", "application", "other"] = "proof"
    form: Literal["paper", "electronic", "either"] = "either"
    copy_type: Literal["original", "copy", "both", "checked_original"] = "checked_original"
    copies: int = Field(default=1, ge=0, le=10)
    necessity: Necessity = Necessity.REQUIRED
    tolerate_days: int = Field(default=0, ge=0, le=60)
    source: Literal["applicant", "government", "third_party", "other"] = "applicant"
    issuer: str = ""
    license_type: str = ""
    shared_from: str = ""
    when: str = ""
    fill_guide: str = ""
    sample: str = ""
    blank_form: str = ""
    review_points: str = ""
    level: int = Field(default=3, ge=1, le=5)

    @model_validator(mode="after")
    def _tolerance_fits(self) -> Self:
        if (self.necessity is Necessity.LATER) != (self.tolerate_days > 0):
            raise ValueError("tolerate_days belongs to necessity 3 and only there")
        return self

    @property
    def waived(self) -> bool:
        """True when a licence or a shared register proves it, so that the applicant is asked only if the look-up fails."""
        return bool(self.license_type or self.shared_from)


class Result(_Spec):
    """What the applicant gets in the end; `template` is the paper it is printed from."""

    key: Key
    name: Text
    kind: Literal["licence", "approval", "reply", "other"] = "other"
    template: str = ""
    validity: Term | None = None
    sample: str = ""


class SpecialProcedure(_Spec):
    """A lawful reason to stop the clock, with the longest time it may take."""

    key: Key
    name: Text
    basis: Text
    longest: Term


class Remedy(_Spec):
    """Where to turn against a decision: review within `review_days` calendar days, court within `court_months` months."""

    review_body: Text
    review_days: int = Field(default=60, ge=1)
    court: Text
    court_months: int = Field(default=6, ge=1)


class Question(_Spec):
    """One question people ask, with its answer."""

    question: Text
    answer: Text


class Fact(_Spec):
    """An input of the eligibility table: from the registry (`person.age`), the form (`form.income`) or the case (`case.month`)."""

    key: Key
    source: Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z_0-9]+)+$")]
    label: Text


def _number_from_text(value: Any) -> Any:
    """JSON keeps exact numbers as text; a stored "100.50" becomes a number again."""
    return Decimal(value) if isinstance(value, str) and re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", value, re.ASCII) else value


class Parameter(_Spec):
    """A policy number with the division and the days it is valid for; the table reads it as `params.<key>`."""

    key: Key
    label: Text
    value: Annotated[Decimal | bool | str, BeforeValidator(_number_from_text)]
    unit: str = ""
    division: str = ""
    valid_from: date
    valid_to: date | None = None
    note: str = ""


class Effect(_Spec):
    """A fact that a granted case writes back to the registry.

    `values` maps attribute names to `form.x`, `verdict.x`, `decision.x`, `case.x` or a text in single quotes.
    """

    kind: Literal["attribute", "tag", "benefit", "card", "registration", "queue"]
    target: Annotated[str, StringConstraints(pattern=r"^(person|household|premises|body)(\.[a-z_0-9]+)+$")]
    values: dict[str, str] = Field(default_factory=dict)
    effective_from: str = "decision.date"
    validity: Term | None = None


class MatterSpec(_Spec):
    """A matter, complete enough to publish once `check_complete` finds nothing."""

    code: Code
    name: Text
    short: Text
    sub_item: str = ""
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    summary: str = ""
    note: str = ""
    line: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    item_type: ItemType
    shape: Literal["application", "complaint"] = "application"
    audience: tuple[Audience, ...] = ("resident",)
    service_object: tuple[str, ...] = ("1",)
    life_events: tuple[str, ...] = ()
    handle_kind: Literal["instant", "promised"]
    accept_level: tuple[Level, ...]
    review_level: tuple[Level, ...] = ()
    decide_level: tuple[Level, ...]
    statutory: Term
    promised: Term
    fee: Fee
    quantity_limit: str = ""
    legal_basis: tuple[LegalBasis, ...] = ()
    conditions: tuple[str, ...] = ()
    materials: tuple[Material, ...] = ()
    no_materials: bool = False
    steps_text: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    deliver_forms: tuple[Literal["counter", "post", "electronic", "notice"], ...] = ("electronic",)
    handle_forms: tuple[Literal["counter", "online", "kiosk", "visit", "post"], ...] = ("counter", "online")
    visit_times: int = Field(default=0, ge=0, le=9)
    visit_reason: str = ""
    online_depth: int = Field(default=5, ge=1, le=7)
    consult_tel: str = ""
    complaint_tel: str = ""
    address: str = ""
    office_hours: str = ""
    remedy: Remedy | None = None
    faq: tuple[Question, ...] = ()
    form: dict[str, Any] = Field(default_factory=dict)
    step_forms: dict[Key, dict[str, Any]] = Field(default_factory=dict)
    """What an office fills in at a step of the process (`linli:form` names it): a household survey, a report of what was found."""
    process: str = "process.bpmn"
    process_xml: str = ""
    eligibility: str = ""
    eligibility_table: dict[str, Any] | None = None
    facts: tuple[Fact, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    effects: tuple[Effect, ...] = ()
    papers: dict[str, str] = Field(default_factory=dict)
    prefill: bool = True
    evaluation_tags: tuple[str, ...] = ()
    publicity: Term | None = None
    special_procedures: tuple[SpecialProcedure, ...] = ()
    guide: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name in ("materials", "results", "special_procedures", "facts"):
            keys = [entry.key for entry in getattr(self, name)]
            if len(keys) != len(set(keys)):
                raise ValueError(f"a key occurs twice in {name}")
        if self.promised.calendar_days_at_most() > self.statutory.calendar_days_at_most():
            raise ValueError("the promised time is longer than the statutory one")
        if self.handle_kind == "instant" and self.promised.calendar_days_at_most() > 2:
            raise ValueError("an instant matter is promised for the same day or one working day")
        if self.visit_times and not self.visit_reason:
            raise ValueError("visit_times above zero needs a visit_reason")
        return self

    @property
    def community_acceptable(self) -> bool:
        """Whether a community counter accepts it; the share of such matters is the community acceptance rate."""
        return "community" in self.accept_level

    def parameters_on(self, day: date, division: str) -> dict[str, Decimal | bool | str]:
        """Values valid on `day` for a division (12-digit code): the closest division wins over the county, the city and the country.

        Raises ValueError when two values of the same division are valid on the same day.
        """
        found: dict[str, tuple[int, Decimal | bool | str]] = {}
        for entry in self.parameters:
            prefix = _division_prefix(entry.division)
            if not division.startswith(prefix) or day < entry.valid_from or (entry.valid_to is not None and day > entry.valid_to):
                continue
            known = found.get(entry.key)
            if known is not None and known[0] == len(prefix):
                raise ValueError(f"parameter {entry.key} has two values on {day.isoformat()}")
            if known is None or len(prefix) > known[0]:
                found[entry.key] = (len(prefix), entry.value)
        return {key: value for key, (_, value) in found.items()}


def _division_prefix(code: str) -> str:
    """The part of a 12-digit code that its subdivisions share: whole trailing segments of zeros go (2-2-2-3-3), single zeros stay."""
    for length in (9, 6, 4, 2):
        if len(code) > length and set(code[length:]) == {"0"}:
            code = code[:length]
    return code
