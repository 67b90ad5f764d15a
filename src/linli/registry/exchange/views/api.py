"""`/exchange`: what a program of another office may read, page by page. The header Purpose names what it is read for, as it was approved."""

from __future__ import annotations

import json
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_noop
from ninja import Field, Header, Router, Schema

from linli.foundation.access.engine.partners import PartnerRequest, partner
from linli.lib.errors import NotFound
from linli.registry.exchange.actions.giving import give_changes, give_records
from linli.registry.exchange.engine.cursors import Cursor, Place
from linli.registry.exchange.models import Subscription
from linli.registry.exchange.queries import feed
from linli.registry.exchange.queries.catalogue import items_of
from linli.registry.exchange.queries.subscriptions import in_use, own_subscriptions

router = Router(tags=["exchange"])
Limit = Annotated[int, Field(ge=1, le=feed.MOST)]


class SubscriptionOut(Schema):
    id: UUID
    resource: str
    name: str
    purpose: str
    state: str
    fields: list[str]
    region: str
    until: str


class ItemOut(Schema):
    name: str
    title: str
    type: str
    length: int | None
    level: int


class SubscriptionDetail(SubscriptionOut):
    items: list[ItemOut]


class RecordsOut(Schema):
    records: list[dict[str, Any]] = Field(description="`id` and the items of the subscription")
    next: str | None = Field(description="Send it as `after`; null: these were the last")
    changes_after: str = Field(description="Position of the feed at which the first page was read: go on with it when all records are read")


class ChangeOut(Schema):
    seq: str = Field(description="Place of the change; the same change is told under the same one again")
    at: str
    id: UUID
    op: str = Field(description="I, U, D, MERGE (`id` is `other` from now on), SPLIT (`other` is a subject of its own again)")
    changed: list[str]
    record: dict[str, Any] | None = Field(description="What the subject is now; null: remove it")
    other: UUID | None = None
    other_record: dict[str, Any] | None = None


class ChangesOut(Schema):
    changes: list[ChangeOut]
    next: str = Field(description="Keep it when the page is stored, and send it as `after`")
    more: bool = Field(description="There is more at once")


@router.get("/exchange", response=list[SubscriptionOut], summary="Own subscriptions")
@partner("exchange:read")
def list_subscriptions(request: PartnerRequest) -> list[SubscriptionOut]:
    return [SubscriptionOut(**_told(row)) for row in own_subscriptions(request.actor)]


@router.get("/exchange/{subscription}", response=SubscriptionDetail, summary="A subscription with its items")
@partner("exchange:read")
def read_subscription(request: PartnerRequest, subscription: UUID) -> SubscriptionDetail:
    row = next((one for one in own_subscriptions(request.actor) if one.pk == subscription), None)
    if row is None:
        raise NotFound("SUBSCRIPTION_UNKNOWN", gettext_noop("There is no such subscription."))
    items = [
        ItemOut(name=i.name, title=i.title, type=i.type, length=i.length, level=i.level)
        for i in items_of(row.resource_id)
        if i.name in row.fields
    ]
    return SubscriptionDetail(**_told(row), items=items)


@router.get("/exchange/{subscription}/changes", response=ChangesOut, summary="Changes in the order they were committed")
@partner("exchange:read")
def changes(
    request: PartnerRequest,
    subscription: UUID,
    after: str,
    limit: Limit = feed.MOST,
    purpose: Header[str] = "",
) -> HttpResponse:
    """At least once: after a break send the last position you stored. A change tells the subject as it is now, so that order within it does not matter."""
    use = feed.use_of(in_use(request.actor, subscription, purpose=purpose))
    cursor = Cursor.read(after)
    page = give_changes(request.actor, use=use, read=lambda: feed.changes(use, cursor, limit=limit))
    return _json({"changes": page.items, "next": page.next, "more": page.more})


@router.get("/exchange/{subscription}/records", response=RecordsOut, summary="All records by key")
@partner("exchange:read")
def records(
    request: PartnerRequest,
    subscription: UUID,
    after: str = "",
    limit: Limit = feed.MOST,
    purpose: Header[str] = "",
) -> HttpResponse:
    """Begin here. What changes while you read is in the changes behind `changes_after`."""
    use = feed.use_of(in_use(request.actor, subscription, purpose=purpose))
    place = Place.read(after) if after else None
    page = give_records(request.actor, use=use, read=lambda: feed.records(use, place, limit=limit))
    return _json({"records": page.items, "next": page.next or None, "changes_after": page.began})


@router.get("/exchange/{subscription}/records/{subject}", response=dict[str, Any], summary="One record")
@partner("exchange:read")
def one_record(request: PartnerRequest, subscription: UUID, subject: UUID, purpose: Header[str] = "") -> HttpResponse:
    """As it is now; what is not in the subscription's range does not exist."""
    use = feed.use_of(in_use(request.actor, subscription, purpose=purpose))
    page = give_records(request.actor, use=use, read=lambda: feed.record(use, subject))
    if not page.items:
        raise NotFound("RECORD_UNKNOWN", gettext_noop("There is no such record in this subscription."))
    return _json(page.items[0])


def _told(row: Subscription) -> dict[str, Any]:
    return {
        "id": row.pk,
        "resource": row.resource.code,
        "name": row.resource.name,
        "purpose": row.purpose,
        "state": row.state,
        "fields": row.fields,
        "region": row.region.code,
        "until": row.until.isoformat(),
    }


def _json(body: dict[str, Any]) -> HttpResponse:
    """Five hundred records need no second look by pydantic; the schema above is for whoever writes a program."""
    response = HttpResponse(json.dumps(body, ensure_ascii=False, separators=(",", ":")), content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
