"""What lets a phone install the visits and open them off line: nothing here is about anybody."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from linli.foundation.gate import public
from linli.registry.collection.types import RESULTS
from linli.registry.collection.views.phone import sexes
from linli.ui.types import DeskRequest

THEME, PAPER = "#0e5b5c", "#f4f6f7"


@require_GET
@public
def web_manifest(request: DeskRequest) -> HttpResponse:
    """The web app manifest of the visits."""
    home = reverse("collection_field_today")
    sizes = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"), ("icon-maskable-512.png", "512x512", "maskable"))
    body = {
        "name": gettext("Linli visits"),
        "short_name": gettext("Visits"),
        "lang": get_language(),
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "theme_color": THEME,
        "background_color": PAPER,
        "icons": [{"src": static(f"ui/{name}"), "sizes": size, "type": "image/png", "purpose": use} for name, size, use in sizes],
    }
    return JsonResponse(body, content_type="application/manifest+json")


@require_GET
@public
def service_worker(request: DeskRequest) -> FileResponse:
    """The built service worker, below the visits so that its scope is theirs. Never cached: updates must arrive."""
    path = Path(settings.FRONTEND_MANIFEST).parent.parent / "sw.js"
    if not path.exists():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
@public
def shell(request: DeskRequest) -> HttpResponse:
    """The empty pages that the phone fills from what it took along. The service worker keeps them without cookies."""
    return render(request, "collection/field/shell.html", {"results": RESULTS.items(), "sexes": sexes(), "shell": True})
