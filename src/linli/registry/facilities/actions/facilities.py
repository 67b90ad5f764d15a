"""Facilities entered, corrected, through their life, and the three units responsible for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.regions.queries import at_level, by_path, get_region, lock_regions
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.contact import parse_phone
from linli.lib.errors import Conflict, Invalid
from linli.registry.facilities import policy, queries
from linli.registry.facilities.engine.kinds import read_kind
from linli.registry.facilities.models import Facility, FacilityDuty, FacilityStatus
from linli.registry.facilities.types import DUTIES, IN_USE, NEXT, PLANNED, REMOVED
from linli.registry.premises.queries import by_addr_code

CHANGED: Final = "facilities.facility_changed"
EAST, WEST, NORTH, SOUTH = 136.0, 73.0, 54.0, 3.0
"""China's bounds in degrees: what lies outside was typed the wrong way round."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is said of a facility besides its kind and place. ``addr_code`` names the home or building it is in."""

    name: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    opening_hours: str = ""
    capacity: int | None = None
    phone: str = ""
    addr_code: str = ""


@action("facilities.edit", audit="facilities.facility_entered")
def enter_facility(
    actor: Actor, *, region_id: UUID, kind: str, details: Details, status: str = IN_USE, since: date | None = None
) -> Facility:
    """Enter a facility; it gets the next code of its county and kind.

    KIND_UNKNOWN, STATUS_FIRST, NAME_FORMAT, POSITION, PREMISES_UNKNOWN, DAY_AHEAD, beside their fields.
    """
    read_kind(kind)
    region = get_region(region_id)
    since = since or timezone.localdate()
    if status not in (PLANNED, IN_USE):
        raise Invalid("STATUS_FIRST", "A new facility is planned or in use.", field="status")
    _check_day(since, "since")
    facility = Facility(kind=kind, region=region, region_path=region.path, status=status, status_since=since)
    require(policy.can_edit(actor, facility))
    _tell(actor, facility, details)
    county = by_path(at_level(region.path, "county"))
    if county is None:
        raise Invalid("REGION_COUNTY", "A facility stands in a community or a grid.", field="region")
    lock_regions([county.pk])  # codes of a county are given one after the other
    facility.code = queries.next_code(county.code, kind)
    facility.save(force_insert=True)
    FacilityStatus(facility=facility, status=status, on=since, region_path=region.path).save(force_insert=True)
    emit(CHANGED, region_path=region.path, facility_id=facility.id)
    return facility


@action("facilities.edit", audit="facilities.facility_corrected")
def correct_facility(actor: Actor, *, facility_id: UUID, details: Details) -> Facility:
    """Say what is right; kind, code and place stay: a facility of another kind is another facility. FACILITY_REMOVED, those of the details."""
    facility = _open(actor, facility_id)
    _tell(actor, facility, details)
    facility.save(update_fields=["name", "address", "longitude", "latitude", "opening_hours", "capacity", "phone", "premises"])
    emit(CHANGED, region_path=facility.region_path, facility_id=facility.id)
    return facility


@action("facilities.edit", audit="facilities.status_changed")
def change_status(actor: Actor, *, facility_id: UUID, status: str, on: date, note: str = "") -> Facility:
    """The next step of its life. STATUS_STEP when it does not follow the present one; FACILITY_REMOVED, DAY_AHEAD, DAY_EARLY."""
    facility = _open(actor, facility_id)
    if status not in NEXT[facility.status]:
        raise Invalid("STATUS_STEP", "This does not follow the present status.", field="status", hint="Enter the steps between first.")
    _check_day(on, "on", since=facility.status_since)
    facility.status, facility.status_since = status, on
    facility.save(update_fields=["status", "status_since"])
    FacilityStatus(facility=facility, status=status, on=on, note=note.strip()[:120], region_path=facility.region_path).save(
        force_insert=True
    )
    emit(CHANGED, region_path=facility.region_path, facility_id=facility.id)
    return facility


@action("facilities.edit", audit="facilities.duty_assigned")
def assign_duty(actor: Actor, *, facility_id: UUID, duty: str, who: str, since: date) -> FacilityDuty:
    """Owner, upkeep or competent authority from a day on; who was it until then ends. The ownership has to be confirmed again.

    DUTY_UNKNOWN, RESPONSIBLE_UNKNOWN, DUTY_SAME, FACILITY_REMOVED, DAY_AHEAD, DAY_EARLY.
    """
    if duty not in DUTIES:
        raise Invalid("DUTY_UNKNOWN", "There is no such duty.", field="duty")
    facility = _open(actor, facility_id)
    body, unit = queries.responsible(actor, who)
    present = FacilityDuty.objects.select_for_update().filter(facility=facility, duty=duty, until=None).first()
    if present is not None:
        if (present.body_id, present.unit_id) == (body.pk if body else None, unit.pk if unit else None):
            raise Conflict("DUTY_SAME", "It is responsible already.", field="who")
        _check_day(since, "since", since=present.since)
        present.until = since
        present.save(update_fields=["until"])
    _check_day(since, "since")
    name = body.name if body else unit.name if unit else ""
    row = FacilityDuty(facility=facility, duty=duty, body=body, unit=unit, name=name, since=since, region_path=facility.region_path)
    row.save(force_insert=True)
    if facility.confirmed_on is not None:
        facility.confirmed_on = None
        facility.save(update_fields=["confirmed_on"])
    emit(CHANGED, region_path=facility.region_path, facility_id=facility.id)
    return row


@action("facilities.edit", audit="facilities.ownership_confirmed")
def confirm_ownership(actor: Actor, *, facility_id: UUID, on: date) -> Facility:
    """All three units agree that they are it. DUTIES_OPEN when one is missing; OWNERSHIP_CONFIRMED, FACILITY_REMOVED, DAY_AHEAD, DAY_EARLY."""
    facility = _open(actor, facility_id)
    if facility.confirmed_on is not None:
        raise Conflict("OWNERSHIP_CONFIRMED", "The ownership is confirmed already.")
    present = {row.duty: row for row in FacilityDuty.objects.filter(facility=facility, until=None)}
    if set(present) != set(DUTIES):
        raise Conflict(
            "DUTIES_OPEN", "Owner, upkeep and competent authority are not all known.", hint="Say first who is responsible for what."
        )
    _check_day(on, "on", since=max(row.since for row in present.values()))
    facility.confirmed_on = on
    facility.save(update_fields=["confirmed_on"])
    emit(CHANGED, region_path=facility.region_path, facility_id=facility.id)
    return facility


def _open(actor: Actor, facility_id: UUID) -> Facility:
    facility = queries.get_facility(actor, facility_id, lock=True)
    require(policy.can_edit(actor, facility))
    if facility.status == REMOVED:
        raise Conflict("FACILITY_REMOVED", "This facility is struck off; nothing about it changes any more.")
    return facility


def _tell(actor: Actor, facility: Facility, details: Details) -> None:
    name = " ".join(details.name.split())
    if not 2 <= len(name) <= 80:
        raise Invalid("NAME_FORMAT", "A name has 2 to 80 characters.", field="name")
    where = (details.longitude, details.latitude)
    if (where[0] is None) != (where[1] is None) or (
        where[0] is not None and where[1] is not None and not (WEST <= where[0] <= EAST and SOUTH <= where[1] <= NORTH)
    ):
        raise Invalid(
            "POSITION", "This is no position in China.", field="longitude", hint="Longitude first: 73 to 136; latitude: 3 to 54 degrees."
        )
    home = by_addr_code(actor, details.addr_code.strip()) if details.addr_code.strip() else None
    if details.addr_code.strip() and home is None:
        raise Invalid("PREMISES_UNKNOWN", "No home or building of your area has this code.", field="addr_code")
    told: Mapping[str, Any] = {
        "name": name,
        "address": details.address.strip()[:160],
        "longitude": where[0],
        "latitude": where[1],
        "opening_hours": details.opening_hours.strip()[:120],
        "capacity": details.capacity,
        "phone": parse_phone(details.phone).number if details.phone.strip() else "",
        "premises": home,
    }
    for attribute, value in told.items():
        setattr(facility, attribute, value)


def _check_day(day: date, field: str, *, since: date | None = None) -> None:
    if day > timezone.localdate():
        raise Invalid("DAY_AHEAD", "This day lies ahead.", field=field)
    if since is not None and day < since:
        raise Invalid(
            "DAY_EARLY", "This day lies before %(since)s.", field=field, hint="Copy the day from the paper.", data={"since": since}
        )
