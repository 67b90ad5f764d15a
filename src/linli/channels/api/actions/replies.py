"""Calls that happen once: the answer is kept under the partner's key, in the transaction of the call itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.channels.api.actions.tokens import DOOR
from linli.channels.api.models import ApiBucket, ApiReply
from linli.foundation.actions.actions import action
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor
from linli.lib.errors import Conflict

KEEP_REPLIES = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the first call was answered."""

    body: str
    location: str


def claim_reply(client_pk: UUID, key: str, digest: bytes) -> Reply | None:
    """None: this call is the first, go on and `keep_reply`. Otherwise the first one's answer; a call at the same moment waits for it.

    Error: IDEMPOTENCY_KEY_REUSED (409) when the first call with this key said something else.
    """
    with scoped(DOOR):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO api_reply (client_id, key, digest, location, at) VALUES (%s, %s, %s, '', %s)"
                " ON CONFLICT (client_id, key) DO NOTHING",
                [client_pk, key, digest, timezone.now()],
            )
            if cursor.rowcount == 1:
                return None
        row = ApiReply.objects.get(client_id=client_pk, key=key)
    if bytes(row.digest) != digest:
        raise Conflict(
            "IDEMPOTENCY_KEY_REUSED",
            gettext_noop("This Idempotency-Key was used for a different request."),
            field="Idempotency-Key",
            hint=gettext_noop("Use a new key for every new application."),
        )
    return Reply(row.body, row.location)


def keep_reply(client_pk: UUID, key: str, *, body: str, location: str) -> None:
    """Remember the answer of a call that succeeded."""
    with scoped(DOOR):
        row = ApiReply.objects.get(client_id=client_pk, key=key)
        row.body, row.location = body, location[:200]
        row.save(update_fields=["body", "location"])


@action("system", audit="api.old_replies_removed")
def remove_old_replies(actor: Actor, *, now: datetime) -> int:
    """Answers older than 30 days go; a partner that repeats a call so late is answered anew (by the case's own submission key). How many."""
    ApiBucket.objects.filter(at__lt=now - timedelta(days=1)).delete()
    return ApiReply.objects.filter(at__lt=now - KEEP_REPLIES).delete()[0]
