"""Organisations follow the outlines of grids: by their own position, or with the home they are at. A job's rights; nobody has moved."""

from __future__ import annotations

from uuid import UUID

from linli.foundation.regions.engine import Locate, Place
from linli.registry.bodies.models import Body, BodyName, BodyRole, BodyStatus, Gram, Succession
from linli.registry.bodies.queries.bodies import misplaced
from linli.registry.sources.actions import carry_words

PARTS = (BodyName, BodyStatus, BodyRole)


def follow_outlines(lo: str, hi: str, locate: Locate) -> int:
    """Give every organisation of a community the grid its position lies in; how many came to another one."""
    found = misplaced(lo, hi, locate)
    for pk, grid in found:
        _carry(Body.objects.get(pk=pk), grid)
    return len(found)


def carry_with_home(home_id: UUID, before: UUID, grid: Place) -> None:
    """Organisations at a home that came to another grid, unless they have a position of their own: that one decides."""
    for body in Body.objects.filter(premises_id=home_id, region_id=before, longitude=None):
        _carry(body, grid)


def _carry(body: Body, grid: Place) -> None:
    body.region_id, body.region_path = grid
    body.save(update_fields=["region", "region_path"])
    rows = [row for part in PARTS for row in part.objects.filter(body=body)]
    for row in [*rows, *Succession.objects.filter(successor=body)]:
        row.region_path = grid[1]
        row.save(update_fields=["region_path"])
    Gram.objects.filter(body=body).update(region_path=grid[1])
    carry_words(body.pk, grid[1])
