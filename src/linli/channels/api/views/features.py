"""OGC API Features at the programs' door: a signed-in person's session, a partner's token, or nobody, who sees the public layers."""

from __future__ import annotations

import functools
import logging
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from linli.channels.api.actions import DOOR, take
from linli.channels.api.engine.problems import plain_problem
from linli.channels.api.queries import caller
from linli.channels.api.views.door import View, address_of, refusal, refuse_when
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import User
from linli.foundation.gate import Gate
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor
from linli.lib.errors import LinliError, Refused

log = logging.getLogger(__name__)


def for_readers(view: View) -> View:
    """Around every address of `/ogc/`: who asks, in a transaction of theirs; what goes wrong as a problem document with `description`."""

    @functools.wraps(view, assigned=("__module__", "__name__", "__doc__"))
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            actor = _who(request)
            request.actor = actor  # type: ignore[attr-defined]
            with scoped(actor, by_key="key" in kwargs):
                return view(request, *args, **kwargs)
        except LinliError as error:
            return refusal(error, description=error.text(gettext))
        except Exception:
            log.exception("the map layers failed at %s %s", request.method, request.path)
            return plain_problem(500, "INTERNAL", "Something went wrong on our side; the call changed nothing.")

    for name, value in (("without_actor", True), ("csrf_exempt", True), ("gate", Gate())):
        setattr(answer, name, value)
    return answer


def _who(request: HttpRequest) -> Actor:
    """A token that is sent counts, also one that is not in force (401); else the session. A token without the scope sees what everybody sees."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    address, request_id = address_of(request), getattr(request, "request_id", "")
    if kind.lower() != "bearer":
        return actor_of(request.user if isinstance(request.user, User) else None, address=address, request_id=request_id)
    with scoped(DOOR):
        who = caller(token.strip(), address=address, request_id=request_id)
        wait = take(f"client:{who.client_pk}", per_minute=who.per_minute, burst=who.burst) if who else 0
    if who is None:
        raise Refused(
            "INVALID_TOKEN", gettext_noop("The token is unknown, expired or revoked."), hint=gettext_noop("Ask for a new one."), status=401
        )
    refuse_when(wait)
    return who.actor
