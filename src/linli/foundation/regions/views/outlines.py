"""The outline of a grid: drawn, pasted or brought as a file; then what will happen; only then the order."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.foundation.gate import desk
from linli.foundation.regions import actions, policy, queries
from linli.foundation.regions.engine import read_outline
from linli.foundation.regions.engine.outlines import shape_of
from linli.foundation.regions.forms import OutlineForm
from linli.foundation.regions.models import Region
from linli.foundation.regions.types import Asked
from linli.ui.engine.refusal import attempt
from linli.ui.types import DeskRequest


@never_cache
@require_http_methods(["GET", "POST"])
@desk("admin.units")
def outline(request: DeskRequest, pk: UUID) -> HttpResponse:
    """GET: the map with a form. POST: what will happen; POST with ``confirmed``: the order. ``back`` leads to the form again."""
    grid = queries.get_region(pk)
    if request.method != "POST":
        policy.check_redraw(grid, timezone.localdate())
        policy.check_free(queries.orders_about(request.actor, [grid]))
        text = json.dumps(grid.outline) if grid.outline else ""
        return _ask(request, grid, OutlineForm(initial={"outline": text}, auto_id="outline-%s"))
    if "back" in request.POST:
        typed = {name: request.POST[name] for name in ("outline", "on", "document") if name in request.POST}
        return _ask(request, grid, OutlineForm(initial={**typed, "yielding": "yielding" in request.POST}, auto_id="outline-%s"))
    form, made = OutlineForm(request.POST, request.FILES, auto_id="outline-%s"), dict[str, Any]()

    def step(said: dict[str, Any]) -> None:
        made.update(_planned(request, grid, said))

    status = attempt(form, step)
    if status:
        return _ask(request, grid, form, status)
    if "order" in made:
        return HttpResponseRedirect(reverse("regions_desk_order", args=[made["order"]]), status=303)
    return render(request, "regions/desk/outline_check.html", {"region": grid, "form": form, **made})


def _planned(request: DeskRequest, grid: Region, said: dict[str, Any]) -> dict[str, Any]:
    """The order that was confirmed, or what will happen when it is."""
    drawn = read_outline(said["outline"])
    policy.check_redraw(grid, said["on"])
    outlines, found = queries.plan_outline(grid, drawn, yielding=said["yielding"])
    assert grid.parent_id is not None  # noqa: S101 - a grid lies in a community
    neighbours = [UUID(key) for key in outlines if key != str(grid.id)]
    asked = Asked((grid.id, *neighbours), grid.parent_id, said["on"], said["document"], outlines)
    key = request.POST.get("confirmed", "")[:64]
    if key:
        return {"order": actions.order_change(request.actor, kind="outline", asked=asked, key=key).id}
    community = queries.get_region(grid.parent_id)
    policy.check_free(queries.orders_about(request.actor, [grid, community]))
    return {
        "sentences": _sentences(neighbours, found.gap_share),
        "moved": [(gettext(label), number) for label, number in queries.placed_by(community, outlines)],
        "on": said["on"],
        "document": said["document"],
        "key": uuid4().hex,
        "typed": [("outline", json.dumps(drawn)), ("on", said["on"].isoformat()), ("document", said["document"])]
        + ([("yielding", "on")] if said["yielding"] else []),
    }


def _sentences(neighbours: list[UUID], gap: float) -> list[str]:
    told = []
    if neighbours:
        names = gettext(", ").join(queries.get_region(pk).name for pk in neighbours)
        told.append(gettext("%(names)s give way: what the outline takes is cut off theirs.") % {"names": names})
    if gap:
        told.append(
            gettext("%(share)s%% of the community would lie in no grid. Draw the neighbours up to the border next.")
            % {"share": f"{gap * 100:.1f}"}
        )
    return told


def _ask(request: DeskRequest, grid: Region, form: OutlineForm, status: int = 200) -> HttpResponse:
    context = {"region": grid, "form": form, "around": _around(grid), "box": _box(grid), "around_id": "outline-around"}
    return render(request, "regions/desk/outline.html", context, status=status)


def _around(grid: Region) -> list[dict[str, Any]]:
    """The community and the other grids as GeoJSON, to draw along."""
    found = [("community", grid.parent)] if grid.parent else []
    found += [("grid", one) for one in queries.drawn_grids(grid.parent_id) if one.id != grid.id] if grid.parent_id else []
    return [
        {"type": "Feature", "properties": {"name": one.name if kind == "grid" else "", "kind": kind}, "geometry": one.outline}
        for kind, one in found
        if one.outline
    ]


def _box(grid: Region) -> str:
    """West, south, east, north of what the map shows first: the grid, else its community, else where its centre is."""
    for one in (grid, grid.parent):
        if one is not None and one.outline:
            return ",".join(f"{n:.5f}" for n in shape_of(one.outline).bounds)
    return "73,18,135,54"
