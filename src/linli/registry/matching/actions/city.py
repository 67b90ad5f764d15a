"""People a synthetic city has twice: somebody of the community wrote a list by ear. Two pairs are decided, the rest wait.

Through the very actions of the desk. A city of fewer people has fewer of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final
from uuid import UUID

from django.utils.translation import gettext

from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.actions.engine import CityContext
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.likeness import look_alikes
from linli.registry.matching.actions.pairs import decide_same
from linli.registry.matching.actions.searching import search_around
from linli.registry.matching.models import Pair
from linli.registry.people.actions import create_person
from linli.registry.people.engine.dice import dice
from linli.registry.people.models import Merger, Person

JOB: Final = system_actor("city.pairs")
MOST, EVERY = 14, 140
"""Pairs of a city, and people for each."""
DECIDED = 2


def build_pairs(city: CityContext) -> None:
    """Nothing where nobody is data officer, or pairs were noted before."""
    with scoped(JOB):
        officer = None if Pair.objects.exists() else _officer()
        known = [] if officer is None else _known(min(MOST, city.people // EVERY))
    if officer is None or not known:
        return
    actor, rng = actor_of(officer), dice("pairs", city.seed)
    found = []
    for person in known:
        again = _again(actor, person, rng)
        search_around(JOB, person_ids=[again.pk])
        with scoped(JOB):
            pair = Pair.objects.filter(state="open", one_id=min(person.pk, again.pk), two_id=max(person.pk, again.pk)).first()
        if pair is not None:
            found.append((pair, person))
    for pair, person in found[:DECIDED]:
        decide_same(actor, pair_id=pair.pk, stays=person.pk, reason=gettext("The household book was shown."))
    city.say(f"{len(found) - DECIDED} pairs of people who may be one, {DECIDED} decided")


def _officer() -> User | None:
    holding = PostHolding.objects.filter(post__role_code="data_officer", until=None, user__is_active=True).select_related("user")
    found = holding.order_by("post__unit__code", "user__username").first()
    return found.user if found else None


def _known(most: int) -> list[Person]:
    """People with a telephone and no account of their own, a few streets through, in an order that is no key's."""
    accounts = User.objects.exclude(person_id=None).values("person_id")
    rows = (
        Person.objects.filter(died_on=None)
        .exclude(phone_index=None)
        .exclude(birth_date=None)
        .exclude(live_address="")
        .exclude(pk__in=accounts)
    )
    return list(rows.select_related("region").order_by("birth_date", "pinyin", "name", "live_address")[: most * 7 : 7])


def _again(actor: Actor, person: Person, rng: Random) -> Person:
    """The same person by ear: a character that looks alike, no number, and now and then no telephone."""
    values = {"birth_date": person.birth_date.isoformat() if person.birth_date else "", "live_address": person.live_address}
    if rng.random() < 0.7:
        values["phone"] = str(person.phone)
    return create_person(actor, region_id=person.region_id, name=_misspelt(person.name, rng), values=values)


def _misspelt(name: str, rng: Random) -> str:
    others = sorted(look_alikes(name[-1])) if name else []
    return name[:-1] + rng.choice(others) if others and rng.random() < 0.6 else name


def export_pairs() -> Iterator[str]:
    """Pairs and mergers, by names and days of birth: keys differ from city to city."""
    told = {person.pk: f"{person.name} {person.birth_date}" for person in Person.every.filter(pk__in=_named())}
    for pair in Pair.objects.all():
        names = "\t".join(sorted((told.get(pair.one_id, ""), told.get(pair.two_id, ""))))
        yield f"pair\t{names}\t{pair.state}\t{pair.weight}\t{pair.why}"
    for merger in Merger.objects.all():
        yield f"merger\t{told.get(merger.stays_id, '')}\t{merger.goes.name}\t{merger.split_at is not None}"


def _named() -> set[UUID]:
    rows = [*Pair.objects.values_list("one_id", "two_id"), *Merger.objects.values_list("stays_id", "goes_id")]
    return {pk for pair in rows for pk in pair}
