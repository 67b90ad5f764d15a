"""New outlines of grids, and everything placed by position follows them."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from linli.foundation.actions.actions import action
from linli.foundation.regions import policy, queries
from linli.foundation.regions.actions.turns import lock_tree
from linli.foundation.regions.engine import PLACED, shape_of
from linli.foundation.regions.models import Region, RegionChange
from linli.foundation.regions.types import Asked
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit, put_jobs
from linli.foundation.types import PATH_END, Actor, system_actor
from linli.lib.remembered import forget_all

FOLLOW = "regions.follow_outlines"
AFTER_S = 300
"""What others placed meanwhile, by the outlines they still remembered, follows then."""


def seconds_until(day: date) -> int:
    """From now to the beginning of a day; 0 when it has begun."""
    begins = timezone.make_aware(datetime.combine(day, time()))
    return max(0, math.ceil((begins - timezone.now()) / timedelta(seconds=1)))


@action("admin.units", audit="regions.outline_drawn")
def redraw_grids(actor: Actor, *, asked: Asked) -> int:
    """Give grids of one community their new outlines; how many things came to another grid. The outlines before are kept in `RegionChange`."""
    lock_tree()
    found = queries.lock_regions(asked.touched)
    grids = [found[pk] for pk in asked.region_ids]
    policy.check_redraw(grids[0], asked.on)
    for grid in grids[1:]:
        policy.check_open(grid)
    queries.judge_asked(asked)
    for grid in grids:
        _redraw(grid, asked)
    forget_all()
    moved = follow_outlines(asked.target_id)
    put_jobs(FOLLOW, "default", {"community_id": str(asked.target_id)}, wait_s=AFTER_S)
    emit("regions.changed", region_path=found[asked.target_id].path, region_id=grids[0].id, kind="outline")
    return moved


def _redraw(grid: Region, asked: Asked) -> None:
    before, outline = grid.outline, asked.outlines[str(grid.id)]
    inside = shape_of(outline).representative_point()
    grid.outline, grid.longitude, grid.latitude = outline, round(inside.x, 6), round(inside.y, 6)
    grid.save(update_fields=["outline", "longitude", "latitude"])
    change = RegionChange(kind="outline", region=grid, on=asked.on, document=asked.document)
    change.before, change.after = {"outline": before}, {"outline": outline}
    change.save(force_insert=True)


def follow_outlines(community_id: UUID) -> int:
    """Bring everything placed by position in a community into the grid it lies in. The administrator does not see the rows: a job's actor writes.
    Repeated it does nothing."""
    community = queries.get_region(community_id)
    locate = queries.locator(community_id, {})
    with scoped(system_actor("regions.outlines")):
        kinds = sorted(PLACED.values(), key=lambda one: one.order)
        return sum(one.follow(community.path, community.path + PATH_END, locate) for one in kinds)
