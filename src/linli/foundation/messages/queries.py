"""Reading messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from linli.foundation.actions.actions import require
from linli.foundation.messages import policy
from linli.foundation.messages.models import Message, ReceivedSms
from linli.foundation.messages.types import Delivery
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import NotFound
from linli.lib.masking import mask_email, mask_phone


def inbox_of(actor: Actor) -> QuerySet[Message]:
    """In-app messages written to the actor (or somebody the actor acts for), newest first."""
    return Message.objects.filter(policy.messages.visible(actor), channel="inapp").order_by("-created_at", "-id")


def unread_count(actor: Actor) -> int:
    return inbox_of(actor).filter(read_at=None).count()


def get_message(actor: Actor, pk: UUID) -> Message:
    """One in-app message in the actor's sight; `NotFound` otherwise."""
    message = inbox_of(actor).filter(pk=pk).first()
    if message is None:
        raise NotFound("MESSAGE_UNKNOWN", "There is no such message.")
    return message


def delivery_log(actor: Actor, *, state: str = "", channel: str = "", since: datetime | None = None, limit: int = 200) -> list[Delivery]:
    """What became of messages, newest first: addresses masked, wording left out. Needs `admin.messages`."""
    require(policy.can_view_log(actor))
    with scoped(system_actor("admin.messages")):
        rows = Message.objects.exclude(channel="inapp").order_by("-created_at")
        for name, value in (("state", state), ("channel", channel), ("created_at__gte", since)):
            rows = rows.filter(**{name: value}) if value else rows
        return [
            Delivery(row.id, row.channel, row.key, _masked(row), row.state, row.tries, row.error, row.created_at, row.sent_at, row.case_id)
            for row in rows.defer("body", "subject")[:limit]
        ]


def _masked(row: Message) -> str:
    return mask_email(row.address) if row.channel == "mail" else mask_phone(row.address)


def told_lines(*about: str) -> Iterator[str]:
    """One line a message of what was told when, for the checksum of a synthetic city: no keys, no addresses. ``about``: beginnings of message keys."""
    wanted = reduce(or_, (Q(key__startswith=f"{one}.") for one in about))
    columns = ("channel", "key", "region_path", "subject", "body", "link", "state", "created_at", "read_at")
    rows = Message.objects.filter(wanted).values_list(*columns)
    for row in rows.iterator(chunk_size=5000):
        yield "\t".join(str(value) for value in row)


def received_sms(*, limit: int = 200) -> list[ReceivedSms]:
    """What the local gateway received, newest first; nothing outside a demo (nobody's telephone may be read here)."""
    if not settings.DEMO:
        raise NotFound("NO_LOCAL_GATEWAY", "There is no local gateway here.")
    with scoped(system_actor("messages.local_gateway")):
        return list(ReceivedSms.objects.order_by("-received_at")[:limit])
