"""The front page of the residents' door."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from linli.cases.casefile.queries.portal import open_cases
from linli.cases.catalogue.queries import matters
from linli.foundation.gate import public
from linli.foundation.types import ActorKind
from linli.ui.types import PortalRequest

FREQUENT = 8
"""How many matters stand on the front page: the first of the catalogue's order."""


@require_safe
@public
def home(request: PortalRequest) -> HttpResponse:
    """Search, what is asked for most, and for who is signed in the open cases. The anonymous page names nobody and is kept in memory."""
    signed_in = request.actor.kind == ActorKind.CITIZEN
    context = {
        "frequent": matters()[:FREQUENT],
        "signed_in": signed_in,
        "cases": open_cases(request.actor) if signed_in else [],
        "unknown": signed_in and request.actor.party_id is None,
        "demo": settings.DEMO,
    }
    return render(request, "portal/home.html", context)


@require_safe
@public
def robots(request: PortalRequest) -> HttpResponse:
    """Search engines may read what is public, nothing that is opened with a number or an account."""
    closed = ("casefile_my_cases", "casefile_track", "accounts_account", "messages_inbox")
    lines = ["User-agent: *", *(f"Disallow: {reverse(name)}" for name in closed), "Disallow: /desk/", "Disallow: /api/"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@public
def security_contact(request: PortalRequest) -> HttpResponse:
    """Where to report a hole (RFC 9116); 404 while the city has named no contact (SECURITY_CONTACT)."""
    contact = getattr(settings, "SECURITY_CONTACT", "")
    if not contact:
        return HttpResponse(status=404)
    return HttpResponse(f"Contact: {contact}\nPreferred-Languages: zh, en\n", content_type="text/plain; charset=utf-8")
