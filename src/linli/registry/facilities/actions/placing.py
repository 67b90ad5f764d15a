"""Facilities follow the outlines of grids: by their own position, or with the building they are in. A job's rights; nothing was moved."""

from __future__ import annotations

from uuid import UUID

from linli.foundation.regions.engine import Locate, Place
from linli.registry.facilities.models import Facility, FacilityDuty, FacilityStatus
from linli.registry.facilities.queries import misplaced


def follow_outlines(lo: str, hi: str, locate: Locate) -> int:
    """Give every facility of a community the grid its position lies in; how many came to another one."""
    found = misplaced(lo, hi, locate)
    for pk, grid in found:
        _carry(Facility.objects.get(pk=pk), grid)
    return len(found)


def carry_with_home(home_id: UUID, before: UUID, grid: Place) -> None:
    """Facilities in a building that came to another grid, unless they have a position of their own: that one decides."""
    for facility in Facility.objects.filter(premises_id=home_id, region_id=before, longitude=None):
        _carry(facility, grid)


def _carry(facility: Facility, grid: Place) -> None:
    facility.region_id, facility.region_path = grid
    facility.save(update_fields=["region", "region_path"])
    rows: list[FacilityStatus | FacilityDuty] = [
        *FacilityStatus.objects.filter(facility=facility),
        *FacilityDuty.objects.filter(facility=facility),
    ]
    for row in rows:
        row.region_path = grid[1]
        row.save(update_fields=["region_path"])
