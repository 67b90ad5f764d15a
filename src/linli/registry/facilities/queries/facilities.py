"""Facilities as far as an actor sees them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Left

from linli.foundation.regions import queries as regions
from linli.foundation.regions.engine import Locate, Place
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.queries import kept
from linli.foundation.types import PATH_END, Actor, system_actor
from linli.foundation.units.models import Unit
from linli.lib.componentcode import component_code, parse_component
from linli.lib.errors import Conflict, Invalid, NotFound
from linli.registry.bodies.models import Body
from linli.registry.bodies.queries import visible_bodies
from linli.registry.facilities import policy
from linli.registry.facilities.engine.kinds import layout
from linli.registry.facilities.models import Facility, FacilityDuty, FacilityStatus
from linli.registry.facilities.types import REMOVED, Share

COMMUNITY_LETTERS = 20


@kept
def _facility(key: UUID) -> QuerySet[Facility]:
    return Facility.objects.filter(pk=key).select_related("region", "premises")


@kept
def _facility_locked(key: UUID) -> QuerySet[Facility]:
    return Facility.objects.filter(pk=key).select_for_update()


def get_facility(actor: Actor, pk: UUID, *, lock: bool = False) -> Facility:
    """One facility in the actor's sight; `NotFound` otherwise."""
    found = (_facility_locked if lock else _facility).in_sight(policy.facilities, actor, pk)
    if not found:
        raise NotFound("FACILITY_UNKNOWN", "There is no such facility in your area.", hint="Look for it in the list.")
    return found[0]


def facilities_in(actor: Actor, *, path: str = "", kind: str = "", status: str = "", code: str = "") -> QuerySet[Facility]:
    """Facilities below a region (or everywhere in sight), of a class (two digits) or kind, in a status, by the beginning of their code."""
    rows = Facility.objects.filter(policy.facilities.visible(actor))
    if path:
        rows = rows.filter(region_path__gte=path, region_path__lt=path + PATH_END)
    if kind:
        rows = rows.filter(kind__startswith=kind)
    if code:
        rows = rows.filter(code__startswith=code)
    rows = rows.filter(status=status) if status else rows
    return rows.order_by("region_path", "kind", "code")


def statuses_of(actor: Actor, facility: Facility) -> list[FacilityStatus]:
    """What became of it, newest first."""
    return list(FacilityStatus.objects.filter(policy.statuses.visible(actor), facility=facility).order_by("-on", "-id"))


def duties_of(actor: Actor, facility: Facility) -> list[FacilityDuty]:
    """Who is and was responsible, the present first."""
    rows = FacilityDuty.objects.filter(policy.duties.visible(actor), facility=facility).select_related("body", "unit")
    return sorted(rows, key=lambda row: (row.until is not None, row.duty, -row.since.toordinal(), str(row.pk)))


def responsible(actor: Actor, text: str) -> tuple[Body | None, Unit | None]:
    """Who is meant: an organisation in sight by its code, or one of our units by code or full name. `Invalid` RESPONSIBLE_UNKNOWN."""
    wanted = text.strip()
    body = visible_bodies(actor).filter(Q(uscc=wanted.upper()) | Q(own_code=wanted.upper())).first() if wanted else None
    unit = Unit.objects.filter(Q(code=wanted) | Q(name=wanted), valid_to=None).order_by("code").first() if wanted and body is None else None
    if body is None and unit is None:
        raise Invalid(
            "RESPONSIBLE_UNKNOWN",
            "No organisation of your area and no unit is called that.",
            field="who",
            hint="Enter the credit code of an organisation, or the code or full name of a unit.",
        )
    return body, unit


def next_code(county: str, kind: str) -> str:
    """The next code of a kind in a county, for the caller who holds the county's row; `Conflict` when all are given."""
    parts = layout()
    begins = f"{county[: parts.county]}{kind}"
    with scoped(system_actor("facilities.codes")):
        last = Facility.objects.filter(code__startswith=begins).aggregate(last=Max("code"))["last"]
    serial = parse_component(last, parts).serial + 1 if last else 1
    if serial > parts.last:
        raise Conflict("CODES_USED_UP", "All codes of this kind are given in the county.", hint="Tell the operator.")
    return component_code(county[: parts.county], kind[: parts.group], kind[parts.group :], serial, parts)


def shares(actor: Actor, path: str = "") -> tuple[list[Share], Share]:
    """Share of confirmed ownership of each community in sight, and of all of them: sums of both, never the mean of shares."""
    rows = facilities_in(actor, path=path).exclude(status=REMOVED).order_by()
    counted = (
        rows.annotate(community=Left("region_path", COMMUNITY_LETTERS))
        .values("community")
        .annotate(total=Count("pk"), confirmed=Count("pk", filter=~Q(confirmed_on=None)))
        .order_by("community")
    )
    found = list(counted)
    names = dict(Region.objects.filter(path__in=[row["community"] for row in found]).values_list("path", "name"))
    listed = [Share(names.get(row["community"], row["community"]), row["confirmed"], row["total"], row["community"]) for row in found]
    return listed, Share("", sum(one.confirmed for one in listed), sum(one.total for one in listed))


def misplaced(lo: str, hi: str, locate: Locate) -> list[tuple[UUID, Place]]:
    """Facilities of a community whose position lies in another grid than they are entered in, each with that grid; for a job's actor."""
    return regions.misplaced(Facility.objects.filter(region_path__gte=lo, region_path__lt=hi), locate)


def tied_bodies(ids: Collection[UUID]) -> set[UUID]:
    """Of some organisations those that answer for a facility, or did. Under a job's rights."""
    rows = FacilityDuty.objects.filter(body_id__in=list(ids)).values_list("body_id", flat=True)
    return {pk for pk in rows if pk is not None}


def number_within(lo: str, hi: str) -> int:
    """How many facilities a subtree of regions has, for a job's actor that sees all of it."""
    return Facility.objects.filter(region_path__gte=lo, region_path__lt=hi).exclude(status=REMOVED).count()
