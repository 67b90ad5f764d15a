"""Matching somebody who signs in to one person (accounts' identity verifier), and naming a person for a mandate."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from linli.foundation.accounts.models import User
from linli.foundation.accounts.types import KnownPerson
from linli.foundation.messages.types import Contact
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.names import normalise_name
from linli.registry.people.engine.ties import TIES
from linli.registry.people.models import Person
from linli.registry.people.queries.search import id_index
from linli.registry.sources.models import Fact


def match_identity(name: str, id_number: str) -> UUID | None:
    """The one living person with this name and identity number; None when there is none or more than one. Looks in the whole city."""
    index = id_index(id_number)
    if not index:
        return None
    with scoped(system_actor("people.match_identity")):
        found = list(Person.objects.filter(id_index=index, died_on=None).values_list("id", "name")[:2])
    return found[0][0] if len(found) == 1 and found[0][1] == normalise_name(name) else None


def contact_of(person_id: UUID) -> Contact | None:
    """The telephone the register has of somebody alive; None otherwise. Asked by messages, for people without an account."""
    with scoped(system_actor("people.contact_of")):
        person = Person.objects.filter(pk=person_id, died_on=None).only("id", "phone").first()
    return Contact(phone=person.phone) if person and person.phone else None


def known_person(person_id: UUID) -> KnownPerson | None:
    """Name and place of a person, for a mandate; None when unknown or dead."""
    with scoped(system_actor("people.known_person")):
        person = Person.objects.filter(pk=person_id, died_on=None).first()
    return KnownPerson(person.id, person.name, person.region_path) if person else None


def tied(ids: Collection[UUID], *, but: str = "") -> set[UUID]:
    """Of some people those on whom something hangs outside the register's own entries: a home, a case, an account. Under a job's rights.

    ``but`` leaves one kind of `TIES` out.
    """
    accounts = User.objects.filter(person_id__in=list(ids)).values_list("person_id", flat=True)
    facts = Fact.objects.filter(subject_id__in=list(ids)).values_list("subject_id", flat=True)
    led = Person.every.filter(merged_into__in=list(ids)).values_list("merged_into", flat=True)
    found = {pk for rows in (accounts, facts, led) for pk in rows if pk is not None}
    for name, tie in TIES.items():
        found |= tie(ids) if name != but else set()
    return found
