"""The one job that sends one message."""

from __future__ import annotations

import logging
from uuid import UUID

from procrastinate.contrib.django import app

from linli.foundation.messages.actions import SEND_ONE, claim, delivered, look_again, not_delivered
from linli.foundation.messages.engine import deliver
from linli.foundation.messages.types import DeliveryError
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

log = logging.getLogger(__name__)


@app.task(name=SEND_ONE, queue="messages", retry=8)
def send_one(*, message_id: str) -> None:
    """Claim, send outside any transaction, write down the outcome. A repeated job finds nothing to claim."""
    pk, actor = UUID(message_id), system_actor("messages.send_one")
    with scoped(actor):
        claimed = claim(pk)
        if claimed is None:
            look_again(pk)
    if claimed is None:
        return
    channel, outgoing = claimed
    try:
        gateway_id = deliver(channel, outgoing)
    except DeliveryError as failure:
        with scoped(actor):
            not_delivered(pk, failure)
    except Exception as error:  # an adapter's mistake must not leave a message in limbo
        log.exception("the channel %s failed in an unforeseen way", channel)
        with scoped(actor):
            not_delivered(pk, DeliveryError(type(error).__name__))
    else:
        with scoped(actor):
            delivered(pk, gateway_id)
