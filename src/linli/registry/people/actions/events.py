"""Life events as the register keeps them, and everything that goes along when somebody moves. Parts of other apps' actions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from linli.foundation.accounts.actions import carry_mandates
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict
from linli.registry.people.actions.persons import set_value
from linli.registry.people.engine.ties import MOVES
from linli.registry.people.models import DeathReport, Identity, KeyGroup, LifeEvent, Person, Reminder
from linli.registry.people.queries import event_on, standing_of, text_of
from linli.registry.premises.models import Premises
from linli.registry.sources.actions import carry_words, keep_word, lock_value


def note_event(
    actor: Actor, person: Person, kind: str, on: date, *, other_id: UUID | None = None, household_id: UUID | None = None, place: str = ""
) -> LifeEvent:
    """Keep what happened. `Conflict` EVENT_KNOWN when the same kind of event of this day is kept already."""
    with scoped(system_actor("people.event")):
        if event_on(person.pk, kind, on) is not None:
            raise Conflict("EVENT_KNOWN", "This event of this day has been entered already.", hint="Look at the timeline of the person.")
        row = LifeEvent(
            person_id=person.pk,
            kind=kind,
            on=on,
            other_id=other_id,
            household_id=household_id,
            place=place[:160],
            made_by=actor.label[:80],
            region_path=person.region_path,
        )
        row.save(force_insert=True)
        emit("people.life_event", region_path=person.region_path, person_id=person.pk, kind=kind)
    return row


def set_by_event(person: Person, values: dict[str, str]) -> None:
    """What follows from an event that was shown to the community: it stands like what somebody decided, no file overwrites it for a year."""
    with scoped(system_actor("people.event")):
        for attribute, value in values.items():
            before = text_of(person, attribute)
            names = set_value(person, attribute, value)
            keep_word(standing_of(person, ()), attribute, before)
            lock_value(person.pk, attribute, region_path=person.region_path, party_id=person.pk)
            person.save(update_fields=names)
        emit("people.person_changed", region_path=person.region_path, person_id=person.pk)


def settle_at(person: Person, home: Premises, on: date) -> None:
    """Somebody lives in another home from a day on: her own row, and whatever apps keep about her by place (`engine.ties.MOVES`).

    Under a job's rights: the place left may be out of the sight of whoever takes her in, and the other way round.
    """
    with scoped(system_actor("people.settle")):
        person.premises, person.live_address, person.lives_here_since = home, home.address, on
        person.region_id, person.region_path = home.region_id, home.region_path
        person.save(update_fields=["premises", "live_address", "lives_here_since", "region", "region_path"])
        for follow in MOVES.values():
            follow(person.pk, home.region_path)


def carry_rows(person_id: UUID, path: str) -> None:
    """Rows of this app and of those below that carry the place of the person they are about. Groups of L5 are out of everybody's sight and know no place."""
    for model in (Identity, KeyGroup, DeathReport, LifeEvent, Reminder):
        for row in model.objects.filter(person_id=person_id).exclude(region_path=path):
            row.region_path = path
            row.save(update_fields=["region_path"])
    carry_words(person_id, path)
    carry_mandates(system_actor("people.settle"), person_id=person_id, region_path=path)
