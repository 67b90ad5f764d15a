"""One sealed row of the trail for every page that is given, and whose data it held."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording, repeated
from linli.foundation.audit.types import Change
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.registry.exchange.models import Subscription
from linli.registry.exchange.queries.feed import Page, Use

_GIVEN = """
INSERT INTO exchange_given (person_id, subscription_id, day)
SELECT person, %s, %s FROM unnest(%s::uuid[]) AS person ON CONFLICT (person_id, subscription_id, day) DO NOTHING
"""
Read = Callable[[], Page]


@action("exchange.read", audit="exchange.changes_given")
def give_changes(actor: Actor, *, use: Use, read: Read) -> Page:
    """Read a page of changes and log it: recipient, purpose, fields, count, legal basis. Nothing is given without its row."""
    return _logged(use, read())


@action("exchange.read", audit="exchange.records_given")
def give_records(actor: Actor, *, use: Use, read: Read) -> Page:
    """The same of a page of records, or of one."""
    return _logged(use, read())


def _logged(use: Use, page: Page) -> Page:
    """A page that holds nothing gave nothing away: a program that asks every second leaves no row each second."""
    if not page.items:
        repeated()
        return page
    record, sub = recording.get(), use.subscription
    if record is not None:
        record.add(Change("exchange.subscription", str(sub.pk), {}, sub.region_path))
        record.notes |= notes_of(use, count=len(page.items), next=page.next)
    if page.people:
        note_given(sub, page.people)
    return page


def note_given(subscription: Subscription, people: Collection[UUID]) -> None:
    """Each of them reads today's date and the office when she asks who looked."""
    with scoped(system_actor("exchange.giving")), connection.cursor() as cursor:
        cursor.execute(_GIVEN, [subscription.pk, timezone.localdate(), sorted(people)])


def notes_of(use: Use, **more: Any) -> dict[str, Any]:
    """What the trail says about anything that was given, in whatever form."""
    sub = use.subscription
    return {
        "recipient": sub.office,
        "resource": sub.resource.code,
        "purpose": sub.purpose,
        "legal_basis": sub.legal_basis,
        "fields": list(use.fields),
        **more,
    }
