"""Opening and closing sessions, where to go afterwards, and the rules every signed-in request keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login, logout
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from linli.foundation.accounts.engine import site_of
from linli.foundation.accounts.models import User, UserKind
from linli.foundation.accounts.types import ENTERED

BACKEND = "linli.foundation.accounts.queries.SessionBackend"
RENEW_S = 60
"""A session in use is renewed at most so often: not every request writes."""
SEEN = "seen"
TOKEN_S = 600
FREE = {"accounts_desk_password", "accounts_desk_sign_out", "accounts_sign_out"}


def open_session(request: HttpRequest, user_id: UUID) -> User:
    """Sign an account in with a new session key; whatever an earlier session of somebody else held is gone."""
    user = User.objects.get(pk=user_id)
    if request.user.is_authenticated and request.user.pk != user.pk:
        logout(request)
    login(request, user, backend=BACKEND)
    request.session[SEEN] = request.session[ENTERED] = int(timezone.now().timestamp())
    return user


def close_session(request: HttpRequest, goal: str) -> HttpResponse:
    """Sign out: the session is deleted, and the browser told to forget cached pages (residual information, GB/T 22239)."""
    logout(request)
    response = HttpResponseRedirect(goal)
    response["Clear-Site-Data"] = '"cache"'
    return response


def next_page(request: HttpRequest, default: str) -> str:
    """Where to go after signing in; only an address of this site is followed."""
    goal = request.POST.get("next") or request.GET.get("next") or ""
    if goal and url_has_allowed_host_and_scheme(goal, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return goal
    return default


def passkeys_here(request: HttpRequest) -> bool:
    """Whether the person came by the one address that passkeys are good for."""
    return f"{request.scheme}://{request.get_host()}".lower() == site_of(settings.SITE_URL).origin


def make_token(purpose: str, **values: str) -> str:
    """What the first step of a sign-in hands to the second: signed, good for ten minutes, for one purpose."""
    return signing.dumps(values, salt=f"accounts.{purpose}")


def read_token(purpose: str, token: str) -> dict[str, str] | None:
    """The values of a token; None when it is forged, of another purpose, or too old."""
    try:
        values: dict[str, str] = signing.loads(token, salt=f"accounts.{purpose}", max_age=TOKEN_S)
    except signing.BadSignature:
        return None
    return values


def password_is_old(user: User) -> bool:
    return user.password_changed_at is not None and timezone.now() - user.password_changed_at > timedelta(days=settings.PASSWORD_DAYS)


class SessionRules:
    """Ends idle sessions, renews those in use, and sends staff to the password page until a first or old password is changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.session.session_key and request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            seen = request.session.get(SEEN, now)
            if now - seen > settings.SESSION_COOKIE_AGE:
                logout(request)
            elif now - seen >= RENEW_S or SEEN not in request.session:
                request.session[SEEN] = now
        response = self.get_response(request)
        if request.user.is_authenticated:
            # Pages of a signed-in person are kept by nobody but the open tab.
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponseBase | None:
        user = request.user
        if not isinstance(user, User) or user.kind != UserKind.STAFF or not (user.must_change_password or password_is_old(user)):
            return None
        match = request.resolver_match
        if match is not None and match.url_name in FREE:
            return None
        return HttpResponseRedirect(reverse("accounts_desk_password"))
