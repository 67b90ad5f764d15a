"""Cases of a synthetic city: copies of moulds for many people, as the builder `cases` of `manage.py city`. Equal arguments give equal cases."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import product
from random import Random

from linli.cases.casefile.actions.stamp_moulds import Play
from linli.cases.casefile.actions.stamp_seeds import Batch, Stamper
from linli.cases.casefile.actions.stamp_tables import SERIALS, SPARSE, TABLES, serials
from linli.cases.casefile.engine.stamp_answers import Applicant, Profile, years
from linli.cases.casefile.engine.stamp_mould import Mould
from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.stamp_city import Offices, Place, places, profiles, residents
from linli.cases.catalogue.models import Matter
from linli.cases.catalogue.queries import Definition, definition
from linli.foundation.actions.engine import CityContext
from linli.foundation.regions.models import LEVELS, Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.households.actions.crew import crew
from linli.registry.households.actions.loading import city_load
from linli.registry.people.engine.dice import Weighted

BUILDER = system_actor("city.cases")
OPEN_SHARE = 0.12  # cases still under way; more than two years would leave, so that every desk has something to do
GROUP = 1500  # cases a worker hands over at once: some ten megabytes
PHONE_SHARE = 0.6  # of those who have an account


@dataclass
class Job:
    """What every worker knows; inherited over fork."""

    seed: int
    as_of: date
    profiles: list[Profile]
    stamper: Stamper
    choices: dict[tuple[str, bool, bool], Weighted[int]]


def stamp_cases(city: CityContext) -> None:
    """Build ``city.cases`` cases. Without a pack that says who comes with what, or without people, there are none."""
    with scoped(BUILDER):
        if not city.cases or Case.objects.exists():
            city.say("  none added" if not city.cases else "  there are cases already: none added")
            return
        there, known = places(), _definitions()
        wanted, facts, words = profiles()
    wanted = [p for p in wanted if p.code in known]
    moulds = cast_moulds([known[p.code] for p in wanted], there, city) if there else []
    if not moulds:
        return
    with scoped(BUILDER):
        stamper = Stamper(city.as_of, moulds, known, wanted, facts, words, Offices(city.as_of))
    job = Job(city.seed, city.as_of, wanted, stamper, _choices(moulds))
    groups = list(_groups(there, _quota(there, city.cases)))
    began, done, last = time.monotonic(), 0, dict[str, int]()
    with crew(groups, partial(_copies, job), city.workers) as made, city_load(BUILDER, TABLES, SPARSE) as load:
        for count, texts, numbers in made:
            load.take(texts)
            last |= numbers
            done += count
            city.say(f"  {done:,} of {city.cases:,} cases, {done / (time.monotonic() - began):,.0f}/s")
        load.run(SERIALS, serials(last))
        city.notes["cases_written_s"] = time.monotonic() - began
    city.notes["cases"] = done


def _definitions() -> dict[str, Definition]:
    """What each matter that is offered consists of."""
    offered = Matter.objects.filter(open=True).exclude(current=None).select_related("current")
    return {m.code: definition(m.current) for m in offered if m.current}


def _choices(moulds: list[Mould]) -> dict[tuple[str, bool, bool], Weighted[int]]:
    """Numbers of the moulds by matter, counter or portal, open or closed."""
    weights: dict[tuple[str, bool, bool], list[tuple[int, float]]] = defaultdict(list)
    for number, mould in enumerate(moulds):
        weights[(mould.matter, mould.counter, mould.open)].append((number, mould.weight))
    return {key: Weighted(found) for key, found in weights.items()}


def cast_moulds(definitions: list[Definition], there: list[Place], city: CityContext) -> list[Mould]:
    """Play every matter through once at the portal and once at the counter.

    Each at a place of its own in the county of the largest community: two plays at once would wait for each other's running number.
    """
    county = max(there, key=lambda p: p.people).path[: 5 * (LEVELS.index("county") + 1)]
    large = sorted((p for p in there if p.path.startswith(county)), key=lambda p: p.people, reverse=True)
    runs = [(n, chosen, counter) for n, (chosen, counter) in enumerate(product(definitions, (False, True)))]

    def play(run: tuple[int, Definition, bool]) -> tuple[int, list[Mould], list[str]]:
        number, chosen, counter = run
        place = Region.objects.get(pk=large[number % len(large)].id)
        played = Play(chosen, place, counter=counter)
        return number, played.run(), played.notes

    moulds: list[Mould] = []
    with crew(runs, play, city.workers) as made:
        for _, found, notes in sorted(made, key=lambda one: one[0]):
            moulds += found
            for note in notes:
                city.say(f"  {note}")
    city.say(f"  {len(moulds)} moulds of {len(definitions)} matters")
    return moulds


def _quota(there: list[Place], cases: int) -> list[int]:
    """Cases of each community by its people, adding up exactly (largest remainder)."""
    people = sum(p.people for p in there)
    exact = [cases * p.people / people for p in there]
    shares = [int(x) for x in exact]
    rest = sorted(range(len(there)), key=lambda n: (exact[n] - shares[n], n), reverse=True)
    for n in rest[: cases - sum(shares)]:
        shares[n] += 1
    return shares


Group = list[tuple[Place, int]]


def _groups(there: list[Place], shares: list[int]) -> Iterator[Group]:
    """Communities put together until one statement is worth while."""
    group: Group = []
    for place, share in zip(there, shares, strict=True):
        group.append((place, share))
        if sum(n for _, n in group) >= GROUP:
            yield group
            group = []
    if group:
        yield group


def _copies(job: Job, group: Group) -> tuple[int, dict[str, bytes], dict[str, int]]:
    """How many cases, their lines by table, and the running numbers they used; in a worker process."""
    batch, last, done = Batch(), dict[str, int](), 0
    with scoped(BUILDER):
        for place, share in group:
            for who, number, rng in _people_and_moulds(job, place, share):
                job.stamper.draft(batch, place, who, number, rng)
            done += len(batch.drafts)
            last |= job.stamper.number(batch)
    return done, batch.texts(), last


def _people_and_moulds(job: Job, place: Place, share: int) -> Iterator[tuple[Applicant, int, Random]]:
    """Who comes, and how far the case got."""
    rng = Random(f"{job.seed}:{place.code}:cases")  # noqa: S311 - repeatable on purpose, nothing secret
    pools: dict[str, list[Applicant]] = defaultdict(list)
    for who in residents(place):
        age = years(who.birth, job.as_of)
        for profile in job.profiles:
            if profile.fits(who, age):
                pools[profile.code].append(who)
    for pool in pools.values():
        rng.shuffle(pool)
    wishes = Weighted([(p, p.share) for p in job.profiles])
    often = [p for p in job.profiles if not p.once and pools[p.code]]
    for _ in range(share):
        profile = wishes.draw(rng)
        if not pools[profile.code]:
            if not often:
                continue
            profile = often[int(rng.random() * len(often))]
        pool = pools[profile.code]
        who = pool.pop() if profile.once else pool[int(rng.random() * len(pool))]
        counter = not who.account or rng.random() > PHONE_SHARE
        going = rng.random() < OPEN_SHARE
        choice = job.choices.get((profile.code, counter, going)) or job.choices[(profile.code, counter, not going)]
        yield who, choice.draw(rng), rng
