"""Layers of other offices at the administrators' desk: entered, changed, fetched, paused, removed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.gate import desk
from linli.foundation.maps import actions
from linli.foundation.maps.forms import LayerForm
from linli.foundation.maps.queries.outside import all_outside, failure_of, get_outside
from linli.foundation.types import Actor
from linli.ui.engine.refusal import attempt
from linli.ui.types import DeskRequest


@never_cache
@require_GET
@desk("admin.packs")
def layer_list(request: DeskRequest) -> HttpResponse:
    """All of them with how old their copies are."""
    rows = [(layer, *failure_of(layer)) for layer in all_outside()]
    return render(request, "maps/desk/outside.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.packs")
def new_layer(request: DeskRequest) -> HttpResponse:
    """The form of a new one."""
    form, status = LayerForm(request.POST or None), 0
    if request.method == "POST":
        status = attempt(form, lambda told: actions.add_layer(request.actor, **told))
        if not status:
            messages.success(request, gettext("The layer is entered. It is on the map as soon as its first copy is here."))
            return HttpResponseRedirect(reverse("maps_desk_outside"), status=303)
    return _form(request, form, gettext("Add a layer"), gettext("Add the layer"), status)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.packs")
def edit_layer(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One of them, to be changed."""
    layer, status = get_outside(pk), 0
    form = LayerForm(request.POST or None, initial=LayerForm.first(layer))
    if request.method == "POST":
        status = attempt(form, lambda told: actions.change_layer(request.actor, layer_id=pk, **told))
        if not status:
            messages.success(request, gettext("The layer is changed and fetched anew."))
            return HttpResponseRedirect(reverse("maps_desk_outside"), status=303)
    return _form(request, form, layer.name, gettext("Save"), status)


def _form(request: DeskRequest, form: LayerForm, title: str, button: str, status: int) -> HttpResponse:
    back = reverse("maps_desk_outside")
    context = {"form": form, "title": title, "button": button, "back": back, "crumbs": [(gettext("Layers of other offices"), back)]}
    return render(request, "ui/desk/form_page.html", context, status=status or 200)


def _fetch(actor: Actor, pk: UUID) -> str:
    actions.fetch_now(actor, layer_id=pk)
    return gettext("The layer is being fetched; look again in a minute.")


def _pause(actor: Actor, pk: UUID) -> str:
    actions.pause_layer(actor, layer_id=pk, paused=True)
    return gettext("The layer is not fetched any more; its last copy is shown.")


def _resume(actor: Actor, pk: UUID) -> str:
    actions.pause_layer(actor, layer_id=pk, paused=False)
    return gettext("The layer is fetched again.")


def _remove(actor: Actor, pk: UUID) -> str:
    actions.remove_layer(actor, layer_id=pk)
    return gettext("The layer and its copy are removed.")


STEPS: dict[str, Callable[[Actor, UUID], str]] = {"fetch": _fetch, "pause": _pause, "resume": _resume, "remove": _remove}


@require_POST
@desk("admin.packs")
def step(request: DeskRequest, pk: UUID, what: str) -> HttpResponse:
    """One press on a button of the list."""
    if what not in STEPS:
        raise Http404
    messages.success(request, STEPS[what](request.actor, pk))
    return HttpResponseRedirect(reverse("maps_desk_outside"), status=303)
