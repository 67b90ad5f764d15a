"""People at the desk: a search that lists nobody before something is asked; differences somebody has checked; what waits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.gate import desk
from linli.foundation.regions.queries import in_ranges
from linli.lib.errors import LinliError
from linli.lib.masking import mask_address, mask_id_number
from linli.registry.people import actions, queries
from linli.registry.people.engine.panels import FINDERS, PanelRow
from linli.registry.people.engine.showing import REMINDERS
from linli.registry.people.models import Person
from linli.ui.types import DeskRequest, Text


class SearchForm(forms.Form):
    who = forms.CharField(
        label=gettext_lazy("Name, ID number, telephone or address"),
        max_length=60,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    region = forms.ChoiceField(label=gettext_lazy("Place"), required=False)

    def __init__(self, data: Any = None, *, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["region"].choices = [("", gettext("My whole area")), *regions]  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.view")
def search(request: DeskRequest) -> HttpResponse:
    """Find people, homes and households; the question comes by POST, so that no number stands in an address or a log."""
    regions = [(r.path, r.name) for r in in_ranges(request.actor.ranges, "street", "community")[:600]]
    form = SearchForm(request.POST or None, regions=regions, auto_id="who-%s")
    found: list[Person] | None = None
    others: list[tuple[Text, list[PanelRow]]] = []
    if request.method == "POST" and form.is_valid():
        text, path = form.cleaned_data["who"], form.cleaned_data["region"]
        found = queries.find_people(request.actor, text, path=path or None)
        others = [(one.heading, hits) for one in FINDERS.values() if (hits := one.find(request.actor, text, path))]
    rows = [
        (p, mask_id_number(p.id_number) if p.id_number else "", mask_address(p.live_address) if p.live_address else "") for p in found or []
    ]
    context = {"form": form, "rows": rows, "others": others, "asked": found is not None, "may_edit": request.actor.may("people.edit")}
    return render(request, "people/desk/search.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
@desk("people.edit")
def decide(request: DeskRequest, pk: UUID, claim: UUID) -> HttpResponse:
    """Somebody of the community has checked a difference."""
    person = queries.get_person(request.actor, pk)
    accept = request.POST.get("accept") == "1"
    try:
        actions.decide_claim(request.actor, claim_id=claim, accept=accept)
    except LinliError as error:
        messages.error(request, error.text(gettext))
    else:
        messages.success(request, gettext("Taken over.") if accept else gettext("Left as it was."))
    return HttpResponseRedirect(reverse("people_desk_person", args=[person.pk]), status=303)


@never_cache
@require_GET
@desk("people.edit")
def waiting(request: DeskRequest) -> HttpResponse:
    """Deaths that a second office has not confirmed, and what is to be done about people, the most urgent first."""
    reminders = [(row, REMINDERS.get(row.kind, row.kind)) for row in queries.due_reminders(request.actor)]
    return render(request, "people/desk/waiting.html", {"deaths": queries.waiting_deaths(request.actor), "reminders": reminders})
