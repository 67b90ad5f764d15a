"""How far the visits are, for those who look after an area; and what was noted and waits for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.files.queries import files_of
from linli.foundation.gate import desk
from linli.foundation.regions.queries import by_path
from linli.foundation.regions.types import PATH_STEP
from linli.registry.collection import queries
from linli.registry.collection.models import Cycle, Visit
from linli.registry.collection.types import HELD, REASONS, RESULTS, VERIFY
from linli.registry.collection.views.phone import decide_one
from linli.registry.people.queries import visible_people
from linli.ui.types import DeskRequest

ROWS = 50
STATES: dict[str, Any] = {"late": gettext_lazy("late"), "due": gettext_lazy("due"), "done": gettext_lazy("ended in the last 30 days")}
TONES = {"done": "success", "nobody": "warning", "refused": "danger", "due": "info"}


@never_cache
@require_GET
@desk("collection.oversee")
def progress(request: DeskRequest) -> HttpResponse:
    """Grids (from a street upwards: communities) with what is due, late and done."""
    wide = min(len(one.lo) for one in request.actor.ranges) < 4 * PATH_STEP
    rows = queries.progress(request.actor, level="community" if wide else "grid")
    sums = {name: sum(getattr(row, name) for row in rows) for name in ("due", "late", "done")}
    waits = len(queries.waiting(request.actor, all_of_them=True))
    return render(request, "collection/desk/progress.html", {"rows": rows, "sums": sums, "waits": waits, "wide": wide})


@never_cache
@require_GET
@desk("collection.oversee")
def visit_list(request: DeskRequest) -> HttpResponse:
    """The visits behind a number: of one grid or community, in one state."""
    path, state = request.GET.get("grid", "")[:40], request.GET.get("state", "")
    page = Paginator(queries.visits_in(request.actor, path=path, state=state), ROWS).get_page(request.GET.get("page"))
    names = dict(visible_people(request.actor).filter(pk__in={visit.person_id for visit in page}).values_list("pk", "name"))
    photos = {str(file.pk) for file in files_of(request.actor, ids=[UUID(key) for visit in page for key in visit.photos])}
    today = timezone.localdate()
    rows = [
        {
            "visit": visit,
            "name": names.get(visit.person_id, ""),
            "cycle": _cycle(visit),
            "word": _state(visit, today),
            "tone": "danger" if visit.state == "due" and visit.due_on < today else TONES.get(visit.state, "neutral"),
            "photos": [key for key in visit.photos if key in photos],
        }
        for visit in page
    ]
    region = by_path(path) if path else None
    context = {"page": page, "rows": rows, "grid": path, "state": state, "states": STATES.items(), "place": region.name if region else ""}
    return render(request, "collection/desk/visits.html", context)


def _cycle(visit: Visit) -> Any:
    if visit.cycle == VERIFY:
        return REASONS.get(visit.reason, "")
    cycle = Cycle.objects.filter(code=visit.cycle).first()
    return cycle.name if cycle else visit.cycle


def _state(visit: Visit, today: Any) -> Any:
    if visit.state == "due":
        return STATES["late"] if visit.due_on < today else STATES["due"]
    return RESULTS.get(visit.state, visit.state)


@never_cache
@require_GET
@desk("collection.oversee")
def held_list(request: DeskRequest) -> HttpResponse:
    """What workers noted and could not simply be written."""
    rows = [(one, HELD[one.row.kind]) for one in queries.waiting(request.actor, all_of_them=True)]
    return render(request, "collection/desk/held.html", {"rows": rows})


@never_cache
@require_POST
@desk("collection.oversee")
def decide(request: DeskRequest, pk: UUID) -> HttpResponse:
    decide_one(request, pk)
    return HttpResponseRedirect(reverse("collection_desk_held"), status=303)
