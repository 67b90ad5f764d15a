"""What a death means for a household: the membership ends; who becomes the head is for the household and the community to say."""

from __future__ import annotations

from uuid import UUID

from linli.foundation.topics.actions import emit
from linli.foundation.topics.engine import consumer
from linli.foundation.topics.types import Event
from linli.registry.households.models import Household, Membership, Occupancy
from linli.registry.people.models import Person


@consumer("people.person_died", name="households.member_died")
def end_membership(event: Event) -> None:
    """The membership and the ties to homes lived in end on the day of death; ownership stays until it is inherited."""
    person = Person.objects.get(pk=UUID(str(event.payload["person_id"])))
    if person.died_on is None:
        return
    for tie in Occupancy.objects.filter(person=person, until=None, role__in=("living", "tenant", "registered")):
        tie.until = person.died_on
        tie.save(update_fields=["until"])
    row = Membership.objects.filter(person=person, until=None).first()
    if row is None:
        return
    Household.objects.select_for_update().get(pk=row.household_id)
    row.until = person.died_on
    row.save(update_fields=["until"])
    emit("households.changed", region_path=row.region_path, household_id=row.household_id)
