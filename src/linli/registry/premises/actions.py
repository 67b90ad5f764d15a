"""Homes follow the outlines of their grids. Part of the order that changes an outline (regions/actions/outlines.py), under a job's rights."""

from __future__ import annotations

from linli.foundation.regions.engine import Locate
from linli.registry.premises.engine import HOME_MOVES
from linli.registry.premises.models import Premises
from linli.registry.premises.queries import misplaced


def follow_outlines(lo: str, hi: str, locate: Locate) -> int:
    """Give every home of a community the grid its position lies in, with whoever lives there; how many came to another one."""
    found = misplaced(lo, hi, locate)
    homes = Premises.objects.in_bulk([pk for pk, _ in found])
    for pk, grid in found:
        home = homes[pk]
        before = home.region_id
        home.region_id, home.region_path = grid
        home.save(update_fields=["region", "region_path"])
        for carry in HOME_MOVES.values():
            carry(pk, before, grid)
    return len(found)
