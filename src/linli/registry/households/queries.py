"""Reading households."""
from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from linli.foundation.types import Actor
from linli.lib.errors import NotFound
from linli.registry.households.models import Household, Membership, Occupancy
from linli.registry.households.policy import households, memberships, occupancies
from linli.registry.people.models import Person
from linli.registry.people.policy import visible as visible_person


def get_household(actor: Actor, pk: UUID, *, lock: bool = False) -> Household:
    """One household in the actor's sight; `NotFound` otherwise."""
    rows: QuerySet[Household] = Household.objects.filter(households.visible(actor), pk=pk)
    household = (rows.select_for_update() if lock else rows).first()
    if household is None:
        raise NotFound("HOUSEHOLD_UNKNOWN", "There is no such household in your area.")
    return household


def by_number(actor: Actor, number: str) -> Household | None:
    return Household.objects.filter(households.visible(actor), number=number).first()


def membership_of(actor: Actor, person_id: UUID) -> Membership | None:
    """A person's present membership."""
    return Membership.objects.filter(memberships.visible(actor), person_id=person_id, until=None).first()


def members_of(actor: Actor, *, household_id: UUID | None = None, person_id: UUID | None = None) -> list[Membership]:
    """Present members with their person, the head first: of a household, or of the one a person belongs to. Only whom the actor may see."""
    if household_id is None and person_id is not None:
        own = membership_of(actor, person_id)
        household_id = own.household_id if own else None
    if household_id is None:
        return []
    seen = Person.objects.filter(visible_person(actor)).values("pk")
    rows = Membership.objects.filter(memberships.visible(actor), Q(person_id__in=seen), household_id=household_id, until=None)
    return sorted(rows.select_related("person"), key=lambda m: (m.relation != "02", m.relation, m.person.birth_date is None, m.person.birth_date, str(m.pk)))


def member_values(actor: Actor, person_id: UUID) -> list[dict[str, object]]:
    """Members for a form's repeated rows: name, relation to the head, identity number, birth date."""
    return [
        {"name": m.person.name, "relation": m.relation, "id_number": m.person.id_number, "birth_date": m.person.birth_date, "phone": m.person.phone}
        for m in members_of(actor, person_id=person_id)
        if m.person.died_on is None
    ]


def household_facts(actor: Actor, person_id: UUID) -> dict[str, object]:
    """`household.*` sources: number, members, size and whether somebody in it gets minimum living or full support (services.md 4)."""
    members = [m for m in members_of(actor, person_id=person_id) if m.person.died_on is None]
    own = membership_of(actor, person_id)
    number = Household.objects.filter(households.visible(actor), pk=own.household_id).values_list("number", flat=True).first() if own else None
    return {
        "household.number": number, "household.members": member_values(actor, person_id), "household.size": len(members) or None,
        "household.in_support": any(m.person.assistance in ("dibao", "tekun") for m in members),
    }


def are_relatives(one: UUID, other: UUID) -> bool:
    """Whether two people share a household today (no clerk handles a relative's case). Asked by a job's actor."""
    homes = Membership.objects.filter(person_id__in=(one, other), until=None).values_list("household_id", flat=True)
    found = list(homes)
    return one == other or (len(found) == 2 and found[0] == found[1])


def homes_of(actor: Actor, person_id: UUID) -> list[Occupancy]:
    """Ties to homes, the present ones first."""
    rows = Occupancy.objects.filter(occupancies.visible(actor), person_id=person_id).select_related("premises")
    return sorted(rows, key=lambda o: (o.until is not None, o.role, str(o.pk)))


