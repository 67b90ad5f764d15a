"""The personal home: what waits for me and my units, what is due, cards, notices. An administrator sees the own pages only."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.cases.casefile.models import Task
from linli.cases.casefile.queries import desk as reads
from linli.cases.casefile.queries.inbox import COUNT_LIMIT
from linli.cases.casefile.queries.words import COLOURS, due_words, filled
from linli.foundation.gate import desk
from linli.foundation.messages.queries import inbox_of
from linli.lib.masking import mask_name
from linli.ui.engine import menu
from linli.ui.types import DeskRequest, Door


@never_cache
@require_GET
@desk()
def home(request: DeskRequest) -> HttpResponse:
    """Business staff: work. Administrators: the pages of their office. `?part=work` answers with the live part alone."""
    actor = request.actor
    if not actor.ranges:
        entries = [
            (item, reverse(item.url_name))
            for item in menu.for_actor(actor.permissions, Door.DESK)
            if item.permission.startswith(("admin.", "audit."))
        ]
        return render(request, "desk/administration.html", {"entries": entries})
    now = timezone.now()
    found = reads.home(actor, now)
    context = {
        "tiles": _tiles(found),
        "mine": [_row(t, now) for t in found.mine_tasks],
        "unit": [_row(t, now) for t in found.unit_tasks],
        "found": found,
        "cards": [(c, *COLOURS[c.colour], filled(c.reason, c.params)) for c in found.cards],
        "notices": list(inbox_of(actor)[:5]),
        "counter": actor.may("cases.submit_counter"),
        "board": actor.may("supervision.view"),
    }
    return render(request, "desk/home.html#work" if request.GET.get("part") == "work" else "desk/home.html", context)


def _row(task: Task, now: Any) -> dict[str, Any]:
    return {"task": task, "applicant": mask_name(task.applicant), "due": due_words(task.due_at, now)}


def _tiles(found: reads.Home) -> list[dict[str, Any]]:
    inbox = reverse("casefile_desk_inbox")
    return [
        {"label": gettext("My tasks"), "value": _bounded(found.mine), "icon": "user", "tone": "progress", "url": f"{inbox}?box=mine"},
        {
            "label": gettext("Waiting in my units"),
            "value": _bounded(found.unit),
            "icon": "inbox",
            "tone": "info",
            "url": f"{inbox}?box=unit",
        },
        {
            "label": gettext("Due today"),
            "value": _bounded(found.today),
            "icon": "clock",
            "tone": "warning" if found.today else "neutral",
            "url": f"{inbox}?box=unit",
        },
        {
            "label": gettext("Overdue"),
            "value": _bounded(found.overdue),
            "icon": "alert-circle",
            "tone": "danger" if found.overdue else "success",
            "url": f"{inbox}?box=unit&overdue=1",
        },
        {
            "label": gettext("Open cards"),
            "value": len(found.cards),
            "icon": "cards",
            "tone": "danger" if found.cards else "success",
            "url": reverse("supervision_desk_cards"),
        },
    ]


def _bounded(count: int) -> str:
    return f"{COUNT_LIMIT}+" if count > COUNT_LIMIT else str(count)
