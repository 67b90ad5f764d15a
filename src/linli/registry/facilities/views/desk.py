"""Facilities at the desk: a list with filters, one page each, how far the confirming of ownership is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.gate import desk
from linli.foundation.regions.queries import area_choices, names_above, place_choices
from linli.registry.facilities import actions, queries
from linli.registry.facilities.engine.kinds import kinds, target, words_of
from linli.registry.facilities.engine.showing import DUTY_WORDS, STATUS_WORDS
from linli.registry.facilities.forms import ConfirmForm, DetailsForm, DutyForm, EnterForm, FilterForm, StatusForm
from linli.registry.facilities.models import Facility
from linli.registry.facilities.types import NEXT, REMOVED
from linli.ui.engine.refusal import RefusableForm, attempt
from linli.ui.types import DeskRequest

ROWS = 50
VIEW, EDIT = "facilities.view", "facilities.edit"


@never_cache
@require_GET
@desk(VIEW)
def facility_list(request: DeskRequest) -> HttpResponse:
    """Facilities of the actor's area, narrowed by community, class or kind, status and beginning of the code."""
    filters = FilterForm(request.GET or None, regions=area_choices(request.actor.ranges), auto_id="filter-%s")
    said: dict[str, str] = filters.cleaned_data if request.GET and filters.is_valid() else {}
    found = queries.facilities_in(
        request.actor, path=said.get("region", ""), kind=said.get("kind", ""), status=said.get("status", ""), code=said.get("code", "")
    )
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = [(row, words_of(row.kind), *STATUS_WORDS[row.status]) for row in page]
    context = {"filters": filters, "page": page, "rows": rows, "may_edit": request.actor.may(EDIT)}
    return render(request, "facilities/desk/facilities.html", context)


@never_cache
@require_GET
@desk(VIEW)
def ownership(request: DeskRequest) -> HttpResponse:
    """In each community how many facilities have their three units confirmed."""
    rows, total = queries.shares(request.actor)
    return render(request, "facilities/desk/ownership.html", {"rows": rows, "total": total, "target": target()})


@never_cache
@require_GET
@desk(VIEW)
def facility_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One facility with its status, its history and who is responsible."""
    return _show(request, queries.get_facility(request.actor, pk))


@never_cache
@require_http_methods(["GET", "POST"])
@desk(EDIT)
def enter(request: DeskRequest) -> HttpResponse:
    """A further facility."""
    regions = place_choices(request.actor.ranges)
    form = EnterForm(request.POST or None, regions=regions, auto_id="enter-%s")
    status, made = 200, list[Facility]()
    if request.method == "POST":

        def run(said: dict[str, Any]) -> None:
            made.append(
                actions.enter_facility(
                    request.actor,
                    region_id=UUID(said["region"]),
                    kind=said["kind"],
                    details=form.details(),
                    status=said["status"],
                    since=said["since"],
                )
            )

        status = attempt(form, run)
        if not status:
            messages.success(request, gettext("The facility is entered. Say next who is responsible."))
            return HttpResponseRedirect(reverse("facilities_desk_facility", args=[made[0].pk]), status=303)
    return render(request, "facilities/desk/enter.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@desk(EDIT)
def correct(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Name, position, hours, telephone."""
    facility = queries.get_facility(request.actor, pk)
    form = DetailsForm(request.POST or None, initial=DetailsForm.first(facility), auto_id="correct-%s")
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda said: actions.correct_facility(request.actor, facility_id=pk, details=form.details()))
        if not status:
            messages.success(request, gettext("Corrected."))
            return HttpResponseRedirect(reverse("facilities_desk_facility", args=[pk]), status=303)
    return render(request, "facilities/desk/correct.html", {"facility": facility, "form": form}, status=status)


def _do(
    request: DeskRequest, pk: UUID, make: Callable[[Facility], RefusableForm], run: Callable[[dict[str, Any]], object], said: str
) -> HttpResponse:
    facility = queries.get_facility(request.actor, pk)
    form = make(facility)
    status = attempt(form, run)
    if status:
        return _show(request, facility, form, status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("facilities_desk_facility", args=[pk]), status=303)


@never_cache
@require_POST
@desk(EDIT)
def change_status(request: DeskRequest, pk: UUID) -> HttpResponse:
    return _do(
        request,
        pk,
        lambda facility: StatusForm(request.POST, present=facility.status, auto_id="status-%s"),
        lambda said: actions.change_status(request.actor, facility_id=pk, **said),
        gettext("The status is changed."),
    )


@never_cache
@require_POST
@desk(EDIT)
def assign(request: DeskRequest, pk: UUID) -> HttpResponse:
    return _do(
        request,
        pk,
        lambda _: DutyForm(request.POST, auto_id="duty-%s"),
        lambda said: actions.assign_duty(request.actor, facility_id=pk, **said),
        gettext("Noted. Confirm the ownership when all three agree."),
    )


@never_cache
@require_POST
@desk(EDIT)
def confirm(request: DeskRequest, pk: UUID) -> HttpResponse:
    return _do(
        request,
        pk,
        lambda _: ConfirmForm(request.POST, auto_id="confirm-%s"),
        lambda said: actions.confirm_ownership(request.actor, facility_id=pk, **said),
        gettext("The ownership is confirmed."),
    )


def _show(request: DeskRequest, facility: Facility, sent: RefusableForm | None = None, status: int = 200) -> HttpResponse:
    """``sent``: the form that was refused; it is shown with what was typed, and unfolded."""
    actor = request.actor
    words, tone = STATUS_WORDS[facility.status]
    duties = queries.duties_of(actor, facility)
    open_duties = [str(label) for duty, label in DUTY_WORDS.items() if not any(row.duty == duty and row.until is None for row in duties)]
    context: dict[str, Any] = {
        "facility": facility,
        "place": " ".join(names_above(facility.region_path)[1:]),
        "kind": words_of(facility.kind),
        "status": words,
        "tone": tone,
        "rows": _values(facility),
        "duties": [
            (DUTY_WORDS[row.duty], row, actor.may("bodies.view") and row.body is not None and actor.sees(row.body.region_path))
            for row in duties
        ],
        "open_duties": open_duties,
        "statuses": [(row, *STATUS_WORDS[row.status]) for row in queries.statuses_of(actor, facility)],
        "may_edit": actor.may(EDIT) and facility.status != REMOVED,
        "forms": _forms(facility, sent, confirm=not open_duties and facility.confirmed_on is None),
        "sent": sent,
    }
    return render(request, "facilities/desk/facility.html", context, status=status)


def _forms(facility: Facility, sent: RefusableForm | None, *, confirm: bool) -> list[tuple[str, str, RefusableForm, str]]:
    """Address, words of the fold, form, words of the button."""
    found: list[tuple[str, str, RefusableForm, str]] = [
        ("facilities_desk_assign", gettext("Say who is responsible"), DutyForm(auto_id="duty-%s"), gettext("Save"))
    ]
    if confirm or isinstance(sent, ConfirmForm):
        found.append(("facilities_desk_confirm", gettext("Confirm the ownership"), ConfirmForm(auto_id="confirm-%s"), gettext("Confirm")))
    if NEXT[facility.status]:
        found.append(
            (
                "facilities_desk_status",
                gettext("Change the status"),
                StatusForm(present=facility.status, auto_id="status-%s"),
                gettext("Change"),
            )
        )
    return [(url, words, sent if sent is not None and type(sent) is type(form) else form, button) for url, words, form, button in found]


def _values(facility: Facility) -> list[tuple[str, Any]]:
    kind = kinds().get(facility.kind)
    where = f"{facility.longitude:.6f}, {facility.latitude:.6f}" if facility.longitude is not None and facility.latitude is not None else ""
    return [
        (gettext("Code"), facility.code),
        (gettext("Kind of facility"), f"{kind.group} · {kind.label}" if kind else facility.kind),
        (gettext("Address"), facility.address),
        (gettext("Building it is in"), facility.premises.address if facility.premises else ""),
        (gettext("Position (longitude, latitude)"), where),
        (gettext("Opening hours"), facility.opening_hours),
        (gettext("How many it holds"), facility.capacity),
        (gettext("Telephone"), facility.phone),
        (gettext("Ownership confirmed on"), facility.confirmed_on.isoformat() if facility.confirmed_on else ""),
    ]
