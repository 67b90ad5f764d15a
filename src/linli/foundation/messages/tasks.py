"""The one job that sends one message."""
from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from linli.foundation.messages.actions import SEND_ONE, claim, delivered, not_delivered
from linli.foundation.messages.engine import deliver
from linli.foundation.messages.models import Message
from linli.foundation.messages.types import DeliveryFailed
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor


@app.task(name=SEND_ONE, queue="messages", retry=8)
def send_one(*, message_id: str) -> None:
    """Claim, send outside any transaction, write down the outcome. A repeated job finds nothing to claim; the gateway knows a repeated id."""
    pk, actor = UUID(message_id), system_actor("messages.send_one")
    with scoped(actor):
        outgoing = claim(pk)
        channel = Message.objects.filter(pk=pk).values_list("channel", flat=True).first()
    if outgoing is None or channel is None:
        return
    try:
        gateway_id = deliver(channel, outgoing)
    except DeliveryFailed as failure:
        with scoped(actor):
            not_delivered(pk, failure)
        return
    with scoped(actor):
        delivered(pk, gateway_id)
