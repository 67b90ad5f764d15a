"""Phones of staff, for those who look after accounts."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.gate import desk
from linli.foundation.sync import actions, queries
from linli.lib.errors import Conflict
from linli.ui.engine.refusal import words_of
from linli.ui.types import DeskRequest

ROWS = 50


@never_cache
@require_GET
@desk("admin.accounts")
def phone_list(request: DeskRequest) -> HttpResponse:
    """Who takes which phone along, and when it was last heard of."""
    text = request.GET.get("q", "").strip()[:60]
    page = Paginator(queries.phones(request.actor, text), ROWS).get_page(request.GET.get("page"))
    return render(request, "sync/desk/phones.html", {"page": page, "q": text})


@never_cache
@require_POST
@desk("admin.accounts")
def revoke(request: DeskRequest, pk: UUID) -> HttpResponse:
    try:
        actions.revoke(request.actor, device_id=pk)
    except Conflict as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, gettext("Revoked. At its next contact everything on it is deleted."))
    return HttpResponseRedirect(reverse("sync_desk_phones"), status=303)
