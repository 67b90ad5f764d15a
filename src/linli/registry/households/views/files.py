"""The file of a household and the file of a home."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.foundation.gate import desk
from linli.foundation.regions.queries import names_above
from linli.registry.households import queries
from linli.registry.people.engine.dossier import OVERVIEW, dossier
from linli.registry.people.engine.panels import (
    HOME_PANELS,
    HOME_TABS,
    HOME_TIMELINES,
    HOUSEHOLD_PANELS,
    HOUSEHOLD_TABS,
    HOUSEHOLD_TIMELINES,
    PanelRow,
)
from linli.registry.premises.models import Premises
from linli.registry.premises.queries import buildings, neighbours
from linli.ui.types import DeskRequest

KINDS = {
    "family": gettext_lazy("Family household"),
    "single": gettext_lazy("One person"),
    "collective": gettext_lazy("Collective household"),
}
STATES = {"active": gettext_lazy("In use"), "planned": gettext_lazy("Planned"), "demolished": gettext_lazy("Demolished")}


@never_cache
@require_GET
@desk("people.view")
def household_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One household, one file: members now and before, home, what upper floors know, timeline."""
    household = queries.get_household(request.actor, pk)
    page = dossier(
        request.actor,
        pk,
        address=reverse("households_desk_household", args=[pk]),
        tab=request.GET.get("tab", ""),
        page=request.GET.get("page", ""),
        panels=HOUSEHOLD_PANELS,
        tabs=HOUSEHOLD_TABS,
        timelines=HOUSEHOLD_TIMELINES,
    )
    context = {**page, "household": household, "place": " ".join(names_above(household.region_path)[1:])}
    if page["tab"] == OVERVIEW:
        home = household.premises
        context["rows"] = [
            (gettext("Number"), household.number, ""),
            (gettext("Kind"), KINDS.get(household.kind, household.kind), ""),
            (
                gettext("Where the household lives"),
                home.address if home else "",
                reverse("households_desk_home", args=[home.pk]) if home else "",
            ),
            (gettext("Dissolved on"), household.until.isoformat() if household.until else "", ""),
        ]
        context["parts"] = queries.household_panels(request.actor, pk)
    if household.until is None and request.actor.may("people.edit"):
        context["links"] = [
            PanelRow(gettext("Split the household"), url=reverse("households_desk_change", args=[pk, "split"])),
            PanelRow(gettext("Join with another"), url=reverse("households_desk_change", args=[pk, "join"])),
            PanelRow(gettext("Name the head"), url=reverse("households_desk_change", args=[pk, "head"])),
            PanelRow(gettext("Move the household"), url=reverse("households_desk_change", args=[pk, "move"])),
        ]
    return render(request, "households/desk/household.html", context)


@never_cache
@require_GET
@desk("people.view")
def home_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One home, one file: address, who is tied to it, its building with all rooms, timeline."""
    home = queries.get_home(request.actor, pk)
    page = dossier(
        request.actor,
        pk,
        address=reverse("households_desk_home", args=[pk]),
        tab=request.GET.get("tab", ""),
        page=request.GET.get("page", ""),
        panels=HOME_PANELS,
        tabs=HOME_TABS,
        timelines=HOME_TIMELINES,
    )
    context = {**page, "home": home, "place": " ".join(names_above(home.region_path)[1:])}
    if page["tab"] == OVERVIEW:
        context |= {
            "rows": _home_rows(home),
            "parts": queries.home_panels(request.actor, pk),
            "buildings": [(number, key, number == home.building) for number, key in buildings(request.actor, home)],
            "units": _units(home, neighbours(request.actor, home)),
        }
    if request.actor.may("people.edit"):
        context["links"] = [PanelRow(gettext("Somebody moves in"), url=reverse("households_desk_move_in", args=[pk]))]
    return render(request, "households/desk/home.html", context)


def _home_rows(home: Premises) -> list[tuple[str, object, str]]:
    parts = (
        (gettext("Address"), home.address),
        (gettext("Address code"), home.addr_code),
        (gettext("Road and door"), f"{home.road}{home.door_no}"),
        (gettext("Estate"), home.estate),
        (gettext("Building"), home.building),
        (gettext("Unit of the building"), home.unit),
        (gettext("Room"), home.room),
        (gettext("State"), STATES.get(home.status, home.status)),
    )
    return [(label, value, "") for label, value in parts]


Room = tuple[str, UUID, bool]


def _units(home: Premises, around: list[Premises]) -> list[tuple[str, list[list[Room]]]]:
    """Units of the building with their rooms by floor, the top floor first; a village has one unit and one row."""
    units: dict[str, dict[int, list[Room]]] = defaultdict(lambda: defaultdict(list))
    for one in around:
        floor = int(one.room[:-2]) if one.room.isdigit() and len(one.room) > 2 else 0
        units[one.unit][floor].append((one.room or one.door_no or one.address, one.pk, one.pk == home.pk))
    return [
        (unit, [floors[n] for n in sorted(floors, reverse=True)]) for unit, floors in sorted(units.items(), key=lambda u: (len(u[0]), u[0]))
    ]
