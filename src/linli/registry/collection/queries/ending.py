"""Visits whose photos have been kept long enough. Under a job's rights."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from linli.registry.collection.models import Visit


def old_photos(before: datetime) -> QuerySet[Visit]:
    return Visit.objects.filter(done_at__lt=before).exclude(photos=[]).order_by("done_at", "pk")


def photos_due(before: datetime, most: int) -> int:
    return len(old_photos(before).values_list("pk", flat=True)[:most])
