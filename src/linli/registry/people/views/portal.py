"""Who looked at a resident's data and who was given it, for her to read."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.foundation.gate import citizen
from linli.foundation.privacy.queries.requests import about_whom, one_named
from linli.registry.people import queries
from linli.registry.people.engine.showing import LABELS, LOOKS
from linli.registry.people.types import Look
from linli.ui.types import PortalRequest

ROWS, MOST = 20, 500


@never_cache
@require_GET
@citizen(assurance=1)
def looks(request: PortalRequest) -> HttpResponse:
    """Day by day, the newest first: which office, what for, what of it. Offices and posts, no names. Of oneself, or of whom one is guardian of (``for``)."""
    mine = about_whom(request.actor)
    if not mine:  # the register does not know her: the page before says what to do
        return HttpResponseRedirect(reverse("privacy_my_data"))
    person = one_named(request.actor, request.GET.get("for", ""))
    page = Paginator(queries.looks_at(request.actor, person.person_id, limit=MOST), ROWS).get_page(request.GET.get("page"))
    days = [(day, [_told(look) for look in some]) for day, some in groupby(page.object_list, key=lambda look: timezone.localdate(look.at))]
    context = {
        "page": page,
        "days": days,
        "most": MOST if page.paginator.count >= MOST else 0,
        "person": person if person.person_id != request.actor.party_id else None,
        "others": [one for one in mine if one.person_id != person.person_id],
        "own": request.actor.party_id,
    }
    return render(request, "people/portal/looks.html", context)


def _told(look: Look) -> dict[str, Any]:
    parts = [str(LABELS[name]) for name in look.parts if name in LABELS]
    return {
        "office": look.office or gettext("an office of the city"),
        "what": LOOKS.get(look.what, look.what),
        "purpose": look.purpose,
        "parts": gettext(", ").join(parts) if len(parts) > 1 or look.what in ("privacy.export_fetched", "exchange.records_given") else "",
    }
