"""The page for an address that no view has."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from linli.foundation.access.views.middleware import who_asks
from linli.foundation.scope.actions import scoped
from linli.ui.views import errors


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. No middleware has asked who it is when no view was found; somebody who is signed in finds the own menu all the same."""
    if not hasattr(request, "actor") and hasattr(request, "user"):
        actor = request.actor = who_asks(request)  # type: ignore[attr-defined]
        with scoped(actor):
            return errors.not_found(request, exception)
    return errors.not_found(request, exception)
