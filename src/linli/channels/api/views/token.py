"""`POST /token` and `POST /revoke`: OAuth 2.0 for partner systems. Errors are problem documents that carry the OAuth `error` member too."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Form, Router, Schema

from linli.channels.api.actions import DOOR, issue_token, revoke_token
from linli.channels.api.views.door import address_of, limit, refusal
from linli.foundation.types import Actor
from linli.lib.errors import Invalid, LinliError

router = Router(tags=["oauth"])
OAUTH_ERRORS = {"INVALID_CLIENT": "invalid_client", "INVALID_SCOPE": "invalid_scope", "GRANT_TYPE": "unsupported_grant_type"}


class Token(Schema):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the kind of token, not one
    expires_in: int
    scope: str


@router.post("/token", response=Token, summary="Ask for a token (client credentials)")
def token(
    request: HttpRequest,
    response: HttpResponse,
    grant_type: Form[str] = "",
    client_id: Form[str] = "",
    client_secret: Form[str] = "",
    scope: Form[str] = "",
) -> Token | HttpResponse:
    """A bearer token of one hour. The client names itself by HTTP Basic or in the form; `scope` is separated by spaces, empty for all."""
    name, secret = _credentials(request, client_id, client_secret)
    try:
        _limits(request, name)
        if grant_type != "client_credentials":
            raise Invalid("GRANT_TYPE", gettext_noop("The grant type must be client_credentials."), field="grant_type", status=400)
        issued = issue_token(_door(request), client_id=name, secret=secret, scopes=scope.split())
    except LinliError as error:
        return _refused(error)
    response["Cache-Control"] = "no-store"
    return Token(access_token=issued.token, expires_in=issued.seconds, scope=" ".join(issued.scopes))


@router.post("/revoke", response={200: None}, summary="Make a token void")
def revoke(request: HttpRequest, token: Form[str] = "", client_id: Form[str] = "", client_secret: Form[str] = "") -> HttpResponse | None:
    """Answers 200 whether or not the token existed (RFC 7009)."""
    name, secret = _credentials(request, client_id, client_secret)
    try:
        _limits(request, name)
        revoke_token(_door(request), client_id=name, secret=secret, token=token)
    except LinliError as error:
        return _refused(error)
    return None


def _limits(request: HttpRequest, client_id: str) -> None:
    """A secret is checked with a slow hash: few tries for one client, and not many from one address."""
    limit(f"token-address:{address_of(request)}", per_minute=30, burst=30)
    limit(f"token:{client_id[:40]}", per_minute=10, burst=10)


def _door(request: HttpRequest) -> Actor:
    return DOOR.but(address=address_of(request), request_id=getattr(request, "request_id", ""))


def _refused(error: LinliError) -> HttpResponse:
    return refusal(error, error=OAUTH_ERRORS.get(error.code, "invalid_request"), error_description=error.text())


def _credentials(request: HttpRequest, client_id: str, client_secret: str) -> tuple[str, str]:
    """HTTP Basic wins (RFC 6749 section 2.3.1: both halves are form-encoded); a malformed header names nobody."""
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return client_id, client_secret
    try:
        name, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(name), unquote_plus(secret)
