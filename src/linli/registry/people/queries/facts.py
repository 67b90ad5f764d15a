"""What decision tables ask and forms are filled with (names: packs/national/sources.yaml)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from linli.foundation.regions.queries import at_level
from linli.foundation.types import Actor
from linli.lib.idcard import age
from linli.lib.uuid7 import uuid7_ms
from linli.registry.people.models import Person
from linli.registry.people.queries.search import get_person
from linli.registry.people.types import ATTRIBUTES, UNKNOWN, Prefill
from linli.registry.sources.queries import facts_of, origins_of, source
from linli.registry.sources.types import COLLECTED, Origin, Standing

BENEFITS = {
    "receives_old_age_allowance": "benefit.old_age_allowance",
    "receives_pension": "benefit.pension",
    "work_injury_care": "benefit.work_injury_care",
}


def facts(actor: Actor, person_id: UUID, *, on: date | None = None) -> dict[str, Any]:
    """The person as decision tables see him on a day (default today); None where the register does not know."""
    return facts_about(actor, get_person(actor, person_id), on=on)


def facts_about(actor: Actor, person: Person, *, on: date | None = None) -> dict[str, Any]:
    """The same of a person whom the caller has read under the actor's rights."""
    on = on or timezone.localdate()
    known = facts_of(actor, person.id, on)
    assist = (known.get("assist") or {}).get("kind") or person.assistance or None
    result: dict[str, Any] = {
        "birth_date": person.birth_date,
        "age": age(person.birth_date, on) if person.birth_date and person.birth_date <= on else None,
        "sex": person.sex,
        "is_alive": person.died_on is None or person.died_on > on,
        "nation": person.ethnicity,
        "marital_status": person.marital,
        "education": person.education,
        "employment": (known.get("employment") or {}).get("status") or person.employment or None,
        "assist_kind": assist,
        "assistance": assist,
        "is_orphan": "orphan" in known,
        "elder_care_allowance": (known.get("benefit.elder_care") or {}).get("amount", 0),
        "lives_in_city": person.residence_status != "2",
        "residence_months": _months(person.lives_here_since, on),
        **_places(person),
        **_disability(person),
    }
    result |= {name: attribute in known for name, attribute in BENEFITS.items()}
    return result


def _places(person: Person) -> dict[str, Any]:
    registered = person.hukou_region.path if person.hukou_region else ""
    return {
        "hukou_in_city": bool(registered),
        "hukou_in_county": bool(registered) and at_level(registered, "county") == at_level(person.region_path, "county"),
        "hukou_region": person.hukou_region.code if person.hukou_region else None,
        "live_region": person.region.code,
    }


def _disability(person: Person) -> dict[str, Any]:
    """Certificate number: ID number, category, level (services.md 1.5); reissued ones are facts."""
    kind, degree = (person.disability[0], person.disability[1]) if len(person.disability) == 2 else (None, None)
    return {
        "disability": person.disability or None,
        "disability_type": kind,
        "disability_level": int(degree) if degree else None,
        "disability_valid": kind is not None,
        "disability_card": f"{person.id_number}{kind}{degree}" if kind and person.id_number else None,
    }


RESIDENT_MONTHS = 6
ABROAD = frozenset({"414", "511", "516", "553", "810", "820", "830"})


def resident_kind(person: Person, *, on: date) -> str:
    """registered, away, resident, floating or foreign (services.md 1.5: who has lived here six months is a resident)."""
    if person.id_type in ABROAD:
        return "foreign"
    if person.hukou_region_id is not None:
        return "away" if person.residence_status == "2" else "registered"
    return "resident" if (_months(person.lives_here_since, on) or 0) >= RESIDENT_MONTHS else "floating"


def _months(since: date | None, on: date) -> int | None:
    if since is None or since > on:
        return None
    return (on.year - since.year) * 12 + on.month - since.month - (1 if on.day < since.day else 0)


def entered_on(person_id: UUID) -> date:
    """The day a person came into the register: the age of every value that has no provenance of its own."""
    return _day(uuid7_ms(person_id) // _QUARTER_MS)


_QUARTER_MS = 900_000  # of an hour: every time zone's days begin with one


@lru_cache(maxsize=4096)
def _day(quarter: int) -> date:
    return datetime.fromtimestamp(quarter * _QUARTER_MS / 1000, UTC).astimezone(timezone.get_current_timezone()).date()


def text_of(person: Person, attribute: str) -> str:
    """A value as text, "" where nobody has said."""
    return as_text(attribute, getattr(person, attribute))


def as_text(attribute: str, value: Any) -> str:
    """A column's value of an attribute as text."""
    text = value.isoformat() if isinstance(value, date) else str(value or "")
    return "" if text == UNKNOWN.get(attribute) else text


def standing_of(person: Person, attributes: Collection[str] = ATTRIBUTES) -> Standing:
    """The person as sources weigh her."""
    return Standing(person.pk, person.region_path, person.pk, entered_on(person.pk), {name: text_of(person, name) for name in attributes})


def origins_about(actor: Actor, people: Sequence[Person]) -> dict[UUID, dict[str, Origin]]:
    """Person -> attribute -> whose word it is; of people whom the caller has read under the actor's rights."""
    return origins_of(actor, [standing_of(person) for person in people])


def usual_origin(person_id: UUID) -> Origin:
    """Whose word a value is of which nothing was noted: the community's, since the person came into the register."""
    place = source(COLLECTED)
    return Origin(place.code, place.name, place.rank, entered_on(person_id))


def prefill_values(actor: Actor, person_id: UUID, *, on: date | None = None) -> dict[str, Prefill]:
    """Form source -> value, who says so and the day it is of. Missing values are left out: the form asks for them."""
    return prefill_about(actor, get_person(actor, person_id), on=on)


def prefill_about(actor: Actor, person: Person, *, on: date | None = None, known: Mapping[str, Any] | None = None) -> dict[str, Prefill]:
    """The same of a person whom the caller has read under the actor's rights, and of whom `facts_about` may be known already."""
    said = origins_about(actor, [person])[person.id]
    known = facts_about(actor, person, on=on) if known is None else known
    usual = usual_origin(person.id)
    values: dict[str, Any] = {
        "name": person.name,
        "id_number": person.id_number,
        "phone": person.phone,
        "hukou_address": person.hukou_address,
        "live_address": person.live_address,
        "bank_account": person.bank_account,
        "bank_name": person.bank_name,
        **known,
    }
    result: dict[str, Prefill] = {}
    for name, value in values.items():
        if value not in (None, ""):
            origin = said.get(_stored(name), usual)
            result[f"person.{name}"] = Prefill(value, origin.label, origin.as_of)
    return result


_STORED = {
    "nation": "ethnicity",
    "marital_status": "marital",
    "age": "birth_date",
    "disability_type": "disability",
    "disability_level": "disability",
    "disability_card": "disability",
    "disability_valid": "disability",
    "assist_kind": "assistance",
}


def _stored(name: str) -> str:
    """The column a source's value comes from: its provenance is that column's."""
    return _STORED.get(name, name)
