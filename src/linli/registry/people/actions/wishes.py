"""What residents ask about their own data: a value corrected as they say, a value erased."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import recording
from linli.foundation.privacy.models import DataRequest
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.registry.people import policy, queries
from linli.registry.people.actions.persons import set_value
from linli.registry.people.models import Person
from linli.registry.people.types import BENEFIT, ERASABLE, OVERRULED, UNKNOWN
from linli.registry.sources.actions import erase_words, keep_word, lock_value
from linli.registry.sources.models import Fact
from linli.registry.sources.types import STATED


@action("people.correct", audit="people.value_corrected_at_wish")
def correct_at_wish(actor: Actor, *, person_id: UUID, attribute: str, value: str, reason: str) -> Person:
    """A value stands as the resident says: it is her word, no file overwrites it for a year. What stood is kept as what its source said.

    Part of the decision about her request, and only of values the community may decide (`OVERRULED`). Errors: those of the value's form.
    """
    person = queries.get_person(actor, person_id, lock=True)
    require(policy.can_edit(actor, person) and attribute in OVERRULED)
    before = queries.text_of(person, attribute)
    names = set_value(person, attribute, value.strip())
    keep_word(queries.standing_of(person, ()), attribute, before)
    lock_value(person.pk, attribute, region_path=person.region_path, party_id=person.pk, source=STATED)
    record = recording.get()
    if record is not None:
        record.notes |= {"attribute": attribute, "reason": reason[:200]}
    person.save(update_fields=names)
    emit("people.person_changed", region_path=person.region_path, person_id=person.pk)
    return person


def kept_because(attribute: str, person_id: UUID) -> str:
    """Why a value cannot be erased today: a bank account to which something is paid."""
    today = timezone.localdate()
    if attribute not in ("bank_account", "bank_name"):
        return ""
    paid = Fact.objects.filter(subject_id=person_id, attribute__startswith=BENEFIT, effective_from__lte=today)
    if any(row.effective_to is None or row.effective_to >= today for row in paid):
        return gettext("Something is paid to this account; it goes when the payment has ended.")
    return ""


def erase_value(attribute: str, person_id: UUID) -> int:
    """A value goes: out of the register, and out of what any source said of it. How many were there; again 0. Part of a decision, under a job's rights.

    The trail notes that it went and never the value: the row is not saved through the model, whose changes are written down.
    """
    if attribute not in ERASABLE:
        raise ValueError(f"{attribute} is not erased at somebody's wish")
    person = Person.objects.select_for_update().get(pk=person_id)
    had = bool(queries.text_of(person, attribute))
    empty: dict[str, object] = {attribute: None if attribute in ("phone", "bank_account") else UNKNOWN.get(attribute, "")}
    if attribute == "phone":
        empty["phone_index"] = None
    if had:
        Person.objects.filter(pk=person_id).update(**empty)
        emit("people.person_changed", region_path=person.region_path, person_id=person_id)
    said = erase_words(person_id, attribute)
    if had or said:
        lock_value(person_id, attribute, region_path=person.region_path, party_id=person_id, source=STATED)
    return int(had) + said


def clear_dead(before: datetime, limit: int) -> int:
    """Telephone and bank account of people who died before a moment: nobody calls or pays them. Part of a nightly portion, under a job's rights."""
    keys = [person.pk for person in queries.dead_with_numbers(before)[:limit]]
    for key in keys:
        for attribute in ("phone", "bank_account", "bank_name"):
            erase_value(attribute, key)
    Person.objects.filter(pk__in=keys).update(phone=None, phone_index=None, bank_account=None)
    return len(keys)


def carry_requests(person_id: UUID, path: str) -> None:
    """What somebody asked and nobody has answered is the business of the place she lives in now. Part of the caller's action."""
    DataRequest.objects.filter(person_id=person_id).update(region_path=path)
