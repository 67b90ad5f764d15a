"""Who acts when nobody is signed in yet, and counting tries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from linli.foundation.accounts.models import Attempt
from linli.foundation.audit.actions import note
from linli.foundation.audit.engine import recording
from linli.foundation.audit.types import Change, Outcome
from linli.foundation.scope.engine import current
from linli.foundation.types import Actor, system_actor

KEEP_ATTEMPTS = timedelta(days=2)


def at_door(actor: Actor) -> Actor:
    """The system, opening the door for whoever stands outside: the trail keeps the address and the request."""
    return system_actor("accounts.sign_in", permissions=("accounts.sign_in",)).but(address=actor.address, request_id=actor.request_id)


def own(actor: Actor) -> Actor:
    """Everybody who is signed in may look after the own account, whatever the post includes."""
    return actor.but(permissions=actor.permissions | {"accounts.own"})


def lock_on(name: str) -> None:
    """One transaction at a time for this name, until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def count_try(kind: str, key: object) -> None:
    """Remember one try; old ones go."""
    now = timezone.now()
    Attempt.objects.filter(kind=kind, key=str(key), at__lt=now - KEEP_ATTEMPTS).delete()
    Attempt.objects.create(kind=kind, key=str(key)[:45], at=now)


def count_try_afterwards(kind: str, key: object) -> None:
    """Remember a try after the transaction, which a refusal will have rolled back by then."""
    scope = current.get()
    if scope is not None:
        scope.afterwards.append(lambda: count_try(kind, key))


def say(**notes: Any) -> None:
    """Add to what the running action writes on the trail."""
    record = recording.get()
    if record is not None:
        record.notes.update(notes)


def note_refusal(actor: Actor, name: str, reason: str, *, user_id: object = "", **notes: Any) -> None:
    """A refusal that was counted and therefore not rolled back."""
    subject = Change("accounts.user", str(user_id), {}) if user_id else None
    note(actor, name, outcome=Outcome.REFUSED, reason=reason, subject=subject, **notes)
