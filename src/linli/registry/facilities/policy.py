"""A facility and what hangs on it is seen inside its region."""

from __future__ import annotations

from linli.foundation.scope.models import Power, Protection, Region
from linli.foundation.types import Actor
from linli.registry.facilities.models import Facility, FacilityDuty, FacilityStatus

facilities = Protection(Facility, [Region("region_path"), Power("system")])
statuses = Protection(FacilityStatus, [Region("region_path"), Power("system")])
duties = Protection(FacilityDuty, [Region("region_path"), Power("system")])


def can_view(actor: Actor, facility: Facility) -> bool:
    """Agrees with `facilities.visible`."""
    return actor.sees(facility.region_path) or actor.may("system")


def can_edit(actor: Actor, facility: Facility) -> bool:
    """Staff whose area the facility stands in."""
    return can_view(actor, facility)
