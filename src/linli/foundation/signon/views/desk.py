"""The administrator's list of systems that sign people in through us."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.gate import desk
from linli.foundation.signon import actions, queries
from linli.foundation.signon.actions import NewSystem
from linli.foundation.signon.forms import SCOPE_WORDS, SystemForm
from linli.lib.errors import LinliError
from linli.ui.types import DeskRequest


@never_cache
@require_GET
@desk("admin.accounts")
def systems(request: DeskRequest) -> HttpResponse:
    return _list(request)


def _list(request: DeskRequest, new: NewSystem | None = None) -> HttpResponse:
    """All systems; a new secret stands above them this once."""
    rows = [(system, [SCOPE_WORDS[scope] for scope in system.scopes]) for system in queries.systems(request.actor)]
    return render(request, "signon/desk/systems.html", {"rows": rows, "new": new, "issuer": queries.issuer()})


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.accounts")
def new_system(request: DeskRequest) -> HttpResponse:
    """Let a system sign people in through us; its secret is shown once."""
    form = SystemForm(request.POST or None, auto_id="system-%s")
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = actions.create_system(request.actor, **{**values, "redirect_uris": values["redirect_uris"].splitlines()})
            return _list(request, made)
        except LinliError as error:
            form.refuse(error)
    return render(request, "signon/desk/new_system.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_POST
@desk("admin.accounts")
def renew_secret(request: DeskRequest, pk: UUID) -> HttpResponse:
    return _list(request, actions.renew_secret(request.actor, system_id=pk))


@require_POST
@desk("admin.accounts")
def disable(request: DeskRequest, pk: UUID) -> HttpResponse:
    actions.disable_system(request.actor, system_id=pk)
    messages.success(request, gettext("The system is disabled. Nobody signs in there through Linli any more."))
    return HttpResponseRedirect(reverse("signon_desk_systems"), status=303)
