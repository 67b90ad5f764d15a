"""How far the keys are, for the system administrator: numbers only."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.foundation.gate import desk
from linli.foundation.privacy.queries.keys import turns
from linli.foundation.scope.engine import keyring
from linli.ui.types import DeskRequest


@never_cache
@require_GET
@desk("admin.packs")
def key_page(request: DeskRequest) -> HttpResponse:
    """Names of keys and turns; the keys themselves are never read by a page."""
    ring = keyring()
    return render(request, "privacy/desk/keys.html", {"current": ring.current, "names": ring.key_ids, "turns": turns(request.actor)})
