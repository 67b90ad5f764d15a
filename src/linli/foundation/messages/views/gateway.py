"""A small SMS gateway inside a demo: it takes real signed requests and shows what it took. Anywhere else it does not exist."""

from __future__ import annotations

import json
import time
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.gate import public
from linli.foundation.messages import actions, queries
from linli.foundation.messages.engine import verify

LONGEST = 20_000


def _only_in_a_demo() -> None:
    if not settings.DEMO:
        raise Http404


@csrf_exempt  # called by the worker, authenticated by its signature
@require_POST
@public
def receive(request: HttpRequest) -> HttpResponse:
    """Take a message: 201 with its id, 401 for a wrong or old signature, 422 for a body that cannot be one."""
    _only_in_a_demo()
    body = request.body
    stamp, signature = request.headers.get("X-Linli-Timestamp", ""), request.headers.get("X-Linli-Signature", "")
    if len(body) > LONGEST or not verify(settings.SMS_GATEWAY_KEY, stamp, body, signature, time.time()):
        return JsonResponse({"error": "signature"}, status=401)
    try:
        told = json.loads(body)
        message_id, phone, text = UUID(told["id"]), str(told["to"]), str(told["text"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"error": "body"}, status=422)
    received = actions.receive_sms(message_id=message_id, phone=phone, text=text)
    return JsonResponse({"id": str(received.id)}, status=201)


@never_cache
@require_GET
@public
def viewer(request: HttpRequest) -> HttpResponse:
    """Every SMS of the demo, newest first."""
    _only_in_a_demo()
    return render(request, "notices/portal/gateway.html", {"rows": queries.received_sms()})
