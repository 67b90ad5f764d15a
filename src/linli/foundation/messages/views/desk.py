"""The delivery log."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.foundation.gate import desk
from linli.foundation.messages import queries
from linli.ui.types import DeskRequest, Tone

STATES = {
    "queued": (gettext_lazy("queued"), Tone.INFO),
    "sending": (gettext_lazy("being sent"), Tone.PROGRESS),
    "sent": (gettext_lazy("sent"), Tone.SUCCESS),
    "failed": (gettext_lazy("failed, will be tried again"), Tone.WARNING),
    "dead": (gettext_lazy("given up"), Tone.DANGER),
}
CHANNELS = {"sms": gettext_lazy("text message"), "mail": gettext_lazy("e-mail")}


@desk("admin.messages")
@require_GET
def delivery_log(request: DeskRequest) -> HttpResponse:
    """What became of SMS and mail; addresses masked, no wording."""
    state = request.GET.get("state", "")
    rows = queries.delivery_log(request.actor, state=state if state in STATES else "")
    shown = [(row, CHANNELS.get(row.channel, row.channel), *STATES[row.state]) for row in rows]
    states = [(one, label) for one, (label, _) in STATES.items()]
    return render(request, "notices/desk/log.html", {"rows": shown, "states": states, "state": state})
