"""Files of subscriptions: for officers of the region, and for the program they are for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.types import Actor
from linli.lib.errors import NotFound
from linli.lib.periods import add_months
from linli.registry.exchange import policy
from linli.registry.exchange.engine.writing import Column
from linli.registry.exchange.models import DataFile, Subscription
from linli.registry.exchange.queries.catalogue import items_of
from linli.registry.exchange.queries.feed import Use

NEWEST: Final = 50
MONTHS: Final = {"monthly": 1, "quarterly": 3, "yearly": 12}
DAYS: Final = {"realtime": 1, "daily": 1, "weekly": 7}


def files_of(actor: Actor, subscription_id: UUID) -> QuerySet[DataFile]:
    """Of one subscription, the newest order first."""
    rows = DataFile.objects.filter(policy.files.visible(actor), subscription_id=subscription_id)
    return rows.order_by("-ordered_at", "-id")


def get_file(actor: Actor, subscription_id: UUID, pk: UUID, *, lock: bool = False) -> DataFile:
    """One file of a subscription; `NotFound` for any other."""
    rows = files_of(actor, subscription_id).filter(pk=pk)
    row = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if row is None:
        raise NotFound("EXCHANGE_FILE_UNKNOWN", gettext_noop("There is no such file of this subscription."))
    return row


def columns_of(use: Use) -> list[Column]:
    """Of a file: the key, then the items in force in the order of the catalogue."""
    items = {item.name: item for item in items_of(use.subscription.resource_id)}
    return [Column("id", "id", "uuid"), *(Column(name, items[name].title, items[name].type) for name in use.fields)]


def is_outdated(row: DataFile, use: Use) -> bool:
    """Whether a file holds an item that the subscription may not read any more."""
    return not set(row.fields) <= set(use.fields)


def folder() -> Path:
    """Where files stand while they are written: beside the stored ones, not among them."""
    return Path(settings.STATE_DIR) / "exchange"


def place_of(row: DataFile) -> Path:
    """Of one try: a second one never writes into what a first one has left."""
    return folder() / f"{row.pk}.{row.tries}.part"


def next_day(cycle: str, last: date) -> date | None:
    """When the file after that of ``last`` is due; None for what is not updated."""
    if cycle in DAYS:
        return last + timedelta(days=DAYS[cycle])
    return add_months(last, MONTHS[cycle]) if cycle in MONTHS else None


def due_subscriptions(today: date) -> list[Subscription]:
    """Those whose regular file is due and not being written. A file that failed is tried again the next night. For a job's actor."""
    found = []
    in_force = Subscription.objects.filter(state="approved", until__gte=today).exclude(file_form="").select_related("resource", "region")
    for sub in in_force.order_by("id"):
        rows = DataFile.objects.filter(subscription=sub, cause="cycle").exclude(state="failed")
        last = rows.order_by("-ordered_at").values_list("ordered_at", flat=True).first()
        due = today if last is None else next_day(sub.resource.cycle, timezone.localdate(last))
        if sub.resource.cycle != "never" and due is not None and due <= today:
            found.append(sub)
    return found


def under_way(subscription_id: UUID, form: str) -> bool:
    return DataFile.objects.filter(subscription_id=subscription_id, form=form, state__in=("waiting", "building")).exists()


def stuck(now: datetime) -> list[DataFile]:
    """Files whose job died: nobody has said for a while that it is still at work."""
    return list(DataFile.objects.select_for_update(skip_locked=True).filter(state="building", lease_until__lt=now).order_by("id"))


def over(now: datetime, limit: int) -> list[DataFile]:
    """Files whose days are over."""
    return list(DataFile.objects.select_for_update().filter(state="ready", ends_at__lte=now).order_by("ends_at")[:limit])


def kept(files: Collection[UUID]) -> set[UUID]:
    """Of some stored files, those that a subscription can still fetch. For a job's actor."""
    rows = DataFile.objects.filter(file_id__in=list(files), state="ready").values_list("file_id", flat=True)
    return {key for key in rows if key is not None}
