"""Somebody new is entered after a look at whom the register has already."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.foundation.gate import desk
from linli.foundation.regions.queries import in_ranges
from linli.registry.matching import queries
from linli.registry.matching.engine.showing import WHY, bars
from linli.registry.matching.forms import NewForm
from linli.registry.people.actions import create_person
from linli.ui.engine.refusal import attempt
from linli.ui.types import DeskRequest


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.edit")
def enter(request: DeskRequest) -> HttpResponse:
    """First a look (who could it be?), then, with ``enter``, the entry. Nobody is entered without the look."""
    places = {region.code: region for region in in_ranges(request.actor.ranges, "community")}
    form = NewForm(request.POST or None, communities=[(code[:12], region.name) for code, region in places.items()], auto_id="new-%s")
    likely, status, asked = None, 200, request.method == "POST"
    if asked and form.is_valid():
        values = form.values()
        likely = queries.who_could_be(request.actor, values)
        if request.POST.get("enter") == "1" or (not likely and request.POST.get("enter") == "0"):
            made: list[str] = []
            status = attempt(form, lambda said: made.append(_create(request, values, str(places[said["community"]].pk))))
            if not status:
                messages.success(request, gettext("Entered."))
                return HttpResponseRedirect(made[0], status=303)
    elif asked:
        status = 422
    rows = [(n, one, WHY.get(one.side.why, WHY[""]), bars(one.side.parts)) for n, one in enumerate(likely or [], 1)]
    context = {"form": form, "rows": rows, "looked": likely is not None, "sent": form if form.errors else None}
    return render(request, "matching/desk/new.html", context, status=status or 200)


def _create(request: DeskRequest, values: dict[str, str], region: str) -> str:

    told = dict(values)
    name, number = told.pop("name"), told.pop("id_number", "")
    if number:
        told.pop("birth_date", None)
    person = create_person(request.actor, region_id=UUID(region), name=name, id_number=number, values=told)
    return reverse("people_desk_person", args=[person.pk])
