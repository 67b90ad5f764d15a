"""What exchange has kept long enough. Under a job's rights."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from linli.registry.exchange.models import Delivery, Given


def old_given(before: datetime) -> QuerySet[Given]:
    return Given.objects.filter(day__lt=timezone.localdate(before)).order_by("day", "pk")


def old_deliveries(before: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state__in=("done", "dead"), made_at__lt=before).order_by("made_at", "pk")


def given_due(before: datetime, most: int) -> int:
    return len(old_given(before).values_list("pk", flat=True)[:most])


def deliveries_due(before: datetime, most: int) -> int:
    return len(old_deliveries(before).values_list("pk", flat=True)[:most])
