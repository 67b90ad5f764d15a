"""Addresses of OpenID Connect: what we offer, our public key, the browser's step, the server's step, the claims."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.accounts.models import User
from linli.foundation.accounts.types import entered_at
from linli.foundation.gate import public, sign_in_page
from linli.foundation.scope.actions import scoped
from linli.foundation.signon import actions, queries
from linli.foundation.signon.actions import DOOR
from linli.foundation.signon.forms import SCOPE_WORDS
from linli.foundation.signon.types import SCOPES, Answer, Asked, Audience
from linli.foundation.types import Actor
from linli.ui.types import DoorRequest

JUST_NOW = "signed_in"
"""Marks the address somebody returns to after signing in. The policy of that form lets it lead to this site only, so a page stands between."""


def _door(request: DoorRequest) -> Actor:
    return DOOR.but(address=request.actor.address, request_id=request.actor.request_id)


def _at(name: str) -> str:
    return queries.issuer() + reverse(name)


@cache_control(public=True, max_age=3600)
@require_GET
@public
def discovery(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Discovery 1.0, section 3."""
    return JsonResponse(
        {
            "issuer": queries.issuer(),
            "authorization_endpoint": _at("signon_authorize"),
            "token_endpoint": _at("signon_token"),
            "userinfo_endpoint": _at("signon_userinfo"),
            "jwks_uri": _at("signon_jwks"),
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": ["sub", "acr", "auth_time", "name", "preferred_username", "unit", "posts"],
            "acr_values_supported": ["L0", "L1", "L2"],
            "prompt_values_supported": ["none", "login", "consent"],
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
        }
    )


@cache_control(public=True, max_age=300)
@require_GET
@public
def jwks(request: HttpRequest) -> HttpResponse:
    """The public half of the key that signs ID tokens."""
    return JsonResponse({"keys": [dict(queries.signing_key().public)]})


@never_cache
@require_http_methods(["GET", "POST"])
@public
def authorize(request: DoorRequest) -> HttpResponse:
    """The browser's step. Staff go straight on: the administrator agreed for them. Residents see what is passed on, each time."""
    uri, person = request.build_absolute_uri(), request.user if isinstance(request.user, User) else None
    with scoped(_door(request)):
        asked = actions.look_at_request(_door(request), uri=uri, person=person)
    if isinstance(asked, Answer):
        return HttpResponseRedirect(asked.target)
    fresh = person is not None and not asked.wants_fresh(entered_at(request.session), timezone.now())
    if "none" in asked.prompt and not fresh:
        return HttpResponseRedirect(asked.login_required)
    if person is None or not fresh:
        return _sign_in(request, asked)
    ask_first = asked.audience == Audience.RESIDENTS or JUST_NOW in request.GET or "consent" in asked.prompt
    if request.method == "GET" and ask_first and person.kind == asked.audience:
        return _page_between(request, asked)
    answer = actions.issue_code(_door(request), uri=uri, person=person, signed_in_at=entered_at(request.session))
    return HttpResponseRedirect(answer.target)


def _sign_in(request: DoorRequest, asked: Asked) -> HttpResponse:
    """To the sign-in page and back here; whoever must prove again who they are is signed out first."""
    if request.user.is_authenticated:
        logout(request)
    kept = [(name, value) for name, value in parse_qsl(request.META.get("QUERY_STRING", "")) if name != JUST_NOW]
    # "login" was asked and is about to be done; without this the way back would lead here again.
    said = [(name, value.replace("login", "").strip() if name == "prompt" else value) for name, value in kept]
    back = f"{request.path}?{urlencode([pair for pair in said if pair != ('prompt', '')] + [(JUST_NOW, '1')])}"
    page = sign_in_page(staff=asked.audience == Audience.STAFF)
    return HttpResponseRedirect(f"{page}?{urlencode({'next': back})}")


def _page_between(request: DoorRequest, asked: Asked) -> HttpResponse:
    """Who asks and what it learns; the form may lead to the system's address, which this one page's policy allows."""
    door = "desk" if asked.audience == Audience.STAFF else "portal"
    words = [SCOPE_WORDS[scope] for scope in asked.scopes]
    response = render(request, f"signon/{door}/go_on.html", {"asked": asked, "words": words})
    response._csp_update = {"form-action": [asked.origin]}  # type: ignore[attr-defined]  # what csp.decorators.csp_update sets
    return response


@csrf_exempt
@never_cache
@require_POST
@public
def token(request: DoorRequest) -> HttpResponse:
    """The server's step: a code, once, for the ID token and a bearer token of ten minutes."""
    if request.content_type != "application/x-www-form-urlencoded":
        return JsonResponse({"error": "invalid_request"}, status=400)
    headers = {"Authorization": request.headers.get("Authorization", ""), "Content-Type": request.content_type}
    answer = actions.redeem_code(
        _door(request), uri=request.build_absolute_uri(), body=request.body.decode("utf-8", "replace"), headers=headers
    )
    return HttpResponse(answer.body, status=answer.status, headers={**answer.headers, "Content-Type": "application/json"})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
@public
def userinfo(request: DoorRequest) -> HttpResponse:
    """Claims about the person a token was given for, as they are now."""
    kind, _, bearer = request.headers.get("Authorization", "").partition(" ")
    door = _door(request)
    with scoped(door):
        said = queries.claims_of_token(door, bearer.strip()) if kind.lower() == "bearer" and bearer.strip() else None
    if said is None:
        error = 'Bearer realm="linli", error="invalid_token"' if kind else 'Bearer realm="linli"'
        return JsonResponse({"error": "invalid_token"}, status=401, headers={"WWW-Authenticate": error})
    return JsonResponse(said)
