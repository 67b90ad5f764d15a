"""The middleware that answers anonymous visitors from memory. It stands before sessions: a kept page costs no query at all."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.utils import translation
from django.utils.cache import patch_vary_headers

from linli.channels.portal.engine import PageStore, fill_token
from linli.channels.portal.queries import catalogue_stamp
from linli.ui.engine.context import ELDER_COOKIE

KEPT = frozenset({"portal_home", "catalogue_matters", "catalogue_matter"})
"""Names of the addresses whose anonymous answer depends on nothing but the catalogue, the language and large type."""
STORE = PageStore(catalogue_stamp)


class AnonymousPages:
    """Answers GET without a query string for visitors who carry no session and no message. Everybody else passes through untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _anonymous(request):
            return self.get_response(request)
        key = (request.path, translation.get_language_from_request(request), request.COOKIES.get(ELDER_COOKIE) == "1")
        page = STORE.get(key)
        if page is not None:
            return self._kept(request, page.pieces, page.content_type)
        stamp = STORE.stamp()
        response = self.get_response(request)
        if _may_be_kept(request, response):
            STORE.put(key, response.content, response["Content-Type"], stamp)  # type: ignore[attr-defined]
            _say_private(response)
        return response

    def _kept(self, request: HttpRequest, pieces: tuple[bytes, ...], content_type: str) -> HttpResponse:
        """The page with this visitor's own token and its cookie, as the middlewares further in would have given it."""
        guard = CsrfViewMiddleware(lambda _: HttpResponse())
        guard.process_request(request)
        response = HttpResponse(fill_token(pieces, get_token(request)), content_type=content_type)
        response["X-Frame-Options"] = "DENY"
        response["Content-Language"] = translation.get_language_from_request(request)
        patch_vary_headers(response, ("Accept-Language",))
        _say_private(response)
        guard.process_response(request, response)
        return response


def _anonymous(request: HttpRequest) -> bool:
    """Whether nothing the request carries could make the page somebody's own."""
    cookies = request.COOKIES
    return (
        request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in cookies
        and "messages" not in cookies
        and "HTTP_HX_REQUEST" not in request.META
        and "HTTP_AUTHORIZATION" not in request.META
    )


def _may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    match = request.resolver_match
    own_cookies = set(response.cookies) - {settings.CSRF_COOKIE_NAME}
    return response.status_code == 200 and not response.streaming and not own_cookies and match is not None and match.url_name in KEPT


def _say_private(response: HttpResponseBase) -> None:
    """No other cache keeps it: the token inside is one visitor's, and the same address shows more after signing in."""
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Cookie",))
