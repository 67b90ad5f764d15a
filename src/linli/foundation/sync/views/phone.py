"""What a phone asks: whether it may keep what it holds, and to be rid of its queue."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.gate import desk, public
from linli.foundation.sync import actions, queries
from linli.foundation.sync.engine import A_MINUTE, WIPE, name_of, phone_key, read_items
from linli.lib.errors import LinliError, TooMany
from linli.ui.types import DeskRequest, DoorRequest


@never_cache
@require_POST
@desk("sync.send")
def sync(request: DeskRequest) -> HttpResponse:
    """A list of items; one answer an item, in their order. A revoked phone is told to forget everything, and its session ends."""
    try:
        return _answered(request)
    except LinliError as error:
        return JsonResponse(error.as_problem(gettext), status=error.status, content_type="application/problem+json")


def _answered(request: DeskRequest) -> HttpResponse:
    told = read_items(request.body)
    name = name_of(request.headers.get("User-Agent", ""))
    device = actions.meet(request.actor, key_id=phone_key(request.headers.get("X-Device", "")), name=name)
    if device is None:
        logout(request)
        return JsonResponse(WIPE)
    if queries.taken_lately(request.actor) + len(told) > A_MINUTE:
        raise TooMany("SYNC_PACE", gettext_noop("The phone sends too fast."), hint=gettext_noop("Wait a minute; nothing is lost."))
    replies = [actions.take(request.actor, device=device, told=one) for one in told]
    answers = [{"key": str(one.key), "state": one.answer.state, "answer": dict(one.answer.body)} for one in replies]
    return JsonResponse({"device": "ok", "worker": str(request.actor.account), "answers": answers})


@never_cache
@require_GET
@public  # a phone nobody is signed in on must be reached as well; the key is known to it alone and says nothing of anybody
def standing(request: DoorRequest, key: UUID) -> HttpResponse:
    """Whether a phone may keep what it holds."""
    if not queries.is_revoked(key):
        return JsonResponse({"device": "ok"})
    actions.note_wiped(key)
    return JsonResponse(WIPE)
