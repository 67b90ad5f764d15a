"""Life in a synthetic city: marriages, households that split, people who leave, deaths one office has reported, groups, passports.

Entered by the clerks of a few communities through the very actions of the desk, on the days before the city is seen. Nobody is born and nobody comes: a
city has as many people as it was asked for. The well-known residents (accounts confirmed at a counter) and their households
are left in peace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final
from uuid import UUID

from django.utils import timezone

from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.actions.engine import CityContext
from linli.foundation.scope.actions import scoped
from linli.foundation.types import PATH_END, Actor, system_actor
from linli.lib.idcard import age
from linli.registry.households.actions.changing import split_household
from linli.registry.households.actions.city import population_data
from linli.registry.households.actions.family import marry
from linli.registry.households.actions.moves import move_out
from linli.registry.households.actions.relations import state_relation
from linli.registry.households.models import Household, Membership, Relation
from linli.registry.people.actions import add_identity, enter_group, report_death
from linli.registry.people.engine.dice import dice
from linli.registry.people.models import DeathReport, GroupKind, Identity, KeyGroup, LifeEvent

JOB: Final = system_actor("city.lives")
COMMUNITY: Final = 20  # characters of a community's path
CLERK, LOOKED_AT, SEEN = "community_clerk", 1500, 2
SON, HEAD, DAUGHTER_IN_LAW = "2", "02", "38"
PARENT: Final = {"1": "51", "2": "52"}
WEDDINGS, SPLITS, LEAVING, DEATHS, GROUPS, PASSPORTS = 6, 6, 8, 5, 14, 8


def build_lives(city: CityContext) -> None:
    """Nothing where the packs know no groups, no community has a clerk, or it was done before."""
    with scoped(JOB):
        if LifeEvent.objects.exists() or not GroupKind.objects.exists():
            return
        held = PostHolding.objects.filter(post__role_code=CLERK, until=None).select_related("user", "post__unit")
        rows = held.order_by("-post__unit__region_path", "-user__username")
        users = {row.post.unit.region_path: row.user for row in rows if len(row.post.unit.region_path) == COMMUNITY}
        members = _members(sorted(users))
    if members:
        city.say(f"{_Lives(city, users, members).live()} life events")


def _members(paths: list[str]) -> list[Membership]:
    """People of the first communities that have a clerk, house by house, in an order that is no key's."""
    known = User.objects.filter(kind="citizen", assurance__gte=SEEN).values("person_id")
    left_alone = set(Membership.objects.filter(person_id__in=known, until=None).values_list("household_id", flat=True))
    found: list[Membership] = []
    for path in paths:
        if len(found) >= LOOKED_AT:
            break
        rows = Membership.objects.filter(household__region_path__gte=path, household__region_path__lt=path + PATH_END, until=None)
        rows = rows.filter(person__died_on=None).select_related("person", "household")
        rows = rows.order_by("household__number", "relation", "person__birth_date", "person__name", "person__live_address")
        found += [m for m in rows[:200] if m.household_id not in left_alone and m.person.id_number and m.person.birth_date]
    return found


@dataclass
class _Lives:
    """The days of the clerks. Nobody is taken twice: ``members`` shrinks."""

    city: CityContext
    users: dict[str, User]
    members: list[Membership]

    def live(self) -> int:
        rng = dice("lives", self.city.seed)
        return self._weddings(rng) + self._splits(rng) + self._leaving(rng) + self._deaths(rng) + self._groups(rng) + self._passports(rng)

    def _day(self, rng: Random, most: int = 300, *, of: tuple[Membership, ...] = ()) -> date:
        """Not before any ``of`` them belonged to the household: a family may have a child of last month."""
        day = min(self.city.as_of, timezone.localdate()) - timedelta(days=2 + int(rng.random() * most))
        return max([day, *(m.since for m in of if m.since is not None)])

    def _clerk(self, m: Membership) -> Actor:
        return actor_of(self.users[m.region_path[:COMMUNITY]])

    def _age(self, m: Membership) -> int:
        born, today = m.person.birth_date, self.city.as_of
        return age(born, today) if born is not None and born <= today else 0

    def _take(self, *households: UUID) -> None:
        self.members = [m for m in self.members if m.household_id not in households]

    def _weddings(self, rng: Random) -> int:
        """Grown sons who live with their parents, and women of other households who join theirs."""
        done = 0
        for man in list(self.members):
            if done == WEDDINGS:
                break
            if man not in self.members or man.person.marital != "10" or man.relation[0] != SON or not 25 <= self._age(man) < 40:
                continue
            bride = next((w for w in self.members if self._fits(w, man)), None)
            if bride is None:
                continue
            she = bride.person
            joining = {"joins": "here", "relation": DAUGHTER_IN_LAW}
            day = self._day(rng, of=(man, bride))
            marry(self._clerk(man), person_id=man.person_id, name=she.name, id_number=she.id_number, on=day, **joining)
            self._take(man.household_id, bride.household_id)
            done += 1
        return done

    def _fits(self, w: Membership, man: Membership) -> bool:
        free = w.person.sex == "2" and w.person.marital == "10" and w.relation != HEAD and w.household_id != man.household_id
        return free and self._age(w) >= 23 and abs(self._age(w) - self._age(man)) < 8

    def _splits(self, rng: Random) -> int:
        """Grown sons with a household of their own, those who are theirs with them."""
        done = 0
        for m in list(self.members):
            if done == SPLITS:
                break
            if m not in self.members or m.relation[0] != SON or self._age(m) < 27:
                continue
            theirs = [o for o in self.members if o.household_id == m.household_id and o.relation in (DAUGHTER_IN_LAW, "41", "42")]
            keys, day = [m.person_id, *(o.person_id for o in theirs)], self._day(rng, of=(m, *theirs))
            split_household(self._clerk(m), household_id=m.household_id, member_ids=keys, head_id=m.person_id, on=day)
            self._state_parent(m)
            self._take(m.household_id)
            done += 1
        return done

    def _state_parent(self, m: Membership) -> None:
        """That the head of the household he left is his father or mother, stands in two households from now on."""
        head = next((o.person for o in self.members if o.household_id == m.household_id and o.relation == HEAD), None)
        if head is None or head.sex not in PARENT or head.birth_date is None or m.person.birth_date is None:
            return
        if head.birth_date < m.person.birth_date:
            state_relation(self._clerk(m), person_id=m.person_id, name=head.name, id_number=head.id_number, code=PARENT[head.sex])

    def _leaving(self, rng: Random) -> int:
        """Grown children who leave the city."""
        away = population_data()[1]["away"]
        leaving = [m for m in self.members if m.relation[0] in "23" and 18 <= self._age(m) < 30 and m.person.residence_status == "1"][
            :LEAVING
        ]
        for m in leaving:
            move_out(self._clerk(m), person_id=m.person_id, on=self._day(rng, of=(m,)), to=str(away[int(rng.random() * len(away))]))
        self._take(*(m.household_id for m in leaving))
        return len(leaving)

    def _deaths(self, rng: Random) -> int:
        """The community has reported them; a second office has not yet."""
        found = [m for m in self.members if self._age(m) >= 78][:DEATHS]
        for m in found:
            report_death(self._clerk(m), person_id=m.person_id, on=self._day(rng, 20))
        self._take(*(m.household_id for m in found))
        return len(found)

    def _groups(self, rng: Random) -> int:
        """The old, and those of them who live alone."""
        found = [m for m in self.members if self._age(m) >= 68][:GROUPS]
        for m in found:
            kind = "living_alone" if m.household.kind == "single" else "over_eighty" if self._age(m) >= 80 else "left_behind_elder"
            enter_group(self._clerk(m), person_id=m.person_id, kind=kind, since=self._day(rng))
        return len(found)

    def _passports(self, rng: Random) -> int:
        found = [m for m in self.members if 30 <= self._age(m) < 50][:PASSPORTS]
        for m in found:
            number, issued = f"EA{int(rng.random() * 10_000_000):07d}", self._day(rng, 3000)
            until = issued + timedelta(days=3652)
            add_identity(self._clerk(m), person_id=m.person_id, id_type="414", number=number, valid_from=issued, valid_to=until)
        return len(found)


def export_lives() -> Iterator[str]:
    """What happened, without times of writing."""
    with scoped(JOB):
        for e in LifeEvent.objects.select_related("person"):
            yield f"life\t{e.person.name}\t{e.person.id_number}\t{e.kind}\t{e.on}\t{e.place}"
        for r in DeathReport.objects.select_related("person", "source"):
            yield f"death_report\t{r.person.id_number}\t{r.source.code}\t{r.died_on}"
        for g in KeyGroup.objects.select_related("person", "kind"):
            yield f"group\t{g.person.id_number}\t{g.kind.code}\t{g.since}"
        for i in Identity.objects.select_related("person"):
            yield f"identity\t{i.person.id_number}\t{i.id_type}\t{i.number}\t{i.valid_to}"
        for k in Relation.objects.select_related("person", "other"):
            yield f"relation\t{k.person.id_number}\t{k.other.id_number}\t{k.code}\t{k.since}\t{k.until}"
        for h in Household.objects.exclude(until=None):
            yield f"household_over\t{h.number}\t{h.until}"
