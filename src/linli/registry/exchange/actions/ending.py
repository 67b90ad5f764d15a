"""Who was given what on which day, and what became of messages, end after their time."""

from __future__ import annotations

from datetime import datetime

from linli.registry.exchange.models import Delivery, Given
from linli.registry.exchange.queries.ending import old_deliveries, old_given


def remove_given(before: datetime, limit: int) -> int:
    """Part of a nightly portion, under a job's rights. That an office used a resource stays on the trail."""
    keys = list(old_given(before).values_list("pk", flat=True)[:limit])
    Given.objects.filter(pk__in=keys).delete()
    return len(keys)


def remove_deliveries(before: datetime, limit: int) -> int:
    """Messages that arrived or were given up. Part of a nightly portion, under a job's rights."""
    keys = list(old_deliveries(before).values_list("pk", flat=True)[:limit])
    Delivery.objects.filter(pk__in=keys).delete()
    return len(keys)
