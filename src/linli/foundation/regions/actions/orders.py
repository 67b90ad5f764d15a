"""Mergers, moves and new outlines: ordered on the page, carried out by a job under the rights of whoever ordered them (DESIGN, "Data")."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import repeated
from linli.foundation.regions import policy, queries
from linli.foundation.regions.actions.changes import merge_regions, move_region
from linli.foundation.regions.actions.outlines import redraw_grids, seconds_until
from linli.foundation.regions.actions.turns import lock_orders, require_free
from linli.foundation.regions.engine import actor_of
from linli.foundation.regions.models import Region, RegionOrder
from linli.foundation.regions.types import Asked
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit, put_jobs
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, LinliError

CARRY_OUT = "regions.carry_out"
ORDER_ENDED = "regions.order_ended"


@action("admin.units", audit="regions.change_ordered")
def order_change(actor: Actor, *, kind: str, asked: Asked, key: str) -> RegionOrder:
    """Write down a merger, a move or new outlines ("merge", "move", "outline") and queue the job. The same ``key`` of a page orders it once.

    Errors: those of `policy.check_merge`, `policy.check_move` or `queries.judge_asked`, which the job asks again; REGION_ORDERED; REGION_ORDER_KEY.
    """
    require(actor.user_id is not None)  # a job acts for its holder later
    lock_orders()
    before = queries.order_confirmed(actor, key)
    if before is not None:
        if (before.ordered_by, before.kind, before.asks) != (actor.user_id, kind, asked):
            raise Conflict(
                "REGION_ORDER_KEY", "Something else was ordered from this page.", hint="Open the form again and fill it in anew."
            )
        repeated()
        return before
    regions = [queries.get_region(pk) for pk in asked.touched]
    check_order(kind, regions, asked)
    require_free(actor, regions)
    assert actor.user_id is not None  # noqa: S101 - narrows a type
    order = RegionOrder(kind=kind, asked=asked.as_json(), key=key, ordered_by=actor.user_id, orderer=actor.label[:80])
    order.save(force_insert=True)
    put_jobs(CARRY_OUT, "default", {"order_id": str(order.id)}, wait_s=seconds_until(asked.on))
    return order


def check_order(kind: str, regions: list[Region], asked: Asked) -> None:
    """What the change itself will ask; ``regions`` in the order of ``asked.touched``."""
    *first, target = regions
    if kind == "merge":
        policy.check_merge(first, target, asked.on)
    elif kind == "outline":
        policy.check_redraw(first[0], asked.on)
        queries.judge_asked(asked)
    else:
        policy.check_move(first[0], target, asked.on)


def carry_out(order_id: UUID) -> None:
    """The job's step: the change and the order's new state in one transaction. An order that has ended is left alone."""
    job = system_actor("regions.orders")
    with scoped(job):
        order = queries.get_order(job, order_id, lock=True)
        if order.state != "waiting":
            return
        try:
            _run(actor_of(order.ordered_by), order)
        except LinliError as error:
            _end(order, "refused", {"code": error.code, "message": error.message, "hint": error.hint, "data": error.data})
        else:
            _end(order, "done", {})


def give_up(order_id: UUID) -> None:
    """After the last try: nothing was changed, and the order says so."""
    job = system_actor("regions.orders")
    with scoped(job):
        order = queries.get_order(job, order_id, lock=True)
        if order.state == "waiting":
            _end(order, "failed", {})


def _run(actor: Actor, order: RegionOrder) -> None:
    asked = order.asks
    if order.kind == "merge":
        merge_regions(actor, region_ids=list(asked.region_ids), into_id=asked.target_id, on=asked.on, document=asked.document)
    elif order.kind == "outline":
        redraw_grids(actor, asked=asked)
    else:
        move_region(actor, region_id=asked.region_ids[0], parent_id=asked.target_id, on=asked.on, document=asked.document)


def _end(order: RegionOrder, state: str, reason: dict[str, object]) -> None:
    order.state, order.reason, order.done_at = state, reason, timezone.now()
    order.save(update_fields=["state", "reason", "done_at"])
    emit(ORDER_ENDED, order_id=order.id)
