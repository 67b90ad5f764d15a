"""Creating people and changing what the register says of them, by the ranks of sources (services.md 3.7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import recording
from linli.foundation.regions.queries import get_region
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor, system_actor
from linli.lib.bankcard import parse_bank_card
from linli.lib.codes import table
from linli.lib.contact import parse_phone
from linli.lib.errors import Conflict, Invalid
from linli.lib.idcard import parse_id_number
from linli.lib.names import initials, parse_person_name, pinyin
from linli.registry.people import policy, queries
from linli.registry.people.actions.reminders import settle_reminder
from linli.registry.people.models import Person
from linli.registry.people.types import ATTRIBUTES, BENEFIT, CODES, NUMBER_MISSING, OVERRULED
from linli.registry.sources.actions import add_fact, admit, close_claim, end_facts, keep_word, lock_value
from linli.registry.sources.models import Fact
from linli.registry.sources.queries import get_claim
from linli.registry.sources.types import APPROVAL, COLLECTED

READERS: dict[str, Callable[[str], Any]] = {
    "name": parse_person_name,
    "phone": lambda text: parse_phone(text).number,
    "bank_account": lambda text: parse_bank_card(text, field="bank_account"),
    "birth_date": date.fromisoformat,
    "lives_here_since": date.fromisoformat,
    "id_number": lambda text: parse_id_number(text, today=timezone.localdate()).number,
}


@action("people.edit", audit="people.person_created")
def create_person(
    actor: Actor, *, region_id: UUID, name: str, id_number: str = "", source: str = COLLECTED, values: dict[str, str] | None = None
) -> Person:
    """Enter somebody. Birth date and sex come from the identity number; `Conflict` PERSON_KNOWN when the city already has it."""
    region = get_region(region_id)
    person = Person(region=region, region_path=region.path)
    set_value(person, "name", name)
    if id_number:
        set_value(person, "id_number", id_number)
        with scoped(system_actor("people.known")):
            known = Person.objects.filter(id_index=person.id_index).exists()
        if known:
            raise Conflict(
                "PERSON_KNOWN",
                "Somebody with this identity number is already in the register.",
                field="id_number",
                hint="Search by the number.",
            )
    require(policy.can_edit(actor, person))
    for attribute, value in (values or {}).items():
        set_value(person, attribute, value)
    person.save(force_insert=True)
    for attribute in ("name", *(["id_number", "birth_date", "sex"] if id_number else []), *(values or {})):
        admit(
            person.id,
            attribute,
            str(getattr(person, attribute) or ""),
            source=source,
            as_of=timezone.localdate(),
            case_id=None,
            region_path=person.region_path,
            party_id=person.id,
        )
    emit("people.person_changed", region_path=person.region_path, person_id=person.id)
    return person


def set_value(person: Person, attribute: str, value: str) -> list[str]:
    """Check and set one attribute with what follows from it; the names of all columns set. `Invalid` names the attribute."""
    if attribute not in ATTRIBUTES:
        raise Invalid("ATTRIBUTE_UNKNOWN", "%(attribute)s is not kept about people.", data={"attribute": attribute})
    if attribute in CODES:
        table(CODES[attribute]).check(value, field=attribute)
    try:
        read = READERS[attribute](value) if attribute in READERS and value else value
    except ValueError as error:
        raise Invalid("VALUE_FORMAT", "This is not a date.", field=attribute) from error
    setattr(person, attribute, read)
    names = [attribute]
    if attribute == "name":
        person.pinyin, person.initials = pinyin(person.name), initials(person.name)
        names += ["pinyin", "initials"]
    elif attribute == "phone":
        person.phone_index = queries.phone_index(read) or None if read else None
        names.append("phone_index")
    elif attribute == "id_number":
        parsed = parse_id_number(read, today=timezone.localdate())
        person.id_index, person.birth_date, person.sex = queries.id_index(read), parsed.birth_date, parsed.sex
        names += ["id_index", "birth_date", "sex"]
    return names


@action("people.correct", audit="people.value_applied")
def apply_value(
    actor: Actor,
    *,
    person_id: UUID,
    attribute: str,
    value: str,
    source: str,
    as_of: date,
    case_id: UUID | None = None,
    verified: bool = False,
) -> bool:
    """Offer a value. True: it now stands. False: a stronger source says otherwise, so it waits as an open claim for the community.

    ``verified``: somebody looked on the spot.
    """
    person = queries.get_person(actor, person_id, lock=True)
    require(policy.can_correct(actor, person, source=source))
    names = set_value(person, attribute, value)
    if not admit(
        person.id,
        attribute,
        value,
        source=source,
        as_of=as_of,
        case_id=case_id,
        region_path=person.region_path,
        party_id=person.id,
        verified=verified,
    ):
        emit("people.claim_opened", region_path=person.region_path, person_id=person.id, attribute=attribute)
        return False
    _save(person, names)
    if attribute == "id_number":
        settle_reminder(person.id, NUMBER_MISSING)
    return True


def _save(person: Person, names: list[str]) -> None:
    person.save(update_fields=names)
    emit("people.person_changed", region_path=person.region_path, person_id=person.id)


@action("people.edit", audit="people.value_overruled")
def overrule(actor: Actor, *, person_id: UUID, attribute: str, value: str, reason: str) -> Person:
    """Say what is right against what offices say, and why; no file overwrites it for a year. What stood is kept as what its source said.

    Errors: ATTRIBUTE_UNKNOWN, REASON_MISSING, those of the value's form. Identity numbers are the police's: they are not overruled here.
    """
    if attribute not in OVERRULED:
        raise Invalid("ATTRIBUTE_UNKNOWN", "%(attribute)s is not decided here.", data={"attribute": attribute})
    if len(reason.strip()) < 4:
        raise Invalid("REASON_MISSING", "Say how you know.", field="reason", hint="Whoever looks later reads it on the trail.")
    person = queries.get_person(actor, person_id, lock=True)
    require(policy.can_edit(actor, person))
    before = queries.text_of(person, attribute)
    names = set_value(person, attribute, value.strip())
    keep_word(queries.standing_of(person, ()), attribute, before)
    lock_value(person.pk, attribute, region_path=person.region_path, party_id=person.pk)
    record = recording.get()
    if record is not None:
        record.notes |= {"attribute": attribute, "reason": reason.strip()[:200]}
    _save(person, names)
    return person


@action("people.edit", audit="people.claim_decided")
def decide_claim(actor: Actor, *, claim_id: UUID, accept: bool) -> None:
    """The community has checked a difference: take the claimed value over, or leave what is there."""
    claim = get_claim(actor, claim_id, lock=True)
    if claim.state != "open":
        raise Conflict("CLAIM_CLOSED", "This claim has been decided already.")
    person = queries.get_person(actor, claim.subject_id, lock=True)
    require(policy.can_edit(actor, person))
    if accept and claim.attribute.startswith(BENEFIT):
        end_facts(person.id, claim.attribute, date.fromisoformat(claim.value))
        emit("people.fact_registered", region_path=person.region_path, person_id=person.id, attribute=claim.attribute)
    elif accept:
        _save(person, set_value(person, claim.attribute, claim.value))
    close_claim(actor, claim, applied=accept)


@action("people.write_back", audit="people.fact_registered")
def register_fact(
    actor: Actor, *, subject_id: UUID, attribute: str, value: Any, source_case: UUID | None, effective: date, until: date | None = None
) -> Fact:
    """Write back what a case decided (a benefit, a card, a registration). Idempotent by case, subject and attribute."""
    person = queries.get_person(actor, subject_id)
    fact = add_fact(
        person.id,
        attribute,
        value,
        source=APPROVAL,
        case_id=source_case,
        effective=effective,
        until=until,
        region_path=person.region_path,
        party_id=person.id,
    )
    emit("people.fact_registered", region_path=person.region_path, person_id=person.id, attribute=attribute)
    return fact


@action("people.edit", audit="people.person_died")
def mark_dead(actor: Actor, *, person_id: UUID, on: date, source: str = COLLECTED) -> Person:
    """Enter a death. Benefits, household and mandates follow from the topic (services.md 3.7 rule 2). `Invalid`: an impossible day."""
    person = queries.get_person(actor, person_id, lock=True)
    require(policy.can_edit(actor, person))
    if person.died_on is not None:
        raise Conflict("PERSON_DEAD", "This death has been entered already.")
    if on > timezone.localdate() or (person.birth_date and on < person.birth_date):
        raise Invalid("DEATH_DATE", "The day of death lies before birth or in the future.", field="on")
    admit(person.id, "died_on", on.isoformat(), source=source, as_of=on, case_id=None, region_path=person.region_path, party_id=person.id)
    person.died_on = on
    person.save(update_fields=["died_on"])
    emit("people.person_died", region_path=person.region_path, person_id=person.id)
    return person
