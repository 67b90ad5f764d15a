"""The feed of changes, read by one subscriber over HTTP: pages of 500, eight items of each person (two of them decrypted), one log row a page."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from bench.client import Client
from bench.measure import BenchError, Report
from bench.people import Doorkeeper, staff_with
from linli.channels.api.actions import NewClient, create_client, revoke_client
from linli.foundation.access.queries import actor_of
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.exchange.actions.subscriptions import approve, ask, withdraw
from linli.registry.exchange.models import Resource, Subscription
from linli.registry.exchange.queries import feed

OPERATOR = system_actor("bench.feed", permissions=["admin.accounts"])
FIELDS = ("name", "sex", "birth_date", "id_number", "phone", "region", "live_address", "died_on")
PURPOSE = "statistics"
MOST = 20_000  # changes, read again and again
SECONDS = 10.0
WARM_UP = 5


def run(report: Report, keeper: Doorkeeper) -> None:
    """Changes of people taken all over the city, as their triggers would have told them."""
    with _subscribed() as (made, sub):
        with scoped(OPERATOR):
            begin = str(feed.now())
        written = _changes(min(MOST, report.people))
        client = Client(keeper.base_url, headers={"Authorization": f"Bearer {_token(keeper.base_url, made)}", "Purpose": PURPOSE})
        for _ in range(WARM_UP):
            _page(client, sub, begin)
        told, pages, took = _read(client, sub, begin)
        client.close()
    note = f"{pages} pages of at most {feed.MOST}, {len(FIELDS)} items, {written:,} changes, one subscriber"
    report.figure("feed_changes_per_s", told / took, "1/s", 2000, at_least=True, note=note)


@contextmanager
def _subscribed() -> Iterator[tuple[NewClient, Subscription]]:
    """A program that may read the whole city; closed again afterwards, with the changes written for it."""
    officers, heads = staff_with("data_officer"), staff_with("dept_head")
    city = Region.objects.filter(level="city", valid_to=None).order_by("path").first()
    if not officers or not heads or city is None:
        raise BenchError("the city has nobody who may apply and decide: build it anew")
    with scoped(OPERATOR):
        made = create_client(OPERATOR, name="bench feed", scopes=["exchange:read"], per_minute=30_000, burst=10_000)
        resource = Resource.objects.get(entity="person")
        cursor = connection.cursor()
        cursor.execute("SELECT coalesce(max(seq), 0) FROM exchange_change")
        before = cursor.fetchone()[0]
    row = ask(
        actor_of(officers[0]),
        resource_id=resource.pk,
        recipient_id=made.client.user_id,
        office="bench",
        purpose=PURPOSE,
        reason="bench",
        legal_basis="bench",
        fields=FIELDS,
        region=city.code,
        until=timezone.localdate() + timedelta(days=1),
    )
    approve(actor_of(heads[0]), subscription_id=row.pk)
    try:
        yield made, row
    finally:
        withdraw(actor_of(officers[0]), subscription_id=row.pk)
        with scoped(OPERATOR):
            revoke_client(OPERATOR, client_pk=made.client.pk)
            connection.cursor().execute("DELETE FROM exchange_change WHERE seq > %s", [before])


def _changes(most: int) -> int:
    """As the triggers write them, of people in an order that is not that of their keys; committed."""
    with scoped(OPERATOR), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_change (entity, subject_id, op, fields, region_path) "
            "SELECT 'person', id, 'U', '[\"live_address\"]', region_path FROM people_person ORDER BY md5(id::text) LIMIT %s",
            [most],
        )
        return int(cursor.rowcount)


def _token(base_url: str, made: NewClient) -> str:
    form = {"grant_type": "client_credentials", "client_id": made.client.client_id, "client_secret": made.secret}
    answer = Client(base_url).post("/api/v1/token", form)
    if answer.status != 200:
        raise BenchError(f"/api/v1/token answered {answer.status}: {answer.text[:200]}")
    return str(json.loads(answer.body)["access_token"])


def _read(client: Client, sub: Subscription, begin: str) -> tuple[int, int, float]:
    """From the beginning to the end, and again, for ten seconds: changes, pages, seconds."""
    after, told, pages, began = begin, 0, 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        count, following, more = _page(client, sub, after)
        if not count and after == begin:
            raise BenchError("the feed has nothing to tell: a transaction is held open, or the city is empty")
        told, pages = told + count, pages + 1
        after = following if more else begin
    return told, pages, time.perf_counter() - began


def _page(client: Client, sub: Subscription, after: str) -> tuple[int, str, bool]:
    answer = client.get(f"/api/v1/exchange/{sub.pk}/changes?after={after}&limit={feed.MOST}")
    if answer.status != 200:
        raise BenchError(f"the feed answered {answer.status}: {answer.text[:200]}")
    body = json.loads(answer.body)
    if body["changes"] and body["changes"][0]["record"] is None:
        raise BenchError("the feed told nobody's record")
    return len(body["changes"]), str(body["next"]), bool(body["more"])
