"""A person is seen inside the region, and by himself and those he gave a mandate."""

from __future__ import annotations

from django.db.models import Q

from linli.foundation.scope.models import Own, Power, Protection, Region
from linli.foundation.types import Actor, ActorKind
from linli.registry.people.models import Person
from linli.registry.sources.types import STATED

people = Protection(Person, [Region("region_path"), Own("id"), Power("system")])


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
