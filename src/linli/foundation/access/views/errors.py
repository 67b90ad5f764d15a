"""A refusal of ours as a page, a fragment or a problem document: what happened, and what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from linli.lib.errors import LinliError


def linli_error(request: HttpRequest, error: LinliError) -> HttpResponse:
    """The answer to a LinliError that no view turned into a message beside its field."""
    if request.path.startswith("/api/"):
        return JsonResponse(error.as_problem(gettext), status=error.status, content_type="application/problem+json")
    context = {"message": error.text(gettext), "hint": error.next_step(gettext), "code": error.code}
    template = f"{error.status}.html" if error.status in (400, 403, 404, 413, 429) else "400.html"
    return render(request, template, context, status=error.status)
