"""Divisions and functional zones, for the system administrator: what lies where, who manages it, and from which day that changes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.gate import desk
from linli.foundation.regions import actions, queries
from linli.foundation.regions.forms import ZoneForm
from linli.foundation.regions.models import Region, RegionChange, ZoneMember
from linli.foundation.regions.views.orders import said_of
from linli.lib.errors import LinliError
from linli.ui.types import DeskRequest

ROWS = 50


@require_GET
@desk("admin.units")
def region_list(request: DeskRequest) -> HttpResponse:
    """Counties, zones, streets and towns, with who manages each today."""
    text, county = request.GET.get("q", "").strip()[:40], request.GET.get("county", "")
    managed = queries.managed_towns()
    page = Paginator(queries.administered(text, county), ROWS).get_page(request.GET.get("page"))
    rows = [(region, managed.get(region.id)) for region in page]
    counties = [r for r in queries.administered() if r.level == "county"]
    return render(request, "regions/desk/regions.html", {"page": page, "rows": rows, "q": text, "county": county, "counties": counties})


@never_cache
@require_GET
@desk("admin.units")
def region_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One region: its names through time; a zone with its towns, a town with who manages it."""
    region = queries.get_region(pk)
    return _show(request, region, ZoneForm(town=region, initial={"zone": _zone_today(region)}, auto_id="zone-%s"))


def _zone_today(region: Region) -> str:
    zone = queries.managed_towns().get(region.id)
    return str(zone.id) if zone else ""


def _show(request: DeskRequest, region: Region, form: ZoneForm) -> HttpResponse:
    today = timezone.localdate()
    memberships = queries.memberships(region)
    context = {
        "region": region,
        "place": " ".join(queries.names_above(region.path)),
        "codes": queries.codes_of(region),
        "changes": [(change.on, _told(change, region), change.document) for change in queries.history(region)],
        "orders": [(order, said_of(order)) for order in queries.orders_about(request.actor, [region])],
        "children": queries.children(region),
        "changeable": region.valid_to is None and region.parent_id is not None,
        "members": [(m, *_state(m)) for m in queries.members(region)] if region.zone else [],
        "memberships": [(m, *_state(m)) for m in memberships],
        "planned": any(m.since > today or (m.until is not None and m.until > today) for m in memberships),
        "town": region.level == "street" and region.valid_to is None,
        "form": form,
    }
    return render(request, "regions/desk/region.html", context, status=422 if form.errors else 200)


def _told(change: RegionChange, region: Region) -> str:
    """What a change was, from the side of one of its regions."""
    other = change.successor if change.region_id == region.id else change.region
    said = {"name": other.name if other else "", "old": change.before.get("name", ""), "new": change.after.get("name", "")}
    if change.kind == "merge":
        return gettext("Merged into %(name)s") % said if other == change.successor else gettext("Took in %(name)s") % said
    if change.kind == "split":
        return gettext("%(name)s was split off") % said if other == change.successor else gettext("Split off from %(name)s") % said
    if change.kind == "outline":
        return gettext("Got a new outline")
    if change.kind == "move":
        said = {"old": change.before.get("parent", ""), "new": change.after.get("parent", "")}
        return gettext("Moved from %(old)s to %(new)s") % said
    return gettext("Renamed from %(old)s to %(new)s") % said


def _state(member: ZoneMember) -> tuple[str, str]:
    """Words and tone of a membership as of today."""
    today = timezone.localdate()
    if member.since > today:
        return gettext("planned"), "info"
    if member.until is not None and member.until <= today:
        return gettext("over"), "neutral"
    return gettext("in force"), "success"


@require_POST
@desk("admin.units")
def change_zone(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Another zone manages the town from a day on."""
    region = queries.get_region(pk)
    form = ZoneForm(request.POST, town=region, auto_id="zone-%s")
    if form.is_valid():
        values = form.cleaned_data
        zone = UUID(values["zone"]) if values["zone"] else None
        try:
            actions.change_zone(request.actor, town_id=pk, zone_id=zone, on=values["on"], document=values["document"])
        except LinliError as error:
            form.refuse(error)
        else:
            messages.success(request, gettext("The change is entered; staff of both sides see it from that day on."))
            return HttpResponseRedirect(reverse("regions_desk_region", args=[pk]), status=303)
    return _show(request, region, form)


@require_POST
@desk("admin.units")
def take_back(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A planned change does not happen."""
    actions.take_back_zone_change(request.actor, town_id=pk)
    messages.success(request, gettext("The planned change is taken back."))
    return HttpResponseRedirect(reverse("regions_desk_region", args=[pk]), status=303)
