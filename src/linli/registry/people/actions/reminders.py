"""What the community still has to do about somebody. Parts of other actions."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.people.models import Person, Reminder
from linli.registry.people.types import NUMBER_DAYS


def remind(person: Person, kind: str, *, reason: str = "", days: int = NUMBER_DAYS) -> Reminder:
    """Something the community is to do within some days; asked for once only."""
    with scoped(system_actor("people.remind")):
        row = Reminder.objects.filter(person_id=person.pk, kind=kind, done_on=None).first()
        if row is None:
            due = timezone.localdate() + timedelta(days=days)
            row = Reminder(person_id=person.pk, kind=kind, reason=reason[:100], due_on=due, region_path=person.region_path)
            row.save(force_insert=True)
    return row


def settle_reminder(person_id: UUID, kind: str) -> None:
    """It has been done."""
    with scoped(system_actor("people.remind")):
        for row in Reminder.objects.filter(person_id=person_id, kind=kind, done_on=None):
            row.done_on = timezone.localdate()
            row.save(update_fields=["done_on"])
