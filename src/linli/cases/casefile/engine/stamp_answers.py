"""Answers for a matter's form that fit the person: from the register where the form takes them from there, else from the pack's profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import Any

from linli.records.forms.engine import fit
from linli.records.forms.types import Field, FieldType, Form

PHONES = (
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "158",
    "159",
    "176",
    "177",
    "180",
    "185",
    "186",
    "187",
    "188",
    "189",
    "199",
)


@dataclass(frozen=True)
class Applicant:
    """What a form can be told of a resident. Sealed values are opened when somebody asks: most residents do not come."""

    id: str
    name: str
    sex: str
    birth: date
    unseal: Callable[[bytes], str]
    sealed: tuple[bytes | None, bytes | None, bytes | None]  # ID number, phone, bank account
    id_index: str  # hex
    address: str
    education: str
    marital: str
    status: str
    employment: str
    disability: str
    assistance: str
    account: str  # of the portal, "" when there is none

    @cached_property
    def id_number(self) -> str:
        return self._opened(0)

    @cached_property
    def phone(self) -> str:
        return self._opened(1)

    @cached_property
    def bank_account(self) -> str:
        return self._opened(2)

    def _opened(self, place: int) -> str:
        value = self.sealed[place]
        return self.unseal(value) if value else ""


@dataclass(frozen=True)
class Profile:
    """Who comes with a matter, how often, and what is written into the fields no register fills (packs: demo/cases.yaml)."""

    code: str
    share: float
    ages: tuple[int, int] = (18, 79)
    once: bool = True
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)  # attribute of the applicant -> accepted values, "*" any but empty
    answers: Mapping[str, Any] = field(default_factory=dict)
    verdict: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, who: Applicant, years: int) -> bool:
        if not self.ages[0] <= years <= self.ages[1]:
            return False
        for name, wanted in self.needs.items():
            value = str(getattr(who, name))
            if not (value in wanted or ("*" in wanted and value)):
                return False
        return True


Maker = Callable[[Applicant, Random, date], Any]


def compile_form(form: Form, profile: Profile) -> Callable[[Applicant, Random, date], dict[str, Any]]:
    """A function that fills the form for one person on one day."""
    plain = [
        (f.key, maker_of(f, profile), f.required)
        for s in form.sections
        if s.repeat is None
        for f in s.fields
        if f.when is None and f.type is not FieldType.FILE
    ]
    groups = [
        (s.key, [(f.key, maker_of(f, profile)) for f in s.fields if f.when is None])
        for s in form.sections
        if s.repeat is not None and s.repeat.min
    ]
    later = [
        (f.key, f.when, maker_of(f, profile))
        for s in form.sections
        if s.repeat is None
        for f in s.fields
        if f.when is not None and f.when.field and f.type is not FieldType.FILE
    ]

    def fill(who: Applicant, rng: Random, day: date) -> dict[str, Any]:
        answers = {key: value for key, make, _ in plain if (value := make(who, rng, day)) is not None}
        for key, makers in groups:
            answers[key] = [{name: value for name, make in makers if (value := make(who, rng, day)) is not None}]
        for key, when, make in later:
            given = answers.get(str(when.field))
            if given is not None and (given == when.equals if when.in_ is None else given in when.in_):
                answers[key] = make(who, rng, day)
        return answers

    return fill


_FROM_PERSON: dict[str, Maker] = {
    "name": lambda who, rng, day: who.name,
    "id_number": lambda who, rng, day: who.id_number,
    "sex": lambda who, rng, day: who.sex,
    "birth_date": lambda who, rng, day: who.birth.isoformat(),
    "phone": lambda who, rng, day: who.phone,
    "bank_account": lambda who, rng, day: who.bank_account,
    "live_address": lambda who, rng, day: who.address,
    "hukou_address": lambda who, rng, day: who.address,
    "education": lambda who, rng, day: who.education,
    "marital_status": lambda who, rng, day: who.marital,
    "disability_type": lambda who, rng, day: who.disability[:1],
    "disability_level": lambda who, rng, day: who.disability[1:2] or "2",
    "disability_card": lambda who, rng, day: who.id_number + (who.disability or "43"),
}


def maker_of(item: Field, profile: Profile) -> Maker:
    """How one field is filled; a field nobody has to fill is often left empty, as people do."""
    if item.key in profile.answers:
        return from_profile(profile.answers[item.key])
    place, _, name = item.source.partition(".")
    if place in ("person", "account") and name in _FROM_PERSON:
        return _offered(item, _FROM_PERSON[name])
    if item.key.startswith("member_") and item.key.removeprefix("member_") in _FROM_PERSON:
        return _FROM_PERSON[item.key.removeprefix("member_")]
    make = _by_type(item)
    if item.required or item.type is FieldType.COMPUTED:
        return make
    return lambda who, rng, day: make(who, rng, day) if rng.random() < 0.4 else None


def _offered(item: Field, make: Maker) -> Maker:
    """What the register says, as the form offers it; where the form has no such option, people choose one."""
    if item.type is not FieldType.CHOICE or not item.options:
        return make
    options, other = {option.value for option in item.options}, _by_type(item)

    def choose(who: Applicant, rng: Random, day: date) -> Any:
        said = make(who, rng, day)
        value = said if said in options else fit(item, said)
        return value if value in options else other(who, rng, day)

    return choose


def from_profile(given: Any) -> Maker:
    """A list is chosen from, ``{days: [a, b]}`` is a date that long before, ``{number: [a, b, step]}`` a round number, ``{by_age: {60: x}}`` goes by age."""
    if isinstance(given, list):
        words = [(w if isinstance(w, (list, bool, int)) else str(w)) for w in given]
        return lambda who, rng, day: words[int(rng.random() * len(words))]
    if isinstance(given, dict) and "days" in given:
        low, high = given["days"]
        return lambda who, rng, day: (day - timedelta(days=low + int(rng.random() * (high - low)))).isoformat()
    if isinstance(given, dict) and "number" in given:
        first, last, step = given["number"]
        return lambda who, rng, day: str(first + step * int(rng.random() * ((last - first) // step + 1)))
    if isinstance(given, dict) and "by_age" in given:
        bands = sorted(((int(k), str(v)) for k, v in given["by_age"].items()), reverse=True)
        return lambda who, rng, day: next((v for k, v in bands if years(who.birth, day) >= k), bands[-1][1])
    return lambda who, rng, day: given


def _by_type(item: Field) -> Maker:
    kind = item.type
    if kind is FieldType.CHOICE and item.options:
        values = [o.value for o in item.options]
        return lambda who, rng, day: values[int(rng.random() ** 1.5 * len(values))]
    if kind is FieldType.MULTI_CHOICE and item.options:
        some = [o.value for o in item.options]
        return lambda who, rng, day: [some[int(rng.random() * len(some))]]
    makers: dict[FieldType, Maker] = {
        FieldType.YES_NO: lambda who, rng, day: False,
        FieldType.STATEMENT: lambda who, rng, day: True,
        FieldType.SIGNATURE: lambda who, rng, day: {"name": who.name, "agreed": True},
        FieldType.DATE: lambda who, rng, day: (day - timedelta(days=1 + int(rng.random() * 60))).isoformat(),
        FieldType.PHONE: lambda who, rng, day: f"{PHONES[int(rng.random() * len(PHONES))]}{int(rng.random() * 10**8):08d}",
        FieldType.PERSON_NAME: lambda who, rng, day: who.name,
        FieldType.ID_NUMBER: lambda who, rng, day: who.id_number,
        FieldType.ADDRESS: lambda who, rng, day: who.address,
        FieldType.BANK_CARD: lambda who, rng, day: who.bank_account,
        FieldType.INTEGER: lambda who, rng, day: int(rng.random() * 3),
        FieldType.NUMBER: lambda who, rng, day: str(10 + int(rng.random() * 80)),
        FieldType.MONEY: lambda who, rng, day: str(int(rng.random() * 40) * 50),
    }
    return makers.get(kind, lambda who, rng, day: None)


def years(birth: date, day: date) -> int:
    """Full years of age."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
