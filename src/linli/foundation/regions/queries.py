"""Reading the tree. Divisions are public (L1), so no actor is asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from linli.foundation.regions import policy
from linli.foundation.regions.engine import CONTENTS, PLACED, Cells, Judgement, Locate, Place, feature, judge, runs, shape_of
from linli.foundation.regions.models import LEVELS, Region, RegionChange, RegionCode, RegionOrder, ZoneMember
from linli.foundation.regions.types import PATH_STEP, Asked
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.queries import kept
from linli.foundation.types import PATH_END, Actor, RegionRange, system_actor
from linli.lib.errors import NotFound
from linli.lib.remembered import forget_all, remembered


def _unknown() -> NotFound:
    return NotFound("REGION_UNKNOWN", "There is no such region.")


@kept
def _region(key: UUID) -> QuerySet[Region]:
    return Region.objects.filter(pk=key)


def get_region(pk: UUID, *, lock: bool = False) -> Region:
    """One region; `NotFound` otherwise."""
    region = Region.objects.select_for_update().filter(pk=pk).first() if lock else _region.first(pk)
    if region is None:
        raise _unknown()
    return region


def lock_regions(keys: Iterable[UUID]) -> dict[UUID, Region]:
    """Several regions for a change, locked in one order so that two changes never wait for each other; `NotFound` when one is missing.

    Rows that name a region are written meanwhile (``no_key``): nobody at a counter waits for a merger.
    """
    wanted = set(keys)
    found = {region.id: region for region in Region.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")}
    if wanted - found.keys():
        raise _unknown()
    return found


def by_code(code: str, *, on: date | None = None) -> Region:
    """The region that has the code today, or had it ``on`` a day; `NotFound` otherwise."""
    if on is None:
        region = Region.objects.filter(code=code).first()
    else:
        held = RegionCode.objects.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gt=on), code=code)
        found = held.select_related("region").order_by("-valid_from").first()
        region = found.region if found else None
    if region is None:
        raise _unknown()
    return region


def by_path(path: str) -> Region | None:
    return Region.objects.filter(path=path).first()


def children(region: Region, *, closed: bool = False) -> QuerySet[Region]:
    """Directly below, in the order of their paths; ``closed`` ones (merged away) only when asked for."""
    rows = Region.objects.filter(parent=region).order_by("path")
    return rows if closed else rows.filter(valid_to=None)


def below(path: str, level: str = "") -> QuerySet[Region]:
    """Everything in a subtree, itself included, or only one level of it."""
    rows = Region.objects.filter(path__gte=path, path__lt=path + PATH_END, valid_to=None).order_by("path")
    return rows.filter(level=level) if level else rows


def ancestor_paths(path: str) -> list[str]:
    """Paths from the city down to the node itself."""
    return [path[:end] for end in range(PATH_STEP, len(path) + 1, PATH_STEP)]


def ancestors(path: str) -> list[Region]:
    """Regions from the city down to the node itself."""
    return list(Region.objects.filter(path__in=ancestor_paths(path)).order_by("path"))


def at_level(path: str, level: str) -> str:
    """The path of the node of ``level`` above (or at) ``path``."""
    return path[: PATH_STEP * (LEVELS.index(level) + 1)]


def names_above(path: str) -> list[str]:
    """Names from the city down: the head of a standard address."""
    return [region.name for region in ancestors(path)]


def codes_of(region: Region) -> list[RegionCode]:
    """The codes and names a region has had, oldest first."""
    return list(region.codes.order_by("valid_from", "id"))


def history(region: Region) -> list[RegionChange]:
    """What a region went through, and what others brought into it or got out of it, oldest first."""
    rows = RegionChange.objects.filter(Q(region=region) | Q(successor=region)).select_related("region", "successor")
    return list(rows.order_by("on", "id"))


def siblings(region: Region, *, closed: bool = False) -> list[Region]:
    """The region itself and its neighbours below one parent, in the order of their paths."""
    if region.parent_id is None:
        return [region]
    rows = Region.objects.filter(parent_id=region.parent_id).order_by("path")
    return list(rows if closed else rows.filter(valid_to=None))


def possible_parents(region: Region) -> list[Region]:
    """Open regions one level above, with their own parents: where a region could move."""
    above = LEVELS[max(LEVELS.index(region.level) - 1, 0)]
    rows = Region.objects.filter(level=above, valid_to=None).select_related("parent").order_by("path")
    return [row for row in rows if row.id != region.parent_id]


def contents_of(regions: Iterable[Region]) -> list[tuple[str, int]]:
    """What lies in some regions today, as (msgid, number). The administrator does not see the rows: a job's actor counts them."""
    paths = [region.path for region in regions]
    wanted = sorted(CONTENTS.values(), key=lambda one: one.order)
    with scoped(system_actor("regions.contents")):
        return [(one.label, sum(one.count(path, path + PATH_END) for path in paths)) for one in wanted]


def open_below(lo: str, hi: str) -> int:
    """How many open regions lie below a node (its own path is ``lo``)."""
    return Region.objects.filter(path__gt=lo, path__lt=hi, valid_to=None).count()


def in_ranges(ranges: Iterable[RegionRange], *levels: str) -> QuerySet[Region]:
    """Open regions of some levels inside an actor's ranges, in the order of the tree: what a clerk may choose from."""
    wanted = Q(pk__in=[])
    for one in ranges:
        wanted |= Q(path__gte=one.lo, path__lt=one.hi)
    return Region.objects.filter(wanted, level__in=levels, valid_to=None).order_by("path")


def place_choices(ranges: Iterable[RegionRange], *, most: int = 600) -> list[tuple[str, str]]:
    """Communities and grids to choose from: (key, name), a grid with its community's name before its own."""
    places = in_ranges(ranges, "community", "grid").select_related("parent")[:most]
    return [(str(r.pk), r.name if r.level == "community" or not r.parent else f"{r.parent.name} {r.name}") for r in places]


def area_choices(ranges: Iterable[RegionRange], *, most: int = 600) -> list[tuple[str, str]]:
    """Streets and communities to narrow a list by: (path, name)."""
    return [(r.path, r.name) for r in in_ranges(ranges, "street", "community")[:most]]


# ---- orders ----


def get_order(actor: Actor, pk: UUID, *, lock: bool = False) -> RegionOrder:
    """One order for a change of regions; `NotFound` otherwise."""
    rows = RegionOrder.objects.filter(policy.orders.visible(actor), pk=pk)
    order = (rows.select_for_update() if lock else rows).first()
    if order is None:
        raise NotFound("REGION_ORDER_UNKNOWN", "There is no such order.")
    return order


def order_confirmed(actor: Actor, key: str) -> RegionOrder | None:
    """What was ordered from one page already."""
    return RegionOrder.objects.filter(policy.orders.visible(actor), key=key).first()


def orders_about(actor: Actor, regions: Iterable[Region]) -> list[RegionOrder]:
    """Orders that wait and touch one of the regions, something below it, or what it lies in: all of them rewrite paths there."""
    waiting = list(RegionOrder.objects.filter(policy.orders.visible(actor), state="waiting").order_by("ordered_at"))
    if not waiting:
        return []
    touched = {pk for order in waiting for pk in order.asks.touched}
    paths = dict(Region.objects.filter(pk__in=touched).values_list("pk", "path"))
    own = [region.path for region in regions]
    return [order for order in waiting if any(_in_line(paths[pk], path) for pk in order.asks.touched for path in own)]


def _in_line(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


# ---- functional zones ----


def zone_ranges() -> dict[UUID, tuple[tuple[str, str], ...]]:
    """Zone -> the ranges of what it manages today, remembered for a few seconds: every request of its staff asks. A zone without towns is left out."""
    return _ranges_on(timezone.localdate())


def forget_zones() -> None:
    """After a change, so that this process sees it at once."""
    forget_all()


def _in_force(on: date) -> QuerySet[ZoneMember]:
    return ZoneMember.objects.filter(Q(until=None) | Q(until__gt=on), since__lte=on)


@remembered(seconds=10)
def _ranges_on(day: date) -> dict[UUID, tuple[tuple[str, str], ...]]:
    towns: dict[UUID, list[str]] = defaultdict(list)
    for zone_id, path in _in_force(day).values_list("zone_id", "town__path"):
        towns[zone_id].append(path)
    if not towns:
        return {}
    siblings = town_paths()
    # A zone is an ordinary node: what should hang below it belongs to it as well.
    parents = Region.objects.filter(parent_id__in=towns, valid_to=None).values_list("parent_id", "parent__path").distinct()
    found = {zone_id: runs(paths, siblings) for zone_id, paths in towns.items()}
    for zone_id, path in parents:
        if zone_id is not None and path is not None:
            found[zone_id].append((path, path + PATH_END))
    return {zone_id: tuple(ranges) for zone_id, ranges in found.items()}


def managed_on(zone: Region, on: date) -> list[str]:
    """Paths of the towns a zone manages on a day."""
    return list(_in_force(on).filter(zone=zone).values_list("town__path", flat=True))


def town_paths() -> list[str]:
    """Paths of all streets and towns, closed ones too: what may lie between two towns of a zone."""
    return list(Region.objects.filter(level="street").values_list("path", flat=True))


def zones() -> list[Region]:
    """Functional zones, in the order of the tree."""
    return list(Region.objects.filter(zone=True, valid_to=None).order_by("path"))


def zone_of(path: str, *, on: date) -> Region | None:
    """The zone that managed the place on a day: what a case of that day goes on saying, whatever has changed since."""
    member = _in_force(on).filter(town__path__in=ancestor_paths(path)).select_related("zone").first()
    return member.zone if member else None


def members(zone: Region) -> list[ZoneMember]:
    """Everything a zone manages, managed or will manage; the present first."""
    return list(ZoneMember.objects.filter(zone=zone).select_related("town").order_by("-since", "town__path"))


def memberships(town: Region) -> list[ZoneMember]:
    """Who managed a town through time, newest first."""
    return list(ZoneMember.objects.filter(town=town).select_related("zone").order_by("-since"))


def managed_towns() -> dict[UUID, Region]:
    """Town -> its zone today, for a list."""
    return {m.town_id: m.zone for m in _in_force(timezone.localdate()).select_related("zone")}


def administered(text: str = "", county: str = "") -> QuerySet[Region]:
    """Counties, zones, streets and towns by name or code, in the order of the tree; ``county`` narrows to one path."""
    rows = Region.objects.filter(level__in=("county", "street"), valid_to=None).select_related("parent").order_by("path")
    if county:
        rows = rows.filter(path__gte=county, path__lt=county + PATH_END)
    return rows.filter(Q(name__icontains=text) | Q(code__startswith=text)) if text else rows


# ---- outlines ----


def drawn_grids(community_id: UUID) -> list[Region]:
    """Open grids of a community that have an outline."""
    return list(Region.objects.filter(parent_id=community_id, level="grid", valid_to=None).exclude(outline=None).order_by("code"))


def plan_outline(grid: Region, outline: Mapping[str, Any], *, yielding: bool) -> tuple[dict[str, Any], Judgement]:
    """The outlines that would hold from then on, by key (the grid's, and those of neighbours that give way), and what it does to its
    surroundings. Errors: OUTLINE_OUTSIDE, OUTLINE_OVERLAP, OUTLINE_SWALLOWS."""
    sisters = {str(one.id): one for one in drawn_grids(grid.parent_id) if one.id != grid.id} if grid.parent_id else {}
    community = grid.parent.outline if grid.parent else None
    around = {key: shape_of(one.outline) for key, one in sisters.items()}
    found = judge(shape_of(outline), shape_of(community) if community else None, around, yielding=yielding)
    policy.check_outlines([sisters[k] for k in found.overlaps], [sisters[k] for k in found.swallowed], yielding=yielding)
    return {str(grid.id): dict(outline), **{key: feature(shape) for key, shape in found.cut.items()}}, found


def judge_asked(asked: Asked) -> None:
    """The same errors, of outlines that were planned earlier: neighbours may have been changed since."""
    grid = get_region(asked.region_ids[0])
    sisters = {str(one.id): one for one in drawn_grids(asked.target_id) if one.id != grid.id}
    community = get_region(asked.target_id).outline
    around = {key: shape_of(asked.outlines.get(key, one.outline)) for key, one in sisters.items()}
    found = judge(shape_of(asked.outlines[str(grid.id)]), shape_of(community) if community else None, around, yielding=False)
    policy.check_outlines([sisters[k] for k in found.overlaps], [], yielding=False)


def locator(community_id: UUID, outlines: Mapping[str, Any]) -> Locate:
    """Points -> grids of a community, as its outlines are with some of them replaced."""
    grids = Region.objects.filter(parent_id=community_id, level="grid", valid_to=None)
    drawn = [(one, outlines.get(str(one.id), one.outline)) for one in grids]
    cells = Cells[Place]((one.code, (one.id, one.path), shape_of(outline)) for one, outline in drawn if outline)
    return lambda longitude, latitude: cells.at(longitude, latitude).inside


def placed_by(community: Region, outlines: Mapping[str, Any]) -> list[tuple[str, int]]:
    """What would change its grid, as (msgid, number); a job's actor counts it."""
    locate = locator(community.id, outlines)
    with scoped(system_actor("regions.contents")):
        kinds = sorted(PLACED.values(), key=lambda one: one.order)
        return [(one.label, one.foresee(community.path, community.path + PATH_END, locate)) for one in kinds]


def misplaced(rows: QuerySet[Any], locate: Locate) -> list[tuple[UUID, Place]]:
    """Of rows with ``region``, ``longitude`` and ``latitude`` those whose position lies in another grid than they are entered in, each with that grid;
    for a job's actor. What has no position, or lies outside all grids, stays."""
    found = []
    placed = rows.filter(longitude__isnull=False, latitude__isnull=False).order_by("pk")
    for pk, region_id, longitude, latitude in placed.values_list("pk", "region_id", "longitude", "latitude").iterator(chunk_size=5000):
        grid = locate(longitude, latitude)
        if grid is not None and grid[0] != region_id:
            found.append((pk, grid))
    return found
