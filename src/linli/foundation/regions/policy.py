"""When a division may be renamed, moved, merged or split. Each check raises the refusal that stands beside the field it is about. Who sees an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from linli.foundation.regions.models import LEVELS, Region, RegionOrder
from linli.foundation.scope.models import Power, Protection
from linli.lib.divisions import level, parse_division
from linli.lib.errors import Conflict, Invalid

orders = Protection(RegionOrder, [Power("admin.units"), Power("system")])


def check_open(region: Region) -> None:
    """REGION_CLOSED for a region that was merged away."""
    if region.valid_to is not None:
        raise Conflict("REGION_CLOSED", "The region no longer exists.", hint="Choose its successor.")


def check_free(waiting: Sequence[RegionOrder]) -> None:
    """``waiting``: the orders in whose way the change would come (`queries.orders_about`)."""
    for order in waiting:
        raise Conflict(
            "REGION_ORDERED",
            "Another change of this region, by %(document)s, is being carried out.",
            hint="Wait until it is done: the region's page shows it. Then look again and order what is still needed.",
            data={"document": order.asks.document},
        )


def check_changeable(region: Region) -> None:
    """An open region below the city: the tree has one root and keeps it."""
    check_open(region)
    if region.level == LEVELS[0]:
        raise Conflict("REGION_TOP", "The city itself is neither moved, merged nor split.", hint="Choose a region below it.")


def check_day(region: Region, on: date) -> None:
    """A change is carried out when it is entered: its day is today or lies behind, and the region existed on it."""
    if on > timezone.localdate():
        raise Invalid(
            "REGION_DAY_AHEAD",
            "A change of regions is carried out at once: its day cannot lie ahead.",
            field="on",
            hint="Enter it on the day from which it holds, or later with that day.",
        )
    if region.valid_from is not None and on < region.valid_from:
        raise Invalid(
            "REGION_DAY_EARLY",
            "The region exists only since %(since)s.",
            field="on",
            hint="Copy the day from the document.",
            data={"since": region.valid_from},
        )


def check_name(name: str, field: str = "name") -> str:
    """The name without blanks around it; REGION_NAME when nothing is left."""
    name = name.strip()
    if not name:
        raise Invalid("REGION_NAME", "A region needs a name.", field=field)
    return name


def check_code(code: str, like: Region, field: str = "code") -> str:
    """The code as it is kept: a statistical code of the level of ``like``, and free."""
    code = parse_division(code, field=field)
    if len(code) != len(like.code) or level(code).name.lower() != like.level:
        raise Invalid(
            "REGION_CODE_LEVEL",
            "This is no code of the same level as %(like)s.",
            field=field,
            hint="Copy the %(digits)s digits from the document.",
            data={"like": like.code, "digits": len(like.code)},
        )
    if Region.objects.filter(code=code).exists():
        raise Invalid("REGION_CODE_TAKEN", "Another region has this code.", field=field)
    return code


def check_rename(region: Region, name: str, code: str, on: date) -> tuple[str, str]:
    """Name and code as they are kept; an empty code keeps the present one."""
    check_open(region)
    check_day(region, on)
    name = check_name(name)
    if code and code != region.code:
        code = check_code(code, region)
    if (name, code or region.code) == (region.name, region.code):
        raise Invalid("REGION_SAME", "Nothing would change: name and code are these already.", field="name")
    return name, code or region.code


def check_move(region: Region, parent: Region, on: date) -> None:
    """To another open parent, one level above."""
    check_changeable(region)
    check_open(parent)
    check_day(region, on)
    if LEVELS.index(parent.level) != LEVELS.index(region.level) - 1:
        raise Invalid("REGION_PARENT", "A region can only move to a parent one level above it.", field="parent_id")
    if region.parent_id == parent.id:
        raise Invalid("REGION_THERE", "The region already lies there.", field="parent_id")


def check_merge(closing: Sequence[Region], into: Region, on: date) -> None:
    """Open regions of one level, none of them the one that stays, none of them a zone that manages towns."""
    check_changeable(into)
    if not closing:
        raise Invalid("REGION_MERGE_NONE", "Choose at least one region that goes into another.", field="region_ids")
    for region in closing:
        check_open(region)
        check_day(region, on)
        if region.id == into.id or region.level != into.level:
            raise Invalid("REGION_MERGE", "Only different regions of one level can be merged.", field="region_ids")
        if region.managed.filter(until=None).exists():
            raise Invalid(
                "REGION_MERGE_ZONE",
                "%(name)s is a functional zone that manages towns.",
                field="region_ids",
                hint="Give its towns to their county or another zone first.",
                data={"name": region.name},
            )


def check_split(region: Region, parts: Sequence[tuple[str, str]], on: date) -> list[tuple[str, str]]:
    """Codes and names of the new regions as they are kept. Fields are ``code_1``, ``name_1``, ``code_2`` ... in the order of the parts."""
    check_changeable(region)
    check_day(region, on)
    if not parts:
        raise Invalid("REGION_SPLIT", "Name at least one new region.", field="parts")
    made: dict[str, str] = {}
    for number, (code, name) in enumerate(parts, start=1):
        code = check_code(code, region, f"code_{number}")
        if code in made:
            raise Invalid("REGION_CODE_TWICE", "Two of the new regions have this code.", field=f"code_{number}")
        made[code] = check_name(name, f"name_{number}")
    return list(made.items())


LATEST = timedelta(days=366)
"""How far ahead an outline may be ordered."""


def check_redraw(region: Region, on: date) -> None:
    """A grid that exists on the day; the day may lie ahead, the job waits for it."""
    check_open(region)
    if region.level != LEVELS[-1]:
        raise Invalid("REGION_NO_GRID", "Only outlines of grids are drawn here; those of divisions come with the pack.", field="outline")
    if region.valid_from is not None and on < region.valid_from:
        raise Invalid("REGION_DAY_EARLY", "The region exists only since %(since)s.", field="on", data={"since": region.valid_from})
    if on > timezone.localdate() + LATEST:
        raise Invalid("REGION_DAY_FAR", "The day lies more than a year ahead.", field="on", hint="Copy the day from the document.")


def check_outlines(overlapping: Sequence[Region], swallowed: Sequence[Region], *, yielding: bool) -> None:
    """What the neighbours say: an overlap is refused unless they give way, and none of them is left with nothing."""
    if swallowed:
        raise Invalid(
            "OUTLINE_SWALLOWS",
            "Nothing would be left of %(names)s.",
            field="outline",
            hint="Merge the grids instead, or draw smaller.",
            data={"names": ", ".join(region.name for region in swallowed)},
        )
    if overlapping and not yielding:
        raise Invalid(
            "OUTLINE_OVERLAP",
            "The outline overlaps %(names)s.",
            field="outline",
            hint="Grids of a community do not overlap. Let the neighbours give way, or draw along their borders.",
            data={"names": ", ".join(region.name for region in overlapping)},
        )
