"""Households as the files of other offices tell them: somebody nobody knew a household of joins one, or founds it; and leaves it again with the file."""

from __future__ import annotations

from uuid import UUID

from linli.foundation.actions.actions import action
from linli.foundation.audit.engine.recording import repeated
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.registry.households.actions.parting import HEAD, lock_household
from linli.registry.households.models import Membership, Occupancy


@action("people.edit", audit="households.filing_undone")
def undo_filing(actor: Actor, *, membership_id: UUID) -> bool:
    """A file that said this is taken back: it was never so. False when something has been built on it since: the membership ended, or others joined.

    A household nobody belonged to besides goes with its head. Again: nothing changes.
    """
    row = Membership.objects.filter(pk=membership_id).select_related("household").first()
    if row is None:
        repeated()
        return True
    household = lock_household(row.household_id)
    others = Membership.objects.filter(household=household).exclude(pk=row.pk)
    if row.until is not None or (row.relation == HEAD and others.exists()):
        return False
    mine = Occupancy.objects.filter(person_id=row.person_id, role="living", since=row.since, until=None)
    for tie in mine.filter(premises=household.premises):
        tie.delete()
    row.delete()
    if row.relation == HEAD:
        household.delete()
    emit("households.changed", region_path=household.region_path, household_id=household.pk)
    return True
