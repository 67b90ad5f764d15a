"""Every view runs inside `scoped(request.actor)`; every refusal of ours becomes a page that says what to do next."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from linli.foundation.access.queries import actor_of
from linli.foundation.access.views.errors import linli_error
from linli.foundation.accounts.models import User
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor
from linli.lib.errors import LinliError

Handler = Callable[[HttpRequest], HttpResponseBase]
OPENED_CASE = "opened_case"  # session key of the tracking page


class RequestIdMiddleware:
    """A short id that stands in the trail, in the log and on the error page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("X-Request-Id", request.request_id)  # type: ignore[attr-defined]
        return response


class ActorMiddleware:
    """Runs the view (and renders its template) as the request's actor, in one transaction that an error rolls back."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        if getattr(view, "without_actor", False):  # health pages and static things
            return None
        actor = request.actor = who_asks(request)  # type: ignore[attr-defined]
        try:
            with scoped(actor, by_key=bool(args or kwargs)):  # an address that names one thing
                response: HttpResponseBase = view(request, *args, **kwargs)
                if isinstance(response, HttpResponse) and hasattr(response, "render") and callable(response.render):
                    response = response.render()
                return response
        except LinliError as error:
            return linli_error(request, error)


def who_asks(request: HttpRequest) -> Actor:
    """The actor of a request: the account of its session, or the case it has opened with a code."""
    user = request.user if isinstance(request.user, User) else None
    opened = request.session.get(OPENED_CASE) if user is None else None
    return actor_of(
        user,
        address=client_address(request),
        request_id=request.request_id,  # type: ignore[attr-defined]
        opened_case=uuid.UUID(opened) if opened else None,
    )


def client_address(request: HttpRequest) -> str:
    """The peer's address; nginx puts the real one into X-Real-IP and strips what a client sent."""
    return str(request.META.get("HTTP_X_REAL_IP") or request.META.get("REMOTE_ADDR", ""))[:45]
