"""A person is seen inside the region, and by himself and those he gave a mandate."""

from __future__ import annotations

from django.db.models import Q

from linli.foundation.scope.models import Own, Power, Protection, Region, User
from linli.foundation.types import Actor, ActorKind, Level
from linli.registry.people.models import DeathReport, Identity, KeyGroup, LifeEvent, Merger, Person, Reminder
from linli.registry.sources.types import STATED

people = Protection(Person, [Region("region_path"), Own("id"), Power("system")])
identities = Protection(Identity, [Region("region_path"), Own("person_id"), Power("system")])
groups = Protection(
    KeyGroup, [Region("region_path", level="level"), User("responsible_id")], open_insert=True
)  # nobody's range reaches L5, not even a job's
deaths = Protection(DeathReport, [Region("region_path"), Power("system")])
events = Protection(LifeEvent, [Region("region_path"), Own("person_id"), Power("system")])
reminders = Protection(Reminder, [Region("region_path"), Power("system")])
mergers = Protection(Merger, [Region("region_path"), Power("system")])


def visible(actor: Actor) -> Q:
    return people.visible(actor)


def can_view(actor: Actor, person: Person) -> bool:
    """Agrees with `visible`."""
    return actor.sees(person.region_path) or person.id in actor.parties or actor.may("system")


def can_reveal(actor: Actor, person: Person) -> bool:
    """Full numbers: a clerk whose role says so, and the person himself."""
    return can_view(actor, person) and (actor.may("people.reveal") or actor.may("system") or person.id == actor.party_id)


def can_edit(actor: Actor, person: Person) -> bool:
    """Staff inside the region; residents correct themselves by claims."""
    return actor.sees(person.region_path) or actor.may("system")


def can_correct(actor: Actor, person: Person, *, source: str) -> bool:
    """Staff and jobs offer values of any source; residents only state, about themselves or somebody they act for."""
    if actor.kind in (ActorKind.CITIZEN, ActorKind.TRACKER, ActorKind.ANONYMOUS):
        return person.id in actor.parties and source == STATED
    return can_edit(actor, person)


def can_merge(actor: Actor, person: Person) -> bool:
    """Both rows have to be in sight: whoever decides has seen what both say."""
    return actor.sees(person.region_path) and actor.may("people.merge")


def can_enter_group(actor: Actor, person: Person, level: int) -> bool:
    """Up to the own level; into a group of L5 whoever looks after these people, and then only she knows of it."""
    return level == Level.SPECIAL or actor.sees(person.region_path, level=level) or actor.may("system")


def asks_purpose(actor: Actor, person: Person) -> bool:
    """Whether opening the file needs a purpose: for staff whose daily work it is not (`people.daily`, data of the packs)."""
    return actor.kind is ActorKind.STAFF and not actor.may("people.daily")
