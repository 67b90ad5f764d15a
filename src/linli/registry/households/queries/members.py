"""Reading households."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import NotFound
from linli.registry.households.engine import relation_between
from linli.registry.households.models import Household, Membership, Occupancy
from linli.registry.households.policy import households, memberships, occupancies
from linli.registry.people.models import Person
from linli.registry.people.queries import get_person, origins_about, usual_origin
from linli.registry.people.types import Prefill
from linli.registry.sources.types import Origin


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
    """Present members with their person, the head first: of a household in sight, or of the one a person belongs to.

    Who belongs to a household sees its other members, as the household book shows them: the access check is the own membership, the rest is
    read by a job's actor. `NotFound` when neither household nor membership is in sight.
    """
    if household_id is not None:
        get_household(actor, household_id)
    elif person_id is not None:
        own = membership_of(actor, person_id)
        household_id = own.household_id if own else None
    if household_id is None:
        return []
    with scoped(system_actor("households.members")):
        rows = list(Membership.objects.filter(household_id=household_id, until=None).select_related("person", "household"))
    return sorted(rows, key=lambda m: (m.relation != "02", m.relation, m.person.birth_date or date.max, str(m.pk)))


def member_values(actor: Actor, person_id: UUID) -> list[dict[str, object]]:
    """Members for a form's repeated rows: name, relation to the head, identity number, birth date."""
    return [
        {
            "name": m.person.name,
            "relation": m.relation,
            "id_number": m.person.id_number,
            "birth_date": m.person.birth_date,
            "phone": m.person.phone,
        }
        for m in members_of(actor, person_id=person_id)
        if m.person.died_on is None
    ]


def member_prefill(actor: Actor, person_id: UUID) -> dict[UUID, dict[str, Prefill]]:
    """Person -> what a form's row knows of each member of somebody's family (`member.*`), with source and age; the person herself first.

    `member.relation` is the relation to her. Who belongs to no family household is a row of her own.
    """
    person = get_person(actor, person_id)
    family = [m for m in members_of(actor, person_id=person_id) if m.household.kind == "family"]
    own = next((m for m in family if m.person_id == person_id), None)
    others = [m for m in family if m.person_id != person_id and m.person.died_on is None] if own else []
    with scoped(system_actor("households.members")):  # the right to see them is the membership, as in `members_of`
        said = origins_about(system_actor("households.members"), [person, *(m.person for m in others)])
    found = {person_id: _row(person, "self", said.get(person_id, {}))}
    for m in others:
        relation = relation_between(own.relation if own else "", m.relation)
        found[m.person_id] = _row(m.person, relation, said.get(m.person_id, {}))
    return found


def _row(person: Person, relation: str, said: Mapping[str, Origin]) -> dict[str, Prefill]:
    values = {"name": person.name, "relation": relation, "id_number": person.id_number, "sex": person.sex, "birth_date": person.birth_date}
    row, usual = {}, usual_origin(person.pk)
    for name, value in values.items():
        if value not in (None, ""):
            origin = said.get(name, usual)
            row[f"member.{name}"] = Prefill(value, origin.label, origin.as_of)
    return row


def household_facts(actor: Actor, person_id: UUID) -> dict[str, object]:
    """`household.*` sources: number, members, size and whether somebody in it gets minimum living or full support (services.md 4)."""
    members = [m for m in members_of(actor, person_id=person_id) if m.person.died_on is None]
    own = membership_of(actor, person_id)
    number = None
    if own is not None:
        with scoped(system_actor("households.number")):
            number = Household.objects.filter(pk=own.household_id).values_list("number", flat=True).first()
    return {
        "household.number": number,
        "household.members": member_values(actor, person_id),
        "household.size": len(members) or None,
        "household.in_support": any(m.person.assistance in ("dibao", "tekun") for m in members),
    }


def are_relatives(one: UUID, other: UUID) -> bool:
    """Whether two people share a household today (no clerk handles a relative's case). Asked in the whole city."""
    with scoped(system_actor("households.relatives")):
        homes = list(Membership.objects.filter(person_id__in=(one, other), until=None).values_list("household_id", flat=True))
    return one == other or (len(homes) == 2 and homes[0] == homes[1])


def homes_of(actor: Actor, person_id: UUID) -> list[Occupancy]:
    """Ties to homes, the present ones first."""
    rows = Occupancy.objects.filter(occupancies.visible(actor), person_id=person_id).select_related("premises")
    return sorted(rows, key=lambda o: (o.until is not None, o.role, str(o.pk)))


def in_homes(ids: Collection[UUID]) -> set[UUID]:
    """Of some people those who belong or belonged to a household, or have or had a tie to a home. Under a job's rights."""
    here = [model.objects.filter(person_id__in=list(ids)).values_list("person_id", flat=True) for model in (Membership, Occupancy)]
    return {pk for rows in here for pk in rows}


def present_households(ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Person -> the household she belongs to today; under a job's rights."""
    return dict(Membership.objects.filter(person_id__in=list(ids), until=None).values_list("person_id", "household_id"))
