"""Telling programs that something changed: written in turns, sent by jobs, tried again, given up, sent anew."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import repeated
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, NotFound
from linli.registry.exchange import policy
from linli.registry.exchange.engine.addresses import target
from linli.registry.exchange.engine.cursors import Cursor
from linli.registry.exchange.models import Delivery, Endpoint, Subscription
from linli.registry.exchange.queries import feed
from linli.registry.exchange.queries.catalogue import terms
from linli.registry.exchange.queries.subscriptions import get_subscription, is_over

DELIVER = "exchange.deliver"
PAGES = 20  # of one endpoint in one turn, so that one that begins does not hold up the others
LEASE = timedelta(minutes=2)
"""A message that is being sent belongs to its job so long; a job that died lets go of it then."""


@action("exchange.manage", audit="exchange.endpoint_set")
def set_endpoint(actor: Actor, *, subscription_id: UUID, url: str) -> str:
    """Tell changes to an address from now on, and return the secret messages are signed with: it is shown this once.

    Errors: SUBSCRIPTION_STATE, URL_SHAPE, URL_UNKNOWN, URL_PRIVATE.
    """
    sub = get_subscription(actor, subscription_id, lock=True)
    require(policy.can_manage(actor, sub))
    if not _in_force(sub):
        raise Conflict("SUBSCRIPTION_STATE", gettext_noop("Only a subscription in use is told of changes."))
    url = url.strip()
    target(url, allowed=settings.EXCHANGE_HOSTS, local=settings.EXCHANGE_LOCAL)
    secret, begin = secrets.token_urlsafe(32), feed.now()
    row = Endpoint.objects.filter(subscription=sub).first()
    if row is None:
        Endpoint(subscription=sub, url=url, secret=secret, xid=begin.xid, seq=begin.seq, region_path=sub.region_path).save(
            force_insert=True
        )
    else:
        row.url, row.secret = url, secret
        row.save(update_fields=["url", "secret"])
    return secret


def _in_force(sub: Subscription) -> bool:
    return sub.state == "approved" and not is_over(sub)


@action("system", audit="exchange.messages_written")
def write_messages(actor: Actor, *, now: datetime) -> int:
    """Write what every endpoint has not been told yet, and queue what is due. How many messages were written."""
    written = 0
    for endpoint in Endpoint.objects.select_for_update(skip_locked=True).filter(subscription__state="approved").order_by("id"):
        sub = Subscription.objects.select_related("resource").get(pk=endpoint.subscription_id)
        if _in_force(sub):
            written += _write(endpoint, sub, now)
    for pk in Delivery.objects.filter(state="waiting", next_at__lte=now).values_list("pk", flat=True)[:200]:
        put_jobs(DELIVER, "default", {"delivery_id": str(pk)})
    if not written:
        repeated()
    return written


def _write(endpoint: Endpoint, sub: Subscription, now: datetime) -> int:
    use, written = feed.use_of(sub), 0
    epoch = feed.now().epoch
    for _ in range(PAGES):
        before = Cursor(epoch, endpoint.xid, endpoint.seq)
        page = feed.changes(use, before)
        after = Cursor.read(page.next)
        endpoint.xid, endpoint.seq = after.xid, after.seq
        if page.items:
            _message(sub, page, str(before), now)
            written += 1
        if not page.more:
            break
    endpoint.save(update_fields=["xid", "seq"])
    return written


def _message(sub: Subscription, page: feed.Page, before: str, now: datetime) -> Delivery:
    """Keys and names of items only; what they say is fetched with the subscription's own rights."""
    kept = ("seq", "at", "id", "op", "changed", "other")
    body: dict[str, Any] = {
        "subscription": str(sub.pk),
        "resource": sub.resource.code,
        "after": before,
        "next": page.next,
        "changes": [{name: one[name] for name in kept if name in one} for one in page.items],
    }
    row = Delivery(
        subscription=sub,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        changes=len(page.items),
        next_at=now,
        made_at=now,
        region_path=sub.region_path,
    )
    row.save(force_insert=True)
    return row


@dataclass(frozen=True)
class Claimed:
    """A message that is this job's to send."""

    pk: UUID
    url: str
    secret: str
    body: bytes


def claim(pk: UUID, now: datetime) -> Claimed | None:
    """Take a message that is due; None when it is not, is another job's, or its subscription is not in force (then it is given up)."""
    row = Delivery.objects.select_for_update().filter(pk=pk, state="waiting", next_at__lte=now).first()
    if row is None:
        return None
    sub = Subscription.objects.get(pk=row.subscription_id)
    endpoint = Endpoint.objects.filter(subscription=sub).first()
    if endpoint is None or not _in_force(sub):
        row.state, row.error = "dead", "not in force"
        row.save(update_fields=["state", "error"])
        return None
    row.tries, row.next_at = row.tries + 1, now + LEASE
    row.save(update_fields=["tries", "next_at"])
    return Claimed(row.pk, endpoint.url, endpoint.secret, row.body.encode())


def taken(pk: UUID, now: datetime) -> None:
    Delivery.objects.filter(pk=pk).update(state="done", done_at=now, error="")


def not_taken(pk: UUID, why: str, now: datetime) -> None:
    """Try again after 1, 5 and 30 minutes (the packs' terms), then give it up."""
    row = Delivery.objects.select_for_update().get(pk=pk)
    waits = terms().retry_minutes
    row.error = why[:120]
    if row.tries > len(waits):
        row.state = "dead"
    else:
        row.next_at = now + timedelta(minutes=waits[row.tries - 1])
        put_jobs(DELIVER, "default", {"delivery_id": str(pk)}, wait_s=waits[row.tries - 1] * 60 + 1)
    row.save(update_fields=["error", "state", "next_at"])


@action("exchange.manage", audit="exchange.message_replayed")
def replay(actor: Actor, *, subscription_id: UUID, delivery_id: UUID) -> None:
    """Send a message anew that was given up: the same message, so that a program that took it after all knows it. Error: MESSAGE_STATE."""
    sub = get_subscription(actor, subscription_id)
    require(policy.can_manage(actor, sub))
    row = Delivery.objects.select_for_update().filter(policy.deliveries.visible(actor), subscription=sub, pk=delivery_id).first()
    if row is None:
        raise NotFound("MESSAGE_UNKNOWN", gettext_noop("There is no such message."))
    if row.state != "dead" or not _in_force(sub):
        raise Conflict("MESSAGE_STATE", gettext_noop("Only messages of a use in force that were given up are sent anew."))
    row.state, row.tries, row.next_at, row.error = "waiting", 0, timezone.now(), ""
    row.save(update_fields=["state", "tries", "next_at", "error"])
    put_jobs(DELIVER, "default", {"delivery_id": str(row.pk)})


@action("system", audit="exchange.example_given_up")
def give_up_example(actor: Actor, *, subscription_id: UUID) -> None:
    """Of a synthetic city: what has changed so far was told to a program nobody runs, and given up after all tries."""
    sub = Subscription.objects.select_related("resource").get(pk=subscription_id)
    use, now = feed.use_of(sub), timezone.now()
    begin = feed.now()
    page = feed.changes(use, Cursor(begin.epoch, 0, 0))
    place = Endpoint(subscription=sub, url="http://127.0.0.1:9/changes", secret=secrets.token_urlsafe(32), region_path=sub.region_path)
    place.xid, place.seq = begin.xid, begin.seq
    place.save(force_insert=True)
    row = _message(sub, page, str(Cursor(begin.epoch, 0, 0)), now)
    row.state, row.tries, row.error = "dead", len(terms().retry_minutes) + 1, "ConnectError"
    row.save(update_fields=["state", "tries", "error"])
