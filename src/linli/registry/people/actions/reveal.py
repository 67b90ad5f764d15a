"""Full numbers on a stated purpose; every look is on the trail and the person can read it there."""

from __future__ import annotations

from uuid import UUID

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import recording
from linli.foundation.types import Actor
from linli.lib.errors import Invalid
from linli.registry.people import policy, queries
from linli.registry.people.models import Person

LONGEST_PURPOSE = 100


def _look(actor: Actor, person_id: UUID, purpose: str) -> Person:
    person = queries.get_person(actor, person_id)
    require(policy.can_reveal(actor, person))
    _note(person, purpose)
    return person


def _note(person: Person, purpose: str) -> None:
    purpose = purpose.strip()
    if not purpose or len(purpose) > LONGEST_PURPOSE:
        raise Invalid("PURPOSE_MISSING", "Say what you need it for.", field="purpose", hint="The person can read your reason.")
    record = recording.get()
    if record is not None:
        record.notes |= {"subject_type": "people.person", "subject_id": str(person.id), "purpose": purpose}


@action("people.view", audit="people.person_opened")
def open_person(actor: Actor, *, person_id: UUID, purpose: str) -> Person:
    """The file of somebody, for a purpose that she can read; `Invalid` PURPOSE_MISSING without one."""
    person = queries.get_person(actor, person_id)
    _note(person, purpose)
    return person


@action("people.reveal", audit="people.id_number_revealed")
def reveal_id_number(actor: Actor, *, person_id: UUID, purpose: str) -> str:
    """The full identity number; `Invalid` PURPOSE_MISSING without a reason."""
    return str(_look(actor, person_id, purpose).id_number)


@action("people.reveal", audit="people.phone_revealed")
def reveal_phone(actor: Actor, *, person_id: UUID, purpose: str) -> str:
    return str(_look(actor, person_id, purpose).phone)


@action("people.reveal", audit="people.bank_account_revealed")
def reveal_bank_account(actor: Actor, *, person_id: UUID, purpose: str) -> str:
    return str(_look(actor, person_id, purpose).bank_account)
