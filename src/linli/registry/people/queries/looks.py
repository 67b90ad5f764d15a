"""Who looked: every file opened for a purpose, every full number shown and every office given her data, for the person it is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from linli.foundation.accounts.models import PostHolding
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.registry.people.engine.lookers import LOOKERS
from linli.registry.people.models import Person
from linli.registry.people.queries.search import get_person
from linli.registry.people.types import Look

LOOKED_AT: Mapping[str, tuple[str, ...]] = {
    "people.person_opened": (),
    "people.id_number_revealed": ("id_number",),
    "people.phone_revealed": ("phone",),
    "people.bank_account_revealed": ("bank_account",),
}
"""Names of the trail -> attributes that were read in full."""
REVEALED = tuple(LOOKED_AT)


def looks_at(actor: Actor, person_id: UUID, *, limit: int = 100) -> list[Look]:
    """Newest first, also of rows that turned out to be hers; the person's own looks are left out.

    The trail is open to the audit administrator only, so a job's actor reads.
    """
    person = get_person(actor, person_id)
    with scoped(system_actor("people.looks_at")):
        keys = _keys_of(person.id)
        rows = AuditEntry.objects.filter(
            subject_type="people.person", subject_id__in=list(map(str, keys)), action__in=REVEALED, outcome="done"
        )
        entries = list(rows.exclude(actor_kind="citizen").order_by("-at")[:limit])
        offices = _offices({row.actor_id for row in entries if row.actor_id})
        found = [
            Look(row.at, row.actor_label, row.action, row.notes.get("purpose", ""), _office_on(offices, row), LOOKED_AT[row.action])
            for row in entries
        ]
        found += [look for looker in LOOKERS.values() for key in keys for look in looker(key, limit)]
    return sorted(found, key=lambda look: look.at, reverse=True)[:limit]


def _keys_of(person_id: UUID) -> list[UUID]:
    """Hers, and those that lead to her."""
    keys, more = [], [person_id]
    while more:
        keys += more
        more = list(Person.every.filter(merged_into__in=more).values_list("pk", flat=True))
    return keys


def _offices(accounts: Collection[UUID]) -> dict[UUID, list[PostHolding]]:
    found: dict[UUID, list[PostHolding]] = {}
    for row in PostHolding.objects.filter(user_id__in=list(accounts)).select_related("post__unit").order_by("since"):
        found.setdefault(row.user_id, []).append(row)
    return found


def _office_on(offices: Mapping[UUID, Sequence[PostHolding]], entry: AuditEntry) -> str:
    """Unit and post of whoever acted, as of that day; "" where none is known."""
    day = timezone.localdate(entry.at)
    held = (
        [row for row in offices.get(entry.actor_id, ()) if row.since <= day and (row.until is None or row.until >= day)]
        if entry.actor_id
        else []
    )
    return f"{held[-1].post.unit.name} {held[-1].post.title}" if held else ""
