"""Founding, joining, leaving and moving. History stays: a membership ends, it is not deleted."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Max

from linli.foundation.actions.actions import action, require
from linli.foundation.regions.queries import ancestors, at_level
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit
from linli.foundation.types import PATH_END, Actor, system_actor
from linli.lib.codes import table
from linli.lib.errors import Conflict, Invalid
from linli.lib.householdnumber import HouseholdNumber
from linli.registry.households import queries
from linli.registry.households.actions.parting import part
from linli.registry.households.models import Household, Membership, Occupancy
from linli.registry.people.actions import note_event, settle_at
from linli.registry.people.policy import can_edit
from linli.registry.people.queries import get_person
from linli.registry.premises.queries import get_premises

HEAD = "02"


def _next_number(path: str) -> str:
    """The next number of the community the path lies in; the community row is locked so that two clerks get two numbers."""
    community = ancestors(at_level(path, "community"))[-1]
    type(community).objects.select_for_update().get(pk=community.pk)
    with scoped(system_actor("households.number")):
        below = Household.objects.filter(
            region_path__gte=community.path, region_path__lt=community.path + PATH_END, number__startswith=community.code
        )
        last = below.aggregate(last=Max("number"))["last"]
    return str(HouseholdNumber(community.code, int(last[-6:]) + 1 if last else 1))


@action("people.edit", audit="households.created")
def create_household(actor: Actor, *, head_id: UUID, premises_id: UUID | None = None, since: date) -> Household:
    """Found a household with its head, at a home or without one. `Conflict` when the person belongs to another."""
    person = get_person(actor, head_id, lock=True)
    require(can_edit(actor, person))
    home = get_premises(actor, premises_id) if premises_id else None
    region_id, path = (home.region_id, home.region_path) if home else (person.region_id, person.region_path)
    household = Household(number=_next_number(path), region_id=region_id, region_path=path, premises=home)
    household.save(force_insert=True)
    _enter(actor, household, head_id, HEAD, since)
    return household


@action("people.edit", audit="households.joined")
def join(actor: Actor, *, household_id: UUID, person_id: UUID, relation: str, since: date) -> Membership:
    """Add a member with the relation to the head (GB/T 4761)."""
    household = queries.get_household(actor, household_id, lock=True)
    require(can_edit(actor, get_person(actor, person_id)))
    return _enter(actor, household, person_id, relation, since)


def _enter(actor: Actor, household: Household, person_id: UUID, relation: str, since: date) -> Membership:
    table("kinship").check(relation, field="relation")
    if queries.membership_of(actor, person_id) is not None:
        raise Conflict("MEMBER_ELSEWHERE", "This person belongs to a household already.", hint="End that membership first.")
    if relation == HEAD and Membership.objects.filter(household=household, relation=HEAD, until=None).exists():
        raise Conflict("HEAD_TAKEN", "The household has a head already.", field="relation")
    row = Membership(household=household, person_id=person_id, relation=relation, region_path=household.region_path, since=since)
    row.save(force_insert=True)
    if household.premises_id:
        Occupancy(
            person_id=person_id, premises_id=household.premises_id, role="living", region_path=household.region_path, since=since
        ).save(force_insert=True)
    emit("households.changed", region_path=household.region_path, household_id=household.id)
    return row


@action("people.edit", audit="households.left")
def leave(actor: Actor, *, person_id: UUID, on: date, new_head_id: UUID | None = None) -> None:
    """End a membership. When the head leaves others behind, ``new_head_id`` names the one who follows (`Invalid` HEAD_NEEDED otherwise)."""
    row = queries.membership_of(actor, person_id)
    if row is None:
        raise Conflict("MEMBER_NOWHERE", "This person belongs to no household.")
    household = queries.get_household(actor, row.household_id, lock=True)
    require(can_edit(actor, get_person(actor, person_id)))
    others = Membership.objects.filter(household=household, until=None).exclude(pk=row.pk)
    heir = others.filter(person_id=new_head_id).first() if new_head_id else None
    if row.relation == HEAD and heir is None and others.exists():
        raise Invalid(
            "HEAD_NEEDED",
            "Name the member who becomes the head.",
            field="new_head_id",
            hint="The relations of the others are to be checked afterwards.",
        )
    row.until = on
    row.save(update_fields=["until"])
    if row.relation == HEAD and heir is not None:
        heir.relation = HEAD
        heir.save(update_fields=["relation"])
    for tie in Occupancy.objects.filter(person_id=person_id, premises=household.premises, until=None):
        tie.until = on
        tie.save(update_fields=["until"])
    emit("households.changed", region_path=household.region_path, household_id=household.id)


@action("people.edit", audit="households.moved")
def move_household(actor: Actor, *, household_id: UUID, premises_id: UUID, on: date) -> Household:
    """Move with all members. The new home must be in the actor's sight; elsewhere the other community takes them in."""
    household = queries.get_household(actor, household_id, lock=True)
    home = get_premises(actor, premises_id)
    old = household.premises
    household.premises, household.region_id, household.region_path = home, home.region_id, home.region_path
    household.save(update_fields=["premises", "region", "region_path"])
    for row in Membership.objects.filter(household=household, until=None).select_related("person"):
        person = get_person(actor, row.person_id, lock=True)
        require(can_edit(actor, person))
        note_event(actor, person, "move", on, household_id=household.pk, place=home.address)
        for tie in Occupancy.objects.filter(person=person, premises=old, until=None):
            tie.until = on
            tie.save(update_fields=["until"])
        Occupancy(person=person, premises=home, role="living", region_path=home.region_path, since=on).save(force_insert=True)
        settle_at(person, home, on)
        row.region_path = home.region_path
        row.save(update_fields=["region_path"])
    emit("households.changed", region_path=home.region_path, household_id=household.id)
    return household


@action("system", audit="households.member_died")
def end_for_death(actor: Actor, *, person_id: UUID) -> None:
    """A member has died: the membership and the ties to homes lived in end on that day; ownership stays until it is inherited.

    Nobody becomes the head by this: that is for the household and the community to say, who are reminded of it.
    """
    person = get_person(actor, person_id)
    if person.died_on is None:
        return
    for tie in Occupancy.objects.filter(person=person, until=None, role__in=("living", "tenant", "registered")):
        tie.until = person.died_on
        tie.save(update_fields=["until"])
    row = Membership.objects.filter(person=person, until=None).first()
    if row is None:
        return
    queries.get_household(actor, row.household_id, lock=True)
    part(row, person.died_on, heir_id=None, ask=False)
