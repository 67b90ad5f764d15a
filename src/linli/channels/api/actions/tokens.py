"""OAuth 2.0 client credentials (RFC 6749 section 4.4) and revocation (RFC 7009)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.channels.api.engine import new_token, token_digest
from linli.channels.api.models import ApiClient, ApiToken
from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Invalid, Refused

TOKEN_SECONDS = 3600
DOOR = system_actor("api.door", permissions=["api.tokens"])
"""Nobody is known yet when a token is asked for or looked up: the door itself acts."""
KEEP = timedelta(days=1)  # expired tokens stay this long, then they are deleted


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """The token itself leaves the house once."""

    token: str = field(repr=False)
    scopes: tuple[str, ...] = ()
    seconds: int = TOKEN_SECONDS


@action("api.tokens", audit="api.token_issued")
def issue_token(actor: Actor, *, client_id: str, secret: str, scopes: Sequence[str] = ()) -> IssuedToken:
    """A token of an hour with the scopes asked for (all of the client's, when none are).

    Errors: INVALID_CLIENT (401), INVALID_SCOPE (400).
    """
    client = _authenticate(client_id, secret)
    wanted = list(dict.fromkeys(scopes)) or list(client.scopes)
    if not set(wanted) <= set(client.scopes):
        raise Invalid(
            "INVALID_SCOPE", gettext_noop("This partner system was not given every scope it asks for."), field="scope", status=400
        )
    now, token = timezone.now(), new_token()
    ApiToken.objects.filter(client=client, expires_at__lt=now - KEEP).delete()
    ApiToken(
        client=client,
        digest=token_digest(token),
        scopes=wanted,
        issued_at=now,
        expires_at=now + timedelta(seconds=TOKEN_SECONDS),
        address=actor.address,
    ).save(force_insert=True)
    return IssuedToken(token, tuple(wanted))


@action("api.tokens", audit="api.token_revoked")
def revoke_token(actor: Actor, *, client_id: str, secret: str, token: str) -> None:
    """Make one of the client's own tokens void; one that is unknown or another's changes nothing and says nothing (RFC 7009)."""
    client = _authenticate(client_id, secret)
    row = ApiToken.objects.filter(client=client, digest=token_digest(token), revoked_at=None).first()
    if row is not None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])


def _authenticate(client_id: str, secret: str) -> ApiClient:
    """The client, or INVALID_CLIENT; both ways cost one Argon2, so that the time does not tell whether the name exists."""
    client = ApiClient.objects.filter(client_id=client_id, revoked_at=None).first()
    if client is None:
        make_password(secret)
    elif check_password(secret, client.secret):
        return client
    record = recording.get()
    if record is not None:
        record.notes["client_id"] = client_id[:40]
    raise Refused("INVALID_CLIENT", gettext_noop("The client is unknown or its secret is wrong."), status=401)
