"""Divisions and functional zones, for the system administrator: what lies where, who manages it, and from which day that changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.gate import desk
from linli.foundation.regions import actions, queries
from linli.foundation.regions.models import Region, ZoneMember
from linli.lib.errors import LinliError
from linli.ui.types import DeskRequest

ROWS = 50


class ZoneForm(forms.Form):
    """Who manages a town from a day on."""

    use_required_attribute = False
    zone = forms.ChoiceField(label=gettext_lazy("Managed by"), required=False)
    on = forms.DateField(
        label=gettext_lazy("From this day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("Today or later. Staff of the zone see the town from this day on; what was before stays as it was."),
        initial=timezone.localdate,
    )
    document = forms.CharField(
        label=gettext_lazy("Document that orders it"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, town: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        county = town.parent.name if town.parent else ""
        self.fields["zone"].choices = [  # type: ignore[attr-defined]
            ("", gettext("%(county)s alone, no zone") % {"county": county}),
            *((str(zone.id), zone.name) for zone in queries.zones()),
        ]

    def refuse(self, error: LinliError) -> None:
        """The message, and what to do next, beside the field it belongs to."""
        text = " ".join(part for part in (error.text(gettext), error.next_step(gettext)) if part)
        self.add_error(error.field if error.field in self.fields else None, text)


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
        "changes": queries.history(region),
        "members": [(m, *_state(m)) for m in queries.members(region)] if region.zone else [],
        "memberships": [(m, *_state(m)) for m in memberships],
        "planned": any(m.since > today or (m.until is not None and m.until > today) for m in memberships),
        "town": region.level == "street" and region.valid_to is None,
        "form": form,
    }
    return render(request, "regions/desk/region.html", context, status=422 if form.errors else 200)


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
