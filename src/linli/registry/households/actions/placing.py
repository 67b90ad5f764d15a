"""A home comes to another grid because an outline was changed: households, ties and people who live there come along. Nobody has moved."""

from __future__ import annotations

from uuid import UUID

from linli.foundation.regions.engine import Place
from linli.registry.households.models import Household, Membership, Occupancy
from linli.registry.people.engine.ties import MOVES
from linli.registry.people.models import Person


def carry_home(home_id: UUID, before: UUID, grid: Place) -> None:
    """Part of the caller's action, under a job's rights. Who is entered in another region than the home was (away, registered only) stays there."""
    for household in Household.objects.filter(premises_id=home_id):
        household.region_id, household.region_path = grid
        household.save(update_fields=["region", "region_path"])
        for member in Membership.objects.filter(household=household):
            member.region_path = grid[1]
            member.save(update_fields=["region_path"])
    for tie in Occupancy.objects.filter(premises_id=home_id):
        tie.region_path = grid[1]
        tie.save(update_fields=["region_path"])
    for person in Person.objects.filter(premises_id=home_id, region_id=before):
        person.region_id, person.region_path = grid
        person.save(update_fields=["region", "region_path"])
        for follow in MOVES.values():
            follow(person.pk, grid[1])
