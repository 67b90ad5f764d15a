"""A fresh ticket for the page's event stream."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.foundation.access.engine.ticket import stream_address, ticket_for
from linli.foundation.gate import public
from linli.ui.types import DoorRequest

__all__ = ["live_ticket", "ticket_for"]


@public
@never_cache
@require_GET
def live_ticket(request: DoorRequest) -> HttpResponse:
    """`{"url": ...}` for somebody who is signed in; 403 without a page for everybody else, whose pages go on polling."""
    if request.actor.user_id is None:
        return JsonResponse({"url": ""}, status=403)
    return JsonResponse({"url": stream_address(request.actor)})
