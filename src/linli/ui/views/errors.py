"""Error pages of both doors: what happened and what to do next. `config.urls` names these as handlers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext

from linli.ui.engine.assets import AssetsNotBuiltError


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request could not be understood."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403. The reason is shown when whoever refused gave one."""
    return render(request, "403.html", {"message": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for what is out of the reader's scope."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Drawn without request and context processors: whatever broke may be what they need."""
    try:
        page = render_to_string("500.html")
    except AssetsNotBuiltError:
        return HttpResponse(gettext("Something went wrong on our side"), content_type="text/plain; charset=utf-8", status=500)
    return HttpResponse(page, status=500)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: what was sent is larger than accepted."""
    return render(request, "413.html", status=413)


def too_many(request: HttpRequest, retry_after_s: int) -> HttpResponse:
    """429; `retry_after_s` seconds are also sent as Retry-After."""
    response = render(request, "429.html", {"retry_after_s": retry_after_s}, status=429)
    response["Retry-After"] = str(retry_after_s)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old. `reason` is Django's and technical, so it is not shown."""
    return render(request, "403_csrf.html", status=403)
