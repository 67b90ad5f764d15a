"""The supervision board and the performance table: live counts, and the lists behind them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.cases.casefile.queries import board as reads
from linli.cases.casefile.queries.desk import OPEN_STATES
from linli.cases.casefile.queries.words import STATES, due_words, filled
from linli.cases.supervision.engine import Counts, rates, score
from linli.foundation.audit.engine.names import job_name
from linli.foundation.gate import desk
from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import ancestors
from linli.foundation.types import Actor
from linli.lib.errors import NotFound
from linli.lib.masking import mask_name
from linli.ui.types import DeskRequest

ROWS = 30
FIGURES = {
    "on_time": (gettext_lazy("On time"), gettext_lazy("decided within the promised time, of all that fell due")),
    "early": (gettext_lazy("Early"), gettext_lazy("decided before the last promised day, of all decided")),
    "average_days": (gettext_lazy("Days a case"), gettext_lazy("working days from acceptance to decision, without suspensions")),
    "compression": (gettext_lazy("Shortened"), gettext_lazy("promised against statutory working days")),
    "online": (gettext_lazy("Not at the counter"), gettext_lazy("handed in online, of all applications")),
    "done_once": (gettext_lazy("Done once"), gettext_lazy("decided without a correction, of all decided")),
    "materials_waived": (gettext_lazy("Papers spared"), gettext_lazy("proved by shared data, of all papers")),
    "corrected": (gettext_lazy("Corrected"), gettext_lazy("with a correction notice, of all applications")),
    "cards": (gettext_lazy("Cards"), gettext_lazy("yellow and red cards, of all decided")),
}


def _path(request: DeskRequest) -> str:
    """The region asked for, inside the person's own; the widest of the posts without one."""
    asked = request.GET.get("at", "")
    own = reads.top_path(request.actor)
    if not asked:
        return own
    if not _covers(request.actor, asked):
        raise NotFound("REGION_UNKNOWN", gettext("There is no such region."))
    return asked


def _covers(actor: Actor, path: str) -> bool:
    return any(r.lo <= path < r.hi for r in actor.ranges)


@never_cache
@require_GET
@desk("supervision.view")
def board(request: DeskRequest) -> HttpResponse:
    """Counts by region; with `?list=...` the cases behind a number. `?part=counts` answers with the live part alone."""
    path, now = _path(request), timezone.now()
    if "list" in request.GET:
        return _listed(request, path)
    found = reads.board(request.actor, path, now)
    context: dict[str, Any] = {
        "found": found,
        "states": [(key, STATES[key][0], STATES[key][1]) for key in OPEN_STATES],
        "above": [r for r in ancestors(path) if _covers(request.actor, r.path)] if path else [],
        "path": path,
        "tiles": _tiles(found.total, path),
        "newest": [(e, filled(e.text, e.params), _who(e)) for e in found.newest],
        "now": timezone.localtime(now),
        "part_query": urlencode({"at": path, "part": "counts"}),
    }
    return render(
        request, "casefile/desk/board.html#counts" if request.GET.get("part") == "counts" else "casefile/desk/board.html", context
    )


def _who(entry: Any) -> str:
    """Who did it; a resident's name is masked on a board many people look at."""
    own = (entry.case.applicant, entry.case.agent_name)
    return mask_name(entry.actor_label) if entry.actor_label in own else job_name(entry.actor_label)


def _tiles(total: reads.Line, path: str) -> list[dict[str, Any]]:
    def at(**more: str) -> str:
        return f"?{urlencode({'at': path, 'list': '1', **more})}"

    cards = reverse("supervision_desk_cards")
    return [
        {"label": gettext("Open cases"), "value": total.open, "icon": "clipboard-list", "tone": "progress", "url": at()},
        {
            "label": gettext("Overdue"),
            "value": total.late,
            "icon": "alert-circle",
            "tone": "danger" if total.late else "success",
            "url": at(light="late"),
        },
        {
            "label": gettext("Due within a working day"),
            "value": total.soon,
            "icon": "clock",
            "tone": "warning" if total.soon else "neutral",
            "url": at(light="soon"),
        },
        {"label": gettext("Suspended"), "value": total.still, "icon": "player-pause", "tone": "neutral", "url": at(state="suspended")},
        {
            "label": gettext("Red cards open"),
            "value": total.cards.get("red", 0),
            "icon": "cards",
            "tone": "danger" if total.cards.get("red") else "success",
            "url": f"{cards}?colour=red",
        },
        {
            "label": gettext("Yellow cards open"),
            "value": total.cards.get("yellow", 0),
            "icon": "cards",
            "tone": "warning" if total.cards.get("yellow") else "success",
            "url": f"{cards}?colour=yellow",
        },
    ]


def _listed(request: DeskRequest, path: str) -> HttpResponse:
    now = timezone.now()
    state, light = request.GET.get("state", ""), request.GET.get("light", "")
    rows = reads.drill(request.actor, path, state=state if state in STATES else "", light=light, now=now)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(c, mask_name(c.applicant), *STATES[c.state], due_words(c.due_at, now, still=c.state == "suspended")) for c in page],
        "above": [r for r in ancestors(path) if _covers(request.actor, r.path)] if path else [],
        "path": path,
    }
    return render(request, "casefile/desk/board_list.html", context)


@never_cache
@require_GET
@desk("supervision.view")
def performance(request: DeskRequest) -> HttpResponse:
    """The figures of services.md 2.6 over a period, by region, each with its definition; nothing to divide by shows a dash."""
    path = _path(request)
    today = timezone.localdate()
    first, last = _day(request, "since", today - timedelta(days=30)), _day(request, "until", today)
    if last < first:
        first, last = last, first
    counted = reads.performance(request.actor, path, first, last)
    names = dict(Region.objects.filter(path__in=list(counted), valid_to=None).values_list("path", "name"))
    lines = [
        {
            "path": p,
            "name": names.get(p, p),
            "cells": _cells(c),
            "score": score(c).total,
            "closed": c.closed,
            "applications": c.applications,
        }
        for p, c in counted.items()
    ]
    total = _total(list(counted.values()))
    context = {
        "figures": FIGURES,
        "lines": lines,
        "total": {"cells": _cells(total), "score": score(total).total, "closed": total.closed, "applications": total.applications}
        if len(lines) > 1
        else None,
        "since": first.isoformat(),
        "until": last.isoformat(),
        "path": path,
        "above": [r for r in ancestors(path) if _covers(request.actor, r.path)] if path else [],
        "parts": score(total).parts,
    }
    return render(request, "casefile/desk/performance.html", context)


def _cells(counts: Counts) -> list[str]:
    shares = rates(counts)
    found = []
    for name in FIGURES:
        rate = shares[name]
        value = rate.average if name == "average_days" else rate.percent
        found.append("—" if value is None else f"{value}" if name == "average_days" else f"{value}%")
    return found


def _total(lines: list[Counts]) -> Counts:
    """A higher level adds counts up and never averages percentages."""
    names = [n for n in Counts.__dataclass_fields__ if n != "ratings"]
    return Counts(**{n: sum(getattr(c, n) for c in lines) for n in names})


def _day(request: DeskRequest, name: str, default: date) -> date:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return default
