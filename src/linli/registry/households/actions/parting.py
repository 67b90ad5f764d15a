"""What all life events need of households: rows locked in one order, a membership that ends, a head that follows. Parts of other actions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, Invalid
from linli.registry.households.engine import code_of, relation_between
from linli.registry.households.models import Household, Membership, Occupancy
from linli.registry.people.actions import remind, settle_reminder
from linli.registry.people.models import Person
from linli.registry.people.queries import get_person

HEAD = "02"
HEAD_MISSING = "head_missing"
LIVED = ("living", "tenant")
"""Ties that end when somebody moves: owning a home does not."""
JOB = system_actor("households.life")


def locked(actor: Actor, person_id: UUID) -> tuple[Person, Membership | None]:
    """A person and her membership for a change, her household locked before her: whoever moves a whole household takes the same order.

    `NotFound` out of the actor's sight; `Conflict` CHANGED_MEANWHILE when she joined another household while this call waited.
    """
    with scoped(actor):
        get_person(actor, person_id)
    row = _membership(person_id)
    if row is not None:
        lock_household(row.household_id)
    with scoped(actor):
        person = get_person(actor, person_id, lock=True)
    again = _membership(person_id)
    if again is not None and (row is None or row.household_id != again.household_id):
        raise Conflict("CHANGED_MEANWHILE", "Somebody else has just changed this household.", hint="Look at it again.")
    return person, again


def _membership(person_id: UUID) -> Membership | None:
    with scoped(JOB):
        return Membership.objects.filter(person_id=person_id, until=None).select_related("household").first()


def lock_household(pk: UUID) -> Household:
    with scoped(JOB):
        return Household.objects.select_for_update().get(pk=pk)


def check_day(on: date, person: Person | None = None, *, field: str = "on") -> None:
    """Events are entered after they happened, and after birth. `Invalid` EVENT_DATE."""
    if on > timezone.localdate() or (person is not None and person.birth_date is not None and on < person.birth_date):
        raise Invalid("EVENT_DATE", "This day lies before birth or in the future.", field=field)


def check_alive(person: Person) -> None:
    if person.died_on is not None:
        raise Conflict("PERSON_DEAD", "This person has died.", hint="Withdraw the death first if it was entered by mistake.")


def part(row: Membership, on: date, *, heir_id: UUID | None, ask: bool) -> None:
    """A membership ends; its household is locked. When the head leaves others behind ``heir_id`` follows.

    Without an heir: `Invalid` HEAD_NEEDED when one can be asked for, else the household's community is to name one. A household nobody belongs to is over.
    """
    with scoped(JOB):
        if row.since is not None and on < row.since and not ask:
            on = row.since
        elif row.since is not None and on < row.since:
            raise Invalid("EVENT_DATE", "On this day the person did not belong to the household yet.", field="on")
        row.until = on
        others = list(Membership.objects.filter(household_id=row.household_id, until=None).exclude(pk=row.pk).select_related("person"))
        heir = next((m for m in others if m.person_id == heir_id), None)
        if row.relation == HEAD and others and heir is None and ask:
            raise Invalid("HEAD_NEEDED", "Name the member who becomes the head.", field="new_head_id")
        row.save(update_fields=["until"])
        if row.relation == HEAD and heir is not None:
            follow_head(heir, others)
        elif row.relation == HEAD and others:
            oldest = min(others, key=lambda m: (m.person.birth_date or date.max, str(m.pk)))
            remind(oldest.person, HEAD_MISSING)
        elif not others:
            household = row.household
            household.until = on
            household.save(update_fields=["until"])
        emit("households.changed", region_path=row.region_path, household_id=row.household_id)


def follow_head(heir: Membership, members: list[Membership]) -> None:
    """Somebody becomes the head; what the others are to her follows from what both were to the last one, or is "other relative"."""
    was = heir.relation
    for m in members:
        settle_reminder(m.person_id, HEAD_MISSING)
        if m.pk != heir.pk:
            m.relation = code_of(relation_between(was, m.relation), m.person.sex)
            m.save(update_fields=["relation"])
    heir.relation = HEAD
    heir.save(update_fields=["relation"])


def end_ties(person_id: UUID, on: date, *, roles: tuple[str, ...] = LIVED) -> None:
    """She no longer lives where she lived."""
    with scoped(JOB):
        for tie in Occupancy.objects.filter(person_id=person_id, until=None, role__in=roles):
            tie.until = max(on, tie.since) if tie.since else on
            tie.save(update_fields=["until"])


def live_in(person: Person, premises_id: UUID, region_path: str, on: date) -> None:
    """She lives there now; an owner or tenant of the home has a tie already."""
    with scoped(JOB):
        if not Occupancy.objects.filter(person_id=person.pk, premises_id=premises_id, until=None).exists():
            Occupancy(person_id=person.pk, premises_id=premises_id, role="living", region_path=region_path, since=on).save(
                force_insert=True
            )


def enter(person: Person, household: Household, relation: str, on: date) -> Membership:
    """A new membership of somebody who has none; her household is locked."""
    with scoped(JOB):
        row = Membership(household=household, person_id=person.pk, relation=relation, region_path=household.region_path, since=on)
        row.save(force_insert=True)
        emit("households.changed", region_path=household.region_path, household_id=household.pk)
    return row
