"""Reading partner systems and their tokens."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.channels.api import policy
from linli.channels.api.engine import token_digest
from linli.channels.api.models import ApiClient, ApiToken
from linli.foundation.access.engine.partners import permissions_of
from linli.foundation.types import Actor, ActorKind
from linli.lib.errors import NotFound


@dataclass(frozen=True, slots=True)
class Caller:
    """Who holds a token, as an actor, and how much the partner system may ask."""

    client_pk: UUID
    actor: Actor
    scopes: tuple[str, ...]
    per_minute: int
    burst: int


def caller(token: str, *, address: str = "", request_id: str = "") -> Caller | None:
    """The holder of a token that is in force; None for one that is unknown, over, revoked, or of a revoked or closed client."""
    row = (
        ApiToken.objects.select_related("client")
        .filter(
            digest=token_digest(token),
            revoked_at=None,
            expires_at__gt=timezone.now(),
            client__revoked_at=None,
            client__user__is_active=True,
        )
        .first()
    )
    if row is None:
        return None
    client = row.client
    scopes = [scope for scope in row.scopes if scope in client.scopes]  # a scope taken away counts at once
    actor = Actor(
        ActorKind.PARTNER,
        user_id=client.user_id,
        label=client.name,
        permissions=permissions_of(scopes),
        address=address,
        request_id=request_id,
    )
    return Caller(client.pk, actor, tuple(scopes), client.per_minute, client.burst)


def clients(actor: Actor) -> QuerySet[ApiClient]:
    """Partner systems for the administrator of accounts, by name."""
    return ApiClient.objects.filter(policy.clients.visible(actor)).order_by("name", "client_id")


def get_client(actor: Actor, client_pk: UUID, *, lock: bool = False) -> ApiClient:
    rows = ApiClient.objects.filter(policy.clients.visible(actor), pk=client_pk)
    client = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if client is None:
        raise NotFound("API_CLIENT", gettext_noop("There is no such partner system."))
    return client
