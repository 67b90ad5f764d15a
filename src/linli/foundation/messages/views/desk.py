"""The delivery log."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.foundation.gate import desk
from linli.foundation.messages import queries
from linli.ui.types import DeskRequest

STATES = ("queued", "sending", "sent", "failed", "dead")


@desk("admin.messages")
@require_GET
def delivery_log(request: DeskRequest) -> HttpResponse:
    """What became of SMS and mail; addresses masked, no wording."""
    state = request.GET.get("state", "")
    rows = queries.delivery_log(request.actor, state=state if state in STATES else "")
    return render(request, "notices/desk/log.html", {"rows": rows, "states": STATES, "state": state})
