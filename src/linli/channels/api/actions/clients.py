"""Registering partner systems, giving them a new secret, closing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.channels.api.engine import new_client_id, new_secret
from linli.channels.api.models import ApiClient, ApiToken
from linli.channels.api.queries import get_client
from linli.foundation.access.engine.partners import SCOPES
from linli.foundation.accounts.models import User, UserKind
from linli.foundation.actions.actions import action, require
from linli.foundation.types import Actor
from linli.lib.errors import Invalid


@dataclass(frozen=True, slots=True)
class NewClient:
    """A partner system with its secret, which is shown this once and kept nowhere."""

    client: ApiClient
    secret: str = field(repr=False)


@action("admin.accounts", audit="api.client_created")
def create_client(actor: Actor, *, name: str, scopes: Sequence[str], per_minute: int = 600, burst: int = 120) -> NewClient:
    """Register a partner system. Errors: CLIENT_NAME, INVALID_SCOPE, CLIENT_RATE."""
    name = name.strip()
    if not 2 <= len(name) <= 60:
        raise Invalid("CLIENT_NAME", gettext_noop("Give the partner system a name of 2 to 60 characters."), field="name")
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise Invalid("INVALID_SCOPE", gettext_noop("Choose scopes among: %(known)s."), field="scopes", data={"known": ", ".join(SCOPES)})
    if not (1 <= per_minute <= 30000 and 1 <= burst <= 10000):
        raise Invalid("CLIENT_RATE", gettext_noop("The limit is 1 to 30000 requests a minute, at most 10000 at once."), field="per_minute")
    client_id, secret = new_client_id(), new_secret()
    user = User(username=client_id, name=name, kind=UserKind.PARTNER, password="!")  # noqa: S106 - an unusable password: nobody signs in with it
    user.save(force_insert=True)
    client = ApiClient(
        client_id=client_id,
        name=name,
        user=user,
        secret=make_password(secret),
        scopes=sorted(set(scopes)),
        per_minute=per_minute,
        burst=burst,
    )
    client.save(force_insert=True)
    return NewClient(client, secret)


@action("admin.accounts", audit="api.client_revoked")
def revoke_client(actor: Actor, *, client_pk: UUID) -> ApiClient:
    """Close a partner system: no new tokens, and those it has are void at once. Its cases stay."""
    client = get_client(actor, client_pk, lock=True)
    require(client.revoked_at is None, gettext_noop("This partner system is closed already."))
    client.revoked_at = timezone.now()
    client.save(update_fields=["revoked_at"])
    _void_tokens(client)
    user = User.objects.get(pk=client.user_id)
    user.is_active = False
    user.save(update_fields=["is_active"])
    return client


@action("admin.accounts", audit="api.secret_rotated")
def rotate_secret(actor: Actor, *, client_pk: UUID) -> NewClient:
    """Give a new secret. The old one and every token are void at once: the reason may be that somebody has them."""
    client = get_client(actor, client_pk, lock=True)
    require(client.revoked_at is None, gettext_noop("This partner system is closed already."))
    secret = new_secret()
    client.secret = make_password(secret)
    client.save(update_fields=["secret"])
    _void_tokens(client)
    return NewClient(client, secret)


def _void_tokens(client: ApiClient) -> None:
    ApiToken.objects.filter(client=client, revoked_at=None).update(revoked_at=timezone.now())
