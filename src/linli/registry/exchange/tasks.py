"""The jobs that tell programs of changes, and write their files."""

from __future__ import annotations

import logging
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import LinliError
from linli.registry.exchange.actions import handing
from linli.registry.exchange.actions.ordering import BUILD, order_due
from linli.registry.exchange.actions.pushing import DELIVER, claim, not_taken, taken, write_messages
from linli.registry.exchange.engine.addresses import target
from linli.registry.exchange.engine.sending import NotTakenError, send

log = logging.getLogger(__name__)
TELLER = system_actor("exchange.tell")


@app.periodic(cron="* * * * *")
@app.task(name="exchange.tell", queue="default", queueing_lock="exchange.tell")
def tell(timestamp: int) -> None:
    """Every minute: what has changed since the last time."""
    write_messages(TELLER, now=timezone.now())


@app.task(name=DELIVER, queue="default")
def deliver(*, delivery_id: str) -> None:
    """Claim, send outside any transaction, write down the outcome. A repeated job finds nothing to claim."""
    pk = UUID(delivery_id)
    with scoped(TELLER):
        mine = claim(pk, timezone.now())
    if mine is None:
        return
    try:
        where = target(mine.url, allowed=settings.EXCHANGE_HOSTS, local=settings.EXCHANGE_LOCAL)
        send(where, mine.body, secret=mine.secret, delivery=str(pk), timeout=settings.EXCHANGE_TIMEOUT_S)
    except (NotTakenError, LinliError) as failure:
        with scoped(TELLER):
            not_taken(pk, failure.code if isinstance(failure, LinliError) else str(failure), timezone.now())
    else:
        with scoped(TELLER):
            taken(pk, timezone.now())


@app.task(name=BUILD, queue="default")
def build_file(*, file_id: str) -> None:
    """A repeated job finds the file another's, or done. What breaks off is begun anew by `tidy_files`."""
    handing.build(UUID(file_id))


@app.periodic(cron="30 2 * * *")
@app.task(name="exchange.order_files", queue="default", queueing_lock="exchange.order_files")
def order_files(timestamp: int) -> None:
    """Every night: what is due by the update cycle of its resource."""
    order_due(handing.JOB, today=timezone.localdate())


@app.periodic(cron="*/2 * * * *")
@app.task(name="exchange.tidy_files", queue="default", queueing_lock="exchange.tidy_files")
def tidy_files(timestamp: int) -> None:
    """Take up what died, take away what is over."""
    handing.take_up(timezone.now())
    while handing.remove_over(handing.JOB, now=timezone.now()):
        pass
