"""The job that carries out what somebody ordered, and the one that comes after it."""

from __future__ import annotations

import logging
from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from linli.foundation.regions.actions.changes import REWRITE
from linli.foundation.regions.actions.changes import rewrite as rewrite_rows
from linli.foundation.regions.actions.orders import CARRY_OUT, give_up
from linli.foundation.regions.actions.orders import carry_out as carry_out_order
from linli.foundation.regions.actions.outlines import FOLLOW, follow_outlines

log = logging.getLogger(__name__)
REPEATED = 4
"""How often a try that broke off is repeated: within two minutes, while somebody waits for the page."""


@app.task(name=CARRY_OUT, queue="default", retry=RetryStrategy(max_attempts=REPEATED, exponential_wait=3), pass_context=True)
def carry_out(context: JobContext, *, order_id: str) -> None:
    """One try. What breaks off has changed nothing; the last one that does, or a job whose worker died each time, ends the order."""
    pk, tries = UUID(order_id), context.job.attempts
    if tries > REPEATED:
        log.error("order %s for a change of regions: its worker died at every try", pk)
        give_up(pk)
        return
    try:
        carry_out_order(pk)
    except Exception:
        log.exception("order %s for a change of regions broke off at try %d", pk, tries + 1)
        if tries == REPEATED:
            give_up(pk)
        raise


@app.task(name=REWRITE, queue="default", retry=8)
def rewrite(*, old: str, new: str) -> None:
    """Rows that others wrote while the region moved follow it."""
    rewrite_rows(old, new)


@app.task(name=FOLLOW, queue="default", retry=8)
def follow(*, community_id: str) -> None:
    """Homes that were placed by the old outlines while they were being changed follow the new ones."""
    follow_outlines(UUID(community_id))
