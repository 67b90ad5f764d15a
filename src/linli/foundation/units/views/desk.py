"""Units and their posts, for the system administrator. They come from packs; what is shown here is what is in force."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.foundation.gate import desk
from linli.foundation.regions.queries import names_above
from linli.foundation.units.queries import directory, posts_of, units_of
from linli.ui.types import DeskRequest

ROWS = 50


@require_GET
@desk("admin.units")
def unit_list(request: DeskRequest) -> HttpResponse:
    """All units from the city down, narrowed by name, code or level."""
    text, level = request.GET.get("q", "").strip().casefold(), request.GET.get("level", "")
    rows = [u for u in directory(level=level) if not text or text in u.name.casefold() or text in u.code.casefold()]
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "units/desk/units.html",
        {"page": page, "q": request.GET.get("q", ""), "level": level, "levels": ("city", "county", "street", "community")},
    )


@require_GET
@desk("admin.units")
def unit_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One unit with its posts and the roles they carry."""
    found = units_of((pk,))
    if not found:
        raise Http404
    unit = found[0]
    return render(request, "units/desk/unit.html", {"unit": unit, "posts": posts_of(pk), "place": " ".join(names_above(unit.region_path))})
