"""Reading the tree. Divisions are public (L1), so no actor is asked for."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.foundation.regions.models import LEVELS, Region, RegionCode
from linli.foundation.regions.types import PATH_STEP
from linli.foundation.types import PATH_END
from linli.lib.errors import NotFound


def _unknown() -> NotFound:
    return NotFound("REGION_UNKNOWN", "There is no such region.")


def get_region(pk: UUID, *, lock: bool = False) -> Region:
    """One region; `NotFound` otherwise."""
    rows = Region.objects.select_for_update() if lock else Region.objects.all()
    region = rows.filter(pk=pk).first()
    if region is None:
        raise _unknown()
    return region


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


def history(region: Region) -> list[str]:
    """Kinds of change a region went through, oldest first, for the region page."""
    return [f"{change.on} {change.kind} {change.document}".strip() for change in region.changes.order_by("on", "id")]
