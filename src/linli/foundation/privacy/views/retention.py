"""How long what is kept: what will end tonight, and what ended."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.foundation.gate import desk
from linli.foundation.privacy.queries.keeping import outlook
from linli.foundation.privacy.queries.rules import last_sweeps
from linli.ui.types import DeskRequest


@never_cache
@require_GET
@desk("privacy.decide")
def retention(request: DeskRequest) -> HttpResponse:
    """Counts only, no row: whoever sees the page sees nobody's data."""
    done = last_sweeps()
    rows = [(one, done.get(one.rule.code, [])) for one in outlook(timezone.now())]
    return render(request, "privacy/desk/retention.html", {"rows": rows})
