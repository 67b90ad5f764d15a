"""Reading phones."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from linli.foundation.scope.actions import scoped
from linli.foundation.sync import policy
from linli.foundation.sync.models import Device, Item
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import NotFound


def phones(actor: Actor, text: str = "") -> QuerySet[Device]:
    """Phones in sight, the latest heard of first; narrowed by the beginning of their worker's name or user name."""
    rows = Device.objects.filter(policy.devices.visible(actor)).select_related("user").order_by("-last_contact", "id")
    return rows.filter(Q(user__name__startswith=text) | Q(user__username__startswith=text)) if text else rows


def get_phone(actor: Actor, pk: UUID, *, lock: bool = False) -> Device:
    """One phone in sight; `NotFound` otherwise."""
    rows = Device.objects.filter(policy.devices.visible(actor), pk=pk)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound("PHONE_UNKNOWN", "There is no such phone.")
    return found


def is_revoked(key_id: UUID) -> bool:
    """Whether a phone was revoked, whoever holds it now."""
    with scoped(system_actor("sync.phone")):
        return Device.objects.filter(key_id=key_id).exclude(revoked_at=None).exists()


def taken_lately(actor: Actor) -> int:
    """Items the actor brought within the last minute."""
    return Item.objects.filter(policy.items.visible(actor), received_at__gt=timezone.now() - timedelta(minutes=1)).count()


def old_answers(before: datetime) -> QuerySet[Item]:
    """What phones were told before a moment, and is still kept; the oldest first. Under a job's rights."""
    return Item.objects.filter(received_at__lt=before, answer__isnull=False).order_by("received_at", "pk")


def answers_due(before: datetime, most: int) -> int:
    return len(old_answers(before).values_list("pk", flat=True)[:most])
