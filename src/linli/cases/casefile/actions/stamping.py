"""Cases of a synthetic city: copies of moulds for many people, as the builder `cases` of `manage.py city`. Equal arguments give equal cases."""

from __future__ import annotations

import multiprocessing
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from django.db import connections

from linli.cases.casefile.actions.stamp_moulds import Play
from linli.cases.casefile.actions.stamp_seeds import Batch, Stamper
from linli.cases.casefile.actions.stamp_tables import templates, write_batch, write_serials
from linli.cases.casefile.engine.stamp_answers import Applicant, Profile, years
from linli.cases.casefile.engine.stamp_mould import Mould
from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.stamp_city import Offices, Place, places, profiles, residents
from linli.cases.catalogue.models import Matter
from linli.cases.catalogue.queries import Definition, definition
from linli.foundation.actions.engine import CityContext
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

BUILDER = system_actor("city.cases")
OPEN_SHARE = 0.12  # cases still under way; more than two years would leave, so that every desk has something to do
GROUP = 1500  # cases written by one statement
PHONE_SHARE = 0.6  # of those who have an account


@dataclass
class Job:
    """What every worker knows; inherited over fork."""

    seed: int
    as_of: date
    moulds: list[Mould]
    definitions: dict[str, Definition]
    profiles: list[Profile]
    stamper: Stamper
    rows: dict[str, str]
    choices: dict[tuple[str, bool, bool], tuple[list[int], list[float]]] = field(default_factory=dict)


def stamp_cases(city: CityContext) -> None:
    """Build ``city.cases`` cases. Without a pack that says who comes with what, or without people, there are none."""
    with scoped(BUILDER):
        if not city.cases or Case.objects.exists():
            city.say("  none added" if not city.cases else "  there are cases already: none added")
            return
        job, there = _prepare(city)
    if not there or not job.moulds:
        return
    groups = list(_groups(there, _quota(there, city.cases)))
    began, done = time.monotonic(), 0
    for count in _run(job, groups, city.workers):
        done += count
        city.say(f"  {done:,} of {city.cases:,} cases, {done / (time.monotonic() - began):,.0f}/s")


def _prepare(city: CityContext) -> tuple[Job, list[Place]]:
    there = places()
    wanted, facts, words = profiles()
    known = {
        m.code: definition(m.current) for m in Matter.objects.filter(open=True).exclude(current=None).select_related("current") if m.current
    }
    wanted = [p for p in wanted if p.code in known]
    moulds = cast_moulds([known[p.code] for p in wanted], there, city) if there else []
    stamper = Stamper(city.as_of, moulds, known, wanted, facts, words, Offices(city.as_of))
    job = Job(city.seed, city.as_of, moulds, known, wanted, stamper, templates(moulds))
    for number, mould in enumerate(moulds):
        numbers, weights = job.choices.setdefault((mould.matter, mould.counter, mould.open), ([], []))
        numbers.append(number)
        weights.append(mould.weight)
    return job, there


def cast_moulds(definitions: list[Definition], there: list[Place], city: CityContext) -> list[Mould]:
    """Play every matter through once at the portal and once at the counter."""
    place = Region.objects.get(pk=max(there, key=lambda p: p.people).id)
    moulds: list[Mould] = []
    for chosen in definitions:
        for counter in (False, True):
            play = Play(chosen, place, counter=counter)
            moulds += play.run()
            for note in play.notes:
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


_JOB: Job | None = None


def _run(job: Job, groups: list[Group], workers: int) -> Iterator[int]:
    """Groups in this process, or over forked ones; a community's cases are the same either way."""
    global _JOB
    _JOB = job
    if workers == 1 or len(groups) == 1:
        yield from map(_write_group, groups)
        return
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield from pool.imap_unordered(_write_group, groups)


def _write_group(group: Group) -> int:
    if _JOB is None:
        raise RuntimeError("no city is being built")
    with scoped(BUILDER):
        batch = Batch()
        serials: dict[str, int] = {}
        for place, share in group:
            for who, number, rng in _people_and_moulds(_JOB, place, share):
                _JOB.stamper.draft(batch, place, who, number, rng)
            serials |= _JOB.stamper.number(batch)
            if len(batch.seeds) >= GROUP:
                _flush(_JOB, batch)
        _flush(_JOB, batch)
        write_serials(serials)
    return sum(share for _, share in group)


def _flush(job: Job, batch: Batch) -> None:
    if batch.seeds:
        for start in range(0, len(batch.seeds), GROUP):
            write_batch(batch.seeds[start : start + GROUP], [], [], job.rows, job.stamper.calendar_version)
        if batch.rungs:
            write_batch([], batch.rungs, batch.cards, job.rows, job.stamper.calendar_version)
        batch.clear()


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
    shares = [p.share for p in job.profiles]
    often = [p for p in job.profiles if not p.once and pools[p.code]]
    for _ in range(share):
        profile = rng.choices(job.profiles, shares)[0]
        if not pools[profile.code]:
            if not often:
                continue
            profile = often[int(rng.random() * len(often))]
        pool = pools[profile.code]
        who = pool.pop() if profile.once else pool[int(rng.random() * len(pool))]
        counter = not who.account or rng.random() > PHONE_SHARE
        going = rng.random() < OPEN_SHARE
        numbers, weights = job.choices.get((profile.code, counter, going)) or job.choices[(profile.code, counter, not going)]
        yield who, rng.choices(numbers, weights)[0], rng
