"""Whoever ordered a change of regions hears what became of it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext

from linli.foundation.accounts.actions.notices import tell
from linli.foundation.accounts.types import Notice
from linli.foundation.regions.actions.orders import ORDER_ENDED
from linli.foundation.regions.queries import get_order
from linli.foundation.scope.engine import current_actor
from linli.foundation.topics.engine import consumer
from linli.foundation.topics.types import Event
from linli.lib.errors import LinliError
from linli.ui.engine.refusal import words_of


@consumer(ORDER_ENDED, name="access.tell_orderer")
def tell_orderer(event: Event) -> None:
    """In the app: done, refused with the reason, or failed."""
    actor = current_actor()
    order = get_order(actor, UUID(event.payload["order_id"]))
    reason = words_of(LinliError(**order.reason)) if order.reason else gettext("a fault of the system")
    params = {"document": order.asks.document, "order": str(order.id)} | ({} if order.state == "done" else {"reason": reason})
    tell(actor, Notice(f"regions.order_{order.state}", params, to_user=order.ordered_by, dedupe=f"region_order:{order.id}"))
