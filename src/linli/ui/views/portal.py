"""Elder mode, and what lets a telephone install the portal."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from linli.ui.engine.context import ELDER_COOKIE, Shell
from linli.ui.types import PortalRequest

YEAR_S = 365 * 24 * 3600
THEME = "#0e5b5c"
PAPER = "#faf7f1"


@require_POST
def elder_mode(request: PortalRequest) -> HttpResponse:
    """Switch large type on or off on this device and go back to the page the person came from."""
    goal = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(goal, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        goal = "/"
    response = HttpResponseRedirect(goal)
    if request.POST.get("on") == "1":
        response.set_cookie(ELDER_COOKIE, "1", max_age=YEAR_S, samesite="Lax", secure=request.is_secure(), httponly=True)
    else:
        response.delete_cookie(ELDER_COOKIE, samesite="Lax")
    return response


@require_GET
def web_manifest(request: PortalRequest) -> HttpResponse:
    """The web app manifest in the reader's language."""
    home = Shell(request).urls.get("home", "/")
    sizes = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"), ("icon-maskable-512.png", "512x512", "maskable"))
    body = {
        "name": gettext("Linli community services"),
        "short_name": gettext("Linli"),
        "lang": get_language(),
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "theme_color": THEME,
        "background_color": PAPER,
        "icons": [
            {"src": static("ui/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            *({"src": static(f"ui/{name}"), "sizes": size, "type": "image/png", "purpose": use} for name, size, use in sizes),
        ],
    }
    return JsonResponse(body, content_type="application/manifest+json")


@require_GET
def service_worker(request: PortalRequest) -> FileResponse:
    """The built service worker; served below the portal's root so that its scope covers the portal. Never cached: updates must arrive."""
    path = Path(settings.FRONTEND_MANIFEST).parent.parent / "sw.js"
    if not path.exists():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def offline(request: PortalRequest) -> HttpResponse:
    """What an installed portal shows without a connection; the service worker keeps it, so it holds nothing personal."""
    return render(request, "ui/portal/offline.html")
