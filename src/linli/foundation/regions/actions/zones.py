"""Which towns a functional zone manages: loaded from `zones.yaml`, changed on the desk from a day on. History is never rewritten."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import LoadReport, pack_error, read_yaml
from linli.foundation.regions import queries
from linli.foundation.regions.engine import REACH_CHECKS, runs
from linli.foundation.regions.models import Region, ZoneMember
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid, NotFound

MOST_RANGES = 4
"""An actor has at most four region ranges (DESIGN, "Rights"); neighbours in the tree share one."""


def load_zones(path: Path, known: dict[str, Region], report: LoadReport) -> None:
    """Zones and what they manage. A town whose membership the desk has written already stays as it is: the pack is only the beginning."""
    if not path.exists():
        return
    touched = set(ZoneMember.objects.values_list("town_id", flat=True))
    for zone in read_yaml(path).get("zones", []):
        region = _region(path, zone, zone["code"], known)
        if report.compare(region, {"zone": True}):
            region.zone = True
            region.save(update_fields=["zone"])
        for place in zone.get("manages", []):
            town = _region(path, zone, place["code"], known)
            if town.id in touched:
                continue
            since = place.get("since", zone.get("since")) or town.valid_from
            if not isinstance(since, date):
                raise pack_error(path, 0, f"zone {zone['code']} manages {town.code} since when?")
            report.added += 1
            document = str(place.get("document", zone.get("document", "")))
            ZoneMember(zone=region, town=town, since=since, document=document).save(force_insert=True)
            touched.add(town.id)
    queries.forget_zones()


def _region(path: Path, zone: dict[str, Any], code: str, known: dict[str, Region]) -> Region:
    if code not in known:
        raise pack_error(path, 0, f"zone {zone['code']} names {code}, which regions.csv lacks")
    return known[code]


@action("admin.units", audit="regions.zone_changed")
def change_zone(actor: Actor, *, town_id: UUID, zone_id: UUID | None, on: date, document: str) -> ZoneMember | None:
    """From ``on`` a town is managed by another zone, or by its county alone (``zone_id`` None). Returns the new membership.

    Errors: REGION_UNKNOWN, REGION_CLOSED, ZONE_TOWN, ZONE_UNKNOWN, ZONE_DATE, ZONE_DOCUMENT, ZONE_SAME, ZONE_PLANNED, ZONE_TOO_WIDE.
    """
    town = queries.get_region(town_id, lock=True)
    zone = queries.get_region(zone_id) if zone_id else None
    _check(town, zone, on, document)
    current = ZoneMember.objects.select_for_update().filter(town=town, until=None).first()
    planned = current.since if current and current.since > timezone.localdate() else None
    ending = ZoneMember.objects.filter(town=town, until__gt=timezone.localdate()).first()
    if planned or ending:
        raise Conflict(
            "ZONE_PLANNED",
            gettext_noop("A change of this town on %(day)s is planned already."),
            field="on",
            hint=gettext_noop("Take the planned change back first."),
            data={"day": planned or (ending.until if ending else on)},
        )
    if (current.zone_id if current else None) == zone_id:
        raise Invalid("ZONE_SAME", gettext_noop("Nothing would change: the town is managed so already."), field="zone")
    made = _write(town, zone, current, on, document.strip())
    if zone is not None:
        _require_narrow(zone, on)
    queries.forget_zones()
    emit("regions.changed", region_path=town.path, region_id=town.id, kind="zone")
    return made


def _write(town: Region, zone: Region | None, current: ZoneMember | None, on: date, document: str) -> ZoneMember | None:
    if current is not None:
        end_membership(current, on)
    if zone is None:
        return None
    made = ZoneMember(zone=zone, town=town, since=on, document=document)
    made.save(force_insert=True)
    return made


def end_membership(member: ZoneMember, on: date) -> None:
    """The zone manages the town until the day before ``on``; what would never have been in force goes (the trail keeps it)."""
    if on <= member.since:
        member.delete()
        return
    member.until = on
    member.save(update_fields=["until"])


def _check(town: Region, zone: Region | None, on: date, document: str) -> None:
    if town.valid_to is not None or (zone is not None and zone.valid_to is not None):
        raise Conflict("REGION_CLOSED", gettext_noop("The region no longer exists."), hint=gettext_noop("Choose its successor."))
    if town.level != "street":
        raise Invalid("ZONE_TOWN", gettext_noop("A zone manages whole streets and towns."), field="zone")
    if zone is not None and not zone.zone:
        raise Invalid("ZONE_UNKNOWN", gettext_noop("This region is no functional zone."), field="zone")
    if on < timezone.localdate():
        raise Invalid(
            "ZONE_DATE",
            gettext_noop("A change begins today or later: what was is not rewritten."),
            field="on",
            hint=gettext_noop("Name the day in the document's remark and begin today."),
        )
    if not document.strip():
        raise Invalid("ZONE_DOCUMENT", gettext_noop("Name the document that orders the change."), field="document")


def _require_narrow(zone: Region, on: date) -> None:
    """Nobody of the zone's staff may come to more than four ranges; floors above know who works there."""
    ranges = runs(queries.managed_on(zone, on), queries.town_paths())
    if len(ranges) > MOST_RANGES:
        raise Invalid(
            "ZONE_TOO_WIDE",
            gettext_noop("The zone's towns would lie in more than four separate stretches of the tree."),
            field="zone",
            hint=gettext_noop("Give the zone neighbouring towns, or form a second zone."),
        )
    for check in REACH_CHECKS.values():
        check(zone.id, len(ranges))


@action("admin.units", audit="regions.zone_change_taken_back")
def take_back_zone_change(actor: Actor, *, town_id: UUID) -> None:
    """A change planned for a later day does not happen. ZONE_NOT_PLANNED when there is none."""
    town, today = queries.get_region(town_id, lock=True), timezone.localdate()
    coming = ZoneMember.objects.select_for_update().filter(town=town, since__gt=today).first()
    ending = ZoneMember.objects.select_for_update().filter(town=town, until__gt=today, since__lte=today).first()
    if coming is None and ending is None:
        raise NotFound("ZONE_NOT_PLANNED", gettext_noop("No change of this town is planned."))
    if coming is not None:
        coming.delete()
    if ending is not None:
        ending.until = None
        ending.save(update_fields=["until"])
    queries.forget_zones()
