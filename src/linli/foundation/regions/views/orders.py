"""The page of an order for a change of regions: what was ordered, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.foundation.gate import desk
from linli.foundation.regions import queries
from linli.foundation.regions.models import RegionOrder
from linli.lib.errors import LinliError
from linli.ui.engine.refusal import words_of
from linli.ui.types import DeskRequest

TITLES: dict[str, Any] = {
    "move": gettext_lazy("Move the region"),
    "merge": gettext_lazy("Merge regions"),
    "outline": gettext_lazy("Change the outline"),
}
DONE: dict[str, Any] = {
    "move": gettext_lazy("The region lies there now."),
    "outline": gettext_lazy("The outline holds. Homes and those who live there are in the grid they lie in."),
    "merge": gettext_lazy("The regions are merged. Close the units that are no longer needed next."),
}


@never_cache
@require_GET
@desk("admin.units")
def order_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The whole page, or with ``part=state`` what became of it: nothing (204) as long as it waits, so that nobody is told the same twice."""
    order = queries.get_order(request.actor, pk)
    part = request.GET.get("part") == "state"
    if part and order.state == "waiting":
        return HttpResponse(status=204)
    asked = order.asks
    moved, target = [queries.get_region(one) for one in asked.region_ids], queries.get_region(asked.target_id)
    result = moved[0] if order.kind != "merge" or order.state != "done" else target
    context = {
        "order": order,
        "asked": asked,
        "title": TITLES[order.kind],
        "moved": moved,
        "target": target,
        "result": result,
        "told": _told(order),
        "tone": {"waiting": "info", "done": "success", "refused": "warning", "failed": "danger"}[order.state],
    }
    return render(request, "regions/desk/order.html#state" if part else "regions/desk/order.html", context)


def _told(order: RegionOrder) -> list[str]:
    """What became of it and what to do next, sentence by sentence."""
    if order.state == "waiting" and order.asks.on > timezone.localdate():
        return [gettext("The change waits for its day, %(day)s.") % {"day": order.asks.on}, gettext("A message tells you when it is done.")]
    if order.state == "waiting":
        return [
            gettext("The change is being carried out. In a large city that can take a few minutes."),
            gettext("You may leave this page: a message tells you when it is done."),
        ]
    if order.state == "done":
        return [str(DONE[order.kind])]
    if order.state == "refused":
        said = words_of(LinliError(**order.reason))
        return [gettext("It was not carried out, and nothing was changed:"), said, gettext("Order it anew if it is still wanted.")]
    return [
        gettext("A fault kept it from being carried out; nothing was changed."),
        gettext("Order it again. If that fails too, give this number to those who run the system: %(number)s") % {"number": order.id},
    ]


def said_of(order: RegionOrder) -> str:
    """One line about an order that waits, for the page of a region it touches."""
    said = {"kind": TITLES[order.kind], "document": order.asks.document, "who": order.orderer, "day": order.asks.on}
    if order.asks.on > timezone.localdate():
        return gettext("%(kind)s, by %(document)s, ordered by %(who)s: it waits for %(day)s.") % said
    return gettext("%(kind)s, by %(document)s, ordered by %(who)s: it is being carried out.") % said
