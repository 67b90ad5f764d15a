"""Looking for people the register has twice: around somebody who has changed, and through all of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.conf import settings

from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor
from linli.registry.matching.actions.pairs import drop_pairs, note_pairs
from linli.registry.matching.engine.linking import link
from linli.registry.matching.engine.stores import Backend
from linli.registry.matching.queries.scoring import COLUMNS, alike_of, sized_model, weighed_pairs
from linli.registry.matching.types import Record
from linli.registry.people.models import Person

PORTION, READ = 200, 2000


@action("people.merge", audit="matching.people_searched")
def search_around(actor: Actor, *, person_ids: Collection[UUID]) -> int:
    """Weigh these people anew against everybody; pairs that nothing speaks for any more leave the queue. How many new ones wait. By a job."""
    ids = sorted(person_ids)
    found = alike_of(ids)
    drop_pairs(ids, but=[(alike.one, alike.two) for alike in found])
    fresh = note_pairs(found)
    _noted(people=len(ids), pairs=len(found), fresh=fresh)
    return fresh


def search_register(actor: Actor, backend: str = "") -> int:
    """All of the register against itself, by Splink in memory or in Spark (setting LINK_BACKEND).

    Pairs are written portion by portion, so that a job that is killed has lost nothing but time. How many new ones wait.
    """
    with scoped(actor):
        model = sized_model()
        pairs = link(model, _records(), backend=Backend(backend or settings.LINK_BACKEND)).pairs
    keys = sorted((UUID(pair.left), UUID(pair.right)) for pair in pairs)
    return sum(_note_portion(actor, keys=keys[n : n + PORTION]) for n in range(0, len(keys), PORTION))


@action("people.merge", audit="matching.register_searched")
def _note_portion(actor: Actor, *, keys: list[tuple[UUID, UUID]]) -> int:
    found = weighed_pairs(keys)
    fresh = note_pairs(found)
    _noted(pairs=len(found), fresh=fresh)
    return fresh


def _records() -> Iterator[Record]:
    rows = Person.objects.only(*COLUMNS).order_by("pk")
    for person in rows.iterator(chunk_size=READ):
        number, phone = str(person.id_number or ""), str(person.phone or "")
        yield Record(str(person.pk), person.name, person.sex, person.birth_date, number, phone, person.live_address)


def _noted(**counts: int) -> None:
    record = recording.get()
    if record is not None:
        record.notes |= counts
