"""Which offices were given a person's data."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from django.utils import timezone

from linli.registry.exchange.models import Given
from linli.registry.exchange.queries.catalogue import purposes
from linli.registry.people.types import Look

GIVEN = "exchange.records_given"


def given_to(person_id: UUID, limit: int) -> list[Look]:
    """One line an office and day, the newest first; ``at`` is the beginning of the day."""
    rows = Given.objects.filter(person_id=person_id).select_related("subscription").order_by("-day")[:limit]
    named = purposes()
    return [
        Look(
            timezone.make_aware(datetime.combine(row.day, time.min)),
            row.subscription.office,
            GIVEN,
            named.get(row.subscription.purpose, row.subscription.purpose),
            row.subscription.office,
            tuple(row.subscription.fields),
        )
        for row in rows
    ]
