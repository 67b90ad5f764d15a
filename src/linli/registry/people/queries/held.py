"""What is held of somebody, as it stands in the copy she gets; and whose numbers are kept though nobody needs them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from linli.foundation.privacy.models import DataRequest
from linli.foundation.privacy.types import Held
from linli.foundation.types import Actor
from linli.lib.codes import table
from linli.registry.people import policy
from linli.registry.people.engine.showing import EVENTS, LABELS, LOOKS, shown
from linli.registry.people.models import LifeEvent, Person
from linli.registry.people.queries.facts import origins_about, text_of, usual_origin
from linli.registry.people.queries.history import identities_of
from linli.registry.people.queries.looks import looks_at
from linli.registry.people.queries.search import get_person
from linli.registry.people.types import ATTRIBUTES
from linli.registry.sources.queries import facts_about, said_of, source


def values_held(actor: Actor, person_id: UUID) -> Iterator[Held]:
    """Every value of the register in full, with whose word it is."""
    person = get_person(actor, person_id)
    said, usual = origins_about(actor, [person])[person.pk], usual_origin(person.pk)
    for name in ATTRIBUTES:
        value = text_of(person, name)
        if value:
            origin = said.get(name, usual)
            yield Held(str(LABELS[name]), shown(name, value, {}), origin.label, origin.as_of.isoformat())
    if person.died_on:
        yield Held(gettext("Died on"), person.died_on.isoformat())


def said_held(actor: Actor, person_id: UUID) -> Iterator[Held]:
    """What each office said, whether it stands or not."""
    for said in said_of(actor, [person_id]).get(person_id, []):
        for name, value in sorted(said.values.items()):
            if value:
                yield Held(str(LABELS.get(name, name)), shown(name, value, {}), source(said.source).name, said.as_of.isoformat())


def records_held(actor: Actor, person_id: UUID) -> Iterator[Held]:
    """Further documents, life events, and what cases decided."""
    for one in identities_of(actor, person_id):
        yield Held(str(table("id_type").label(one.id_type)), str(one.number), one.issuer)
    for event in LifeEvent.objects.filter(policy.events.visible(actor), person_id=person_id).order_by("on", "id"):
        yield Held(str(EVENTS[event.kind]), event.place, "", event.on.isoformat())
    for fact in facts_about(actor, person_id):
        yield Held(fact.attribute, str(fact.value), fact.source.name, fact.effective_from.isoformat())


def looks_held(actor: Actor, person_id: UUID) -> Iterator[Held]:
    """Who looked and who was given it: by office, never by name."""
    for look in looks_at(actor, person_id, limit=1000):
        yield Held(str(LOOKS.get(look.what, look.what)), look.purpose, look.office, timezone.localtime(look.at).strftime("%Y-%m-%d %H:%M"))


def dead_with_numbers(before: datetime) -> QuerySet[Person]:
    """Who died before a moment and still has a telephone number or an account in the register. Under a job's rights."""
    rows = Person.objects.filter(died_on__lt=timezone.localdate(before))
    return rows.filter(Q(phone__isnull=False) | Q(bank_account__isnull=False)).order_by("died_on", "pk")


def dead_due(before: datetime, most: int) -> int:
    return len(dead_with_numbers(before).values_list("pk", flat=True)[:most])


def with_requests(people: Collection[UUID]) -> set[UUID]:
    """Who asked something about her data. Under a job's rights."""
    return set(DataRequest.objects.filter(person_id__in=list(people)).values_list("person_id", flat=True))
