"""Units edited on the desk. What a unit reaches (its region and line) is set once: a wider reach is a new unit, and new posts to be granted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording
from linli.foundation.regions.queries import get_region
from linli.foundation.types import Actor
from linli.foundation.units import queries
from linli.foundation.units.engine import UNIT_MOVERS
from linli.foundation.units.models import Unit
from linli.lib.errors import Conflict, Invalid

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,38}")
_LINE = re.compile(r"(?:[A-Z]{1,4}(?:-[A-Z]{1,4})?)?")
_REACH = ("phone", "address", "office_hours")


@action("admin.units", audit="units.unit_added")
def add_unit(
    actor: Actor,
    *,
    code: str,
    name: str,
    short: str = "",
    line: str = "",
    region_id: UUID,
    parent_id: UUID | None = None,
    reach: Mapping[str, str] | None = None,
) -> Unit:
    """A new unit for a region and a line ("" serves every line). ``reach``: phone, address, office_hours.

    Errors: UNIT_CODE, UNIT_NAME, UNIT_LINE, UNIT_REGION, UNIT_PARENT, UNIT_OUTSIDE.
    """
    code, line = code.strip().upper(), line.strip().upper()
    if not _CODE.fullmatch(code):
        raise Invalid("UNIT_CODE", gettext_noop("A unit code has 2 to 39 capital letters, digits and dashes."), field="code")
    if queries.by_code(code) is not None:
        raise Invalid(
            "UNIT_CODE",
            gettext_noop("Another unit has this code."),
            field="code",
            hint=gettext_noop("A closed unit keeps its code; choose a new one."),
        )
    if not _LINE.fullmatch(line) or len(line) > 8:
        raise Invalid("UNIT_LINE", gettext_noop("A line is a short code such as MZ; leave it empty for all lines."), field="line")
    region = get_region(region_id)
    if region.valid_to is not None or region.level == "grid":
        raise Invalid("UNIT_REGION", gettext_noop("A unit serves a community or a wider region that exists."), field="region")
    unit = Unit(code=code, name=_name(name), short=short.strip(), level=region.level, line=line, region=region, region_path=region.path)
    _write_reach(unit, reach)
    unit.parent = _parent(unit, parent_id)
    unit.edited = True
    unit.save(force_insert=True)
    return unit


@action("admin.units", audit="units.unit_changed")
def change_unit(actor: Actor, *, unit_id: UUID, name: str, short: str = "", reach: Mapping[str, str] | None = None) -> Unit:
    """Another name, and how residents reach it. Cases keep the name their steps were done under. UNIT_UNKNOWN, UNIT_CLOSED, UNIT_NAME."""
    unit = queries.get_unit(unit_id, lock=True)
    _require_open(unit)
    unit.name, unit.short, unit.edited = _name(name), short.strip(), True
    _write_reach(unit, reach)
    unit.save(update_fields=["name", "short", *_REACH, "edited"])
    return unit


@action("admin.units", audit="units.unit_moved")
def move_unit(actor: Actor, *, unit_id: UUID, parent_id: UUID | None) -> Unit:
    """Under another unit. Rights do not follow: they come from the unit's own region. UNIT_CLOSED, UNIT_PARENT, UNIT_OUTSIDE, UNIT_CIRCLE."""
    unit = queries.get_unit(unit_id, lock=True)
    _require_open(unit)
    if unit.parent_id == parent_id:
        raise Invalid("UNIT_PARENT", gettext_noop("The unit belongs there already."), field="parent")
    unit.parent = _parent(unit, parent_id)
    unit.edited = True
    unit.save(update_fields=["parent", "edited"])
    return unit


@action("admin.units", audit="units.tasks_moved")
def hand_over_unit(actor: Actor, *, unit_id: UUID, to_id: UUID) -> int:
    """Everything that waits in an office goes to another one, unclaimed: before a unit is closed, or when two become one. How many tasks moved."""
    unit, to = queries.get_unit(unit_id, lock=True), queries.get_unit(to_id)
    _require_open(to)
    if unit.id == to.id:
        raise Invalid("UNIT_ONESELF", gettext_noop("Choose another unit."), field="to")
    if not unit.region_path.startswith(to.region_path):
        raise Invalid(
            "UNIT_OUTSIDE",
            gettext_noop("That unit does not serve this region: its staff could not see the cases."),
            field="to",
            hint=gettext_noop("Choose a unit of the same region or one above it."),
        )
    if to.line not in ("", unit.line):
        raise Invalid("UNIT_LINE", gettext_noop("That unit works on another line."), field="to")
    moved = sum(mover(actor, unit.id, to.id) for mover in UNIT_MOVERS.values())
    record = recording.get()
    if record is not None:
        record.notes.update(from_unit=unit.code, to_unit=to.code, moved=moved)
    return moved


@action("admin.units", audit="units.unit_closed")
def close_unit(actor: Actor, *, unit_id: UUID) -> Unit:
    """The unit exists no longer from today on; past cases go on naming it. Refused while people hold posts, tasks wait or units hang below it."""
    unit = queries.get_unit(unit_id, lock=True)
    _require_open(unit)
    for burden in queries.burdens_of(unit):
        raise Conflict(burden.code, burden.message, hint=burden.hint, data={"count": burden.count})
    today = timezone.localdate()
    for post in unit.posts.filter(valid_to=None):
        post.valid_to = today
        post.save(update_fields=["valid_to"])
    unit.valid_to, unit.edited = today, True
    unit.save(update_fields=["valid_to", "edited"])
    return unit


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not 2 <= len(name) <= 80:
        raise Invalid("UNIT_NAME", gettext_noop("A name has 2 to 80 characters."), field="name")
    return name


def _write_reach(unit: Unit, reach: Mapping[str, str] | None) -> None:
    for key in _REACH:
        if reach is not None and key in reach:
            setattr(unit, key, reach[key].strip())


def _require_open(unit: Unit) -> None:
    if unit.valid_to is not None:
        raise Conflict("UNIT_CLOSED", gettext_noop("This unit is closed."), hint=gettext_noop("Choose one that exists."))


def _parent(unit: Unit, parent_id: UUID | None) -> Unit | None:
    """An open unit whose area holds the unit's, and which does not itself hang below it."""
    if parent_id is None:
        return None
    parent = queries.get_unit(parent_id)
    if parent.valid_to is not None:
        raise Invalid("UNIT_PARENT", gettext_noop("That unit is closed."), field="parent")
    if not unit.region_path.startswith(parent.region_path):
        raise Invalid(
            "UNIT_OUTSIDE",
            gettext_noop("That unit serves another region."),
            field="parent",
            hint=gettext_noop("Choose one of the same region or of a region around it."),
        )
    above: Unit | None = parent
    while above is not None:
        if above.id == unit.id:
            raise Invalid("UNIT_CIRCLE", gettext_noop("A unit cannot belong to itself or to one below it."), field="parent")
        above = above.parent
    return parent
