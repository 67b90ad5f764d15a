"""Our side of the protocol: which system, which address, which code. oauthlib calls it inside the actions of `dance`."""

from __future__ import annotations

import hmac
from base64 import b64decode
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

from django.utils import timezone
from oauthlib.openid import RequestValidator

from linli.foundation.accounts.models import User
from linli.foundation.signon.engine import CODE_GRANT, digest
from linli.foundation.signon.models import SignOnCode, SignOnToken
from linli.foundation.signon.queries import claims, issuer, signing_key, system_named
from linli.foundation.signon.types import Audience
from linli.foundation.types import Actor

CODE_SECONDS = 60
TOKEN_SECONDS = 600
ID_TOKEN_SECONDS = 300


class Validator(RequestValidator):  # type: ignore[misc]  # oauthlib ships no types
    """``person`` is who is signed in at the browser's step; at the system's step nobody is."""

    def __init__(self, actor: Actor, person: User | None = None, signed_in_at: datetime | None = None) -> None:
        super().__init__()
        self.actor, self.person, self.signed_in_at = actor, person, signed_in_at
        self.code: SignOnCode | None = None

    # the browser's step

    def validate_client_id(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        request.client = system_named(self.actor, client_id)
        return request.client is not None

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        return redirect_uri in request.client.redirect_uris

    def get_default_redirect_uri(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> None:
        """Always said by the request (OpenID Connect Core, 3.1.2.1)."""

    def validate_response_type(self, client_id: str, response_type: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        return response_type == "code"

    def get_default_scopes(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        return ["openid"]

    def validate_scopes(self, client_id: str, scopes: list[str], client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        return "openid" in scopes and set(scopes) <= set(client.scopes)

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        return True

    def validate_silent_login(self, request: Any) -> bool:
        return self.person is not None and self.person.kind == request.client.audience

    def validate_silent_authorization(self, request: Any) -> bool:
        """Staff were agreed for by the administrator who added the system; a resident agrees each time, on a page."""
        return bool(request.client.audience == Audience.STAFF)

    def validate_user_match(self, id_token_hint: str, scopes: list[str], claims: Any, request: Any) -> bool:
        return True

    def save_authorization_code(self, client_id: str, code: dict[str, str], request: Any, *args: Any, **kwargs: Any) -> None:
        now = timezone.now()
        self.code = SignOnCode(
            system=request.client,
            user=self.person,
            digest=digest(code["code"]),
            redirect_uri=request.redirect_uri,
            scopes=list(request.scopes),
            nonce=(request.nonce or "")[:255],
            challenge=request.code_challenge[:128],
            signed_in_at=self.signed_in_at,
            issued_at=now,
            expires_at=now + timedelta(seconds=CODE_SECONDS),
        )
        self.code.save(force_insert=True)

    # the system's step

    def client_authentication_required(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        return True

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """By HTTP Basic, or in the form."""
        name, secret = _basic(request.headers.get("Authorization", "")) or (request.client_id or "", request.client_secret or "")
        system = system_named(self.actor, name)
        if system is None or not hmac.compare_digest(bytes(system.secret), digest(secret)):
            return False
        request.client, request.client_id = system, system.client_id
        return True

    def validate_grant_type(self, client_id: str, grant_type: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        return grant_type == CODE_GRANT

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Used up by the first attempt, whatever comes of it. A second attempt also takes back what the first was given (RFC 6749, 4.1.2)."""
        row = SignOnCode.objects.select_for_update(of=("self",)).filter(digest=digest(code), system=client).select_related("user").first()
        if row is None:
            return False
        now = timezone.now()
        if row.used_at is not None:
            SignOnToken.objects.filter(code=row, revoked_at=None).update(revoked_at=now)
            return False
        row.used_at = now
        row.save(update_fields=["used_at"])
        if row.expires_at <= now or not row.user.is_active or row.user.kind != client.audience:
            return False
        self.code, request.user, request.scopes = row, row.user, row.scopes
        return True

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return self._code.redirect_uri == redirect_uri

    @property
    def _code(self) -> SignOnCode:
        if self.code is None:
            raise ValueError("the code was not validated")
        return self.code

    def get_code_challenge(self, code: str, request: Any) -> str:
        return self._code.challenge

    def get_code_challenge_method(self, code: str, request: Any) -> str:
        return "S256"

    def get_authorization_code_nonce(self, client_id: str, code: str, redirect_uri: str, request: Any) -> str | None:
        return self._code.nonce or None

    def get_authorization_code_scopes(self, client_id: str, code: str, redirect_uri: str, request: Any) -> list[str]:
        return list(self._code.scopes)

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *args: Any, **kwargs: Any) -> None:
        """`validate_code` did it."""

    def save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        until = timezone.now() + timedelta(seconds=TOKEN_SECONDS)
        SignOnToken(code=self._code, digest=digest(token["access_token"]), expires_at=until).save(force_insert=True)

    def get_id_token(self, token: dict[str, Any], token_handler: Any, request: Any) -> str:
        """Who signed in, when, and how surely we know them (`acr`: L0, L1, L2). Further claims are at the userinfo address."""
        code, now = self._code, int(timezone.now().timestamp())
        said: dict[str, Any] = {
            "iss": issuer(),
            "sub": claims(request.client, code.user, [])["sub"],
            "aud": request.client.client_id,
            "iat": now,
            "exp": now + ID_TOKEN_SECONDS,
            "acr": f"L{code.user.assurance}",
        }
        if code.signed_in_at is not None:
            said["auth_time"] = int(code.signed_in_at.timestamp())
        if code.nonce:
            said["nonce"] = code.nonce
        return signing_key().sign(said)


def _basic(header: str) -> tuple[str, str] | None:
    """Name and secret of HTTP Basic (both form-encoded: RFC 6749, 2.3.1); None when the header says something else."""
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote_plus(name), unquote_plus(secret)
