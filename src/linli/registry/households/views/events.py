"""Life events at the desk: one form each, reached from the file of a person, a household or a home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.foundation.gate import desk
from linli.foundation.types import Actor
from linli.lib.errors import Invalid
from linli.registry.households import actions, forms, queries
from linli.registry.people.queries import find_person, get_person
from linli.ui.engine.refusal import RefusableForm, attempt
from linli.ui.types import DeskRequest, Text

Run = Callable[[Actor, UUID, dict[str, Any]], object]


def _head(told: dict[str, Any]) -> UUID | None:
    return UUID(told["new_head_id"]) if told.get("new_head_id") else None


def _move(actor: Actor, pk: UUID, told: dict[str, Any]) -> object:
    home = actions.home_named(actor, told["home"], field="home")
    return actions.move_person(actor, person_id=pk, premises_id=home.pk, on=told["on"], new_head_id=_head(told))


def _move_out(actor: Actor, pk: UUID, told: dict[str, Any]) -> object:
    return actions.move_out(actor, person_id=pk, on=told["on"], to=told["to"], new_head_id=_head(told))


def _found(actor: Actor, pk: UUID, told: dict[str, Any]) -> object:
    person = get_person(actor, pk)
    return actions.create_household(actor, head_id=pk, premises_id=person.premises_id, since=told["on"])


EVENTS: dict[str, tuple[Text, Text, type[RefusableForm], Run]] = {
    "move": (gettext_lazy("Move within the city"), gettext_lazy("Enter the move"), forms.MoveForm, _move),
    "move-out": (gettext_lazy("Move out of the city"), gettext_lazy("Enter the move"), forms.MoveOutForm, _move_out),
    "birth": (
        gettext_lazy("Enter a birth"),
        gettext_lazy("Enter the child"),
        forms.BirthForm,
        lambda actor, pk, told: actions.register_birth(actor, mother_id=pk, **told),
    ),
    "marriage": (
        gettext_lazy("Enter a marriage"),
        gettext_lazy("Enter the marriage"),
        forms.MarriageForm,
        lambda actor, pk, told: actions.marry(actor, person_id=pk, **told),
    ),
    "divorce": (
        gettext_lazy("Enter a divorce"),
        gettext_lazy("Enter the divorce"),
        forms.DivorceForm,
        lambda actor, pk, told: actions.divorce(actor, person_id=pk, **told),
    ),
    "household": (gettext_lazy("Found a household"), gettext_lazy("Found the household"), forms.FoundForm, _found),
}
"""Slug -> heading, word on the button, form, action."""


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.edit")
def life(request: DeskRequest, pk: UUID, event: str) -> HttpResponse:
    """Something happened to a person."""
    person = get_person(request.actor, pk)
    if event not in EVENTS:
        raise Http404
    title, button, kind, run = EVENTS[event]
    extra: dict[str, Any] = {}
    if issubclass(kind, forms.Members):
        extra["members"] = [m for m in queries.members_of(request.actor, person_id=pk) if m.person_id != pk]
    form, status, page = kind(request.POST or None, **extra), 200, reverse("people_desk_person", args=[pk])
    if request.method == "POST":
        status = attempt(form, lambda told: run(request.actor, pk, told))
        if not status:
            messages.success(request, gettext("Entered; it stands on the timeline."))
            still_here = find_person(request.actor, pk) is not None
            return HttpResponseRedirect(page + "?tab=timeline" if still_here else reverse("people_desk_search"), status=303)
    return _page(request, form, title, button, about=person.name, back=page, status=status)


def _page(request: DeskRequest, form: RefusableForm, title: Text, button: Text, *, about: str, back: str, status: int) -> HttpResponse:
    crumbs = [(gettext("People"), reverse("people_desk_search")), (about, back)]
    context = {"form": form, "title": title, "button": button, "about": about, "back": back, "crumbs": crumbs}
    return render(request, "ui/desk/form_page.html", context, status=status or 200)


def _split(actor: Actor, pk: UUID, told: dict[str, Any]) -> object:
    leaving = [UUID(key) for key in told["member_ids"]]
    return actions.split_household(
        actor, household_id=pk, member_ids=leaving, head_id=UUID(told["head_id"]), on=told["on"], new_head_id=_head(told)
    )


def _join(actor: Actor, pk: UUID, told: dict[str, Any]) -> object:
    into = queries.by_number(actor, told["into"].strip().upper())
    if into is None:
        raise Invalid("HOUSEHOLD_UNKNOWN", "There is no such household in your area.", field="into")
    relations = {UUID(name.removeprefix("relation_")): code for name, code in told.items() if name.startswith("relation_")}
    return actions.join_households(actor, household_id=pk, into_id=into.pk, relations=relations, on=told["on"])


def _name_head(actor: Actor, pk: UUID, told: dict[str, Any]) -> object:
    return actions.name_head(actor, household_id=pk, person_id=UUID(told["person_id"]))


def _move_all(actor: Actor, pk: UUID, told: dict[str, Any]) -> object:
    home = actions.home_named(actor, told["home"], field="home")
    return actions.move_household(actor, household_id=pk, premises_id=home.pk, on=told["on"])


CHANGES: dict[str, tuple[Text, Text, type[RefusableForm], Run]] = {
    "split": (gettext_lazy("Split the household"), gettext_lazy("Split the household"), forms.SplitForm, _split),
    "join": (gettext_lazy("Join with another"), gettext_lazy("Join the households"), forms.JoinForm, _join),
    "head": (gettext_lazy("Name the head"), gettext_lazy("Name the head"), forms.HeadForm, _name_head),
    "move": (gettext_lazy("Move the household"), gettext_lazy("Enter the move"), forms.MoveHouseholdForm, _move_all),
}


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.edit")
def change(request: DeskRequest, pk: UUID, event: str) -> HttpResponse:
    """Something happened to a household."""
    household = queries.get_household(request.actor, pk)
    if event not in CHANGES:
        raise Http404
    title, button, kind, run = CHANGES[event]
    extra: dict[str, Any] = {}
    if issubclass(kind, (forms.Members, forms.JoinForm)):
        extra["members"] = queries.members_of(request.actor, household_id=pk)
    form, status, page = kind(request.POST or None, **extra), 200, reverse("households_desk_household", args=[pk])
    if request.method == "POST":
        status = attempt(form, lambda told: run(request.actor, pk, told))
        if not status:
            messages.success(request, gettext("Entered; it stands on the timeline."))
            return HttpResponseRedirect(page, status=303)
    return _page(request, form, title, button, about=household.number, back=page, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("people.edit")
def move_in(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Somebody comes to live in a home; whom the city knows already is taken in from where she lived."""
    home = queries.get_home(request.actor, pk)
    form, status, page = forms.MoveInForm(request.POST or None), 200, reverse("households_desk_home", args=[pk])
    if request.method == "POST":
        status = attempt(form, lambda told: actions.move_in(request.actor, premises_id=pk, **told))
        if not status:
            messages.success(request, gettext("Entered; it stands on the timeline."))
            return HttpResponseRedirect(page, status=303)
    return _page(request, form, gettext("Somebody moves in"), gettext("Enter the move"), about=home.address, back=page, status=status)
