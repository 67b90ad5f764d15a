"""Relations of a person at the desk: stated, looked at, ended."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.foundation.gate import desk
from linli.lib.errors import NotFound
from linli.registry.households import actions
from linli.registry.households.forms import EndRelationForm, RelationForm
from linli.registry.households.queries import relations_of
from linli.registry.people.models import Person
from linli.registry.people.queries import get_person
from linli.ui.engine.refusal import RefusableForm, attempt
from linli.ui.types import DeskRequest


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.edit")
def state(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Say who somebody's parent, spouse, guardian ... is."""
    person, form, status = get_person(request.actor, pk), RelationForm(request.POST or None), 0
    if request.method == "POST":
        status = attempt(form, lambda told: actions.state_relation(request.actor, person_id=pk, **told))
        if not status:
            messages.success(request, gettext("The relation is stated; both files show it."))
            return _back(pk)
    return _page(request, person, form, gettext("State a relation"), gettext("State the relation"), status)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.view")
def relation(request: DeskRequest, pk: UUID, relation: UUID) -> HttpResponse:
    """One relation from the side of a person: who, by whom, since when; who may edit ends it."""
    person = get_person(request.actor, pk)
    kin = next((one for one in relations_of(request.actor, person.pk) if one.row.pk == relation), None)
    if kin is None:
        raise NotFound("RELATION_UNKNOWN", "There is no such relation.")
    form, status = EndRelationForm(request.POST or None, initial={"on": timezone.localdate()}), 0
    if request.method == "POST":
        status = attempt(form, lambda told: actions.end_relation(request.actor, relation_id=relation, person_id=pk, **told))
        if not status:
            messages.success(request, gettext("The relation has ended; it stays in both files with its days."))
            return _back(pk)
    may_end = request.actor.may("people.edit") and kin.row.until is None
    context = {"person": person, "kin": kin, "form": form, "may_end": may_end, "file": reverse("people_desk_person", args=[pk])}
    return render(request, "households/desk/relation.html", context, status=status or 200)


def _back(pk: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("people_desk_person", args=[pk]) + "?tab=relations", status=303)


def _page(request: DeskRequest, person: Person, form: RefusableForm, title: str, button: str, status: int) -> HttpResponse:
    page = reverse("people_desk_person", args=[person.pk])
    crumbs = [(gettext("People"), reverse("people_desk_search")), (person.name, page)]
    context = {"form": form, "title": title, "button": button, "about": person.name, "back": page, "crumbs": crumbs}
    return render(request, "ui/desk/form_page.html", context, status=status or 200)
