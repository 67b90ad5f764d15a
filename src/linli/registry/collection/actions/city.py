"""The visits of a synthetic city: in a few communities some for today, some late, some made, a few with a photo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zlib import crc32

from django.db.models import Count
from django.utils import timezone

from linli.foundation.access.queries import actor_with
from linli.foundation.accounts.models import User
from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import CityContext
from linli.foundation.regions.queries import at_level
from linli.foundation.scope.actions import scoped
from linli.foundation.types import PATH_END, Actor, system_actor
from linli.registry.collection.actions.due import Walkers, cycle_of
from linli.registry.collection.actions.visiting import keep_photo
from linli.registry.collection.engine import door_photo
from linli.registry.collection.models import Cycle, Visit
from linli.registry.households.actions.residents import featured_residents
from linli.registry.people.engine.dice import dice
from linli.registry.people.models import Person

JOB: Final = system_actor("city.visits")
COMMUNITIES, PEOPLE, PHOTOS = 3, 40, 4
"""Of each community so many people, house by house, and so many photos."""
ENDS = ("done",) * 8 + ("nobody",) + ("refused",)


def build_visits(city: CityContext) -> None:
    """Nothing where no pack says how often, nobody visits, or visits are there already."""
    with scoped(JOB):
        paths = [] if Visit.objects.exists() or not Cycle.objects.exists() else _communities()
        made = sum(stock_community(JOB, path=path, city=city) for path in paths)
    city.say(f"{made} visits")


def _communities() -> list[str]:
    """That of the residents the tour follows, then those with the most people."""
    people = Person.objects.exclude(premises=None).values("region_path").annotate(n=Count("pk")).order_by()
    counted: dict[str, int] = {}
    for row in people:
        path = at_level(row["region_path"], "community")
        counted[path] = counted.get(path, 0) + row["n"]
    first = {at_level(one.region_path, "community") for one in featured_residents(JOB).values()}
    return sorted(counted, key=lambda path: (path not in first, -counted[path], path))[:COMMUNITIES]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one visit stands: due in so many days (negative: late), or ended so many days ago."""

    due: int
    end: str = ""


@action("system", audit="collection.demo_visits_made")
def stock_community(actor: Actor, *, path: str, city: CityContext) -> int:
    """The visits of one community, as its worker's last weeks left them."""
    today = min(city.as_of, timezone.localdate())
    rng, walkers, cycles = dice("visits", city.seed, path), Walkers(path), list(Cycle.objects.order_by("order"))
    here = Person.objects.filter(region_path__gte=path, region_path__lt=path + PATH_END, died_on=None).exclude(premises=None)
    people = list(here.order_by("premises__addr_code", "birth_date", "pinyin", "name")[:PEOPLE])
    photos, made = 0, 0
    for number, person in enumerate(people):
        cycle, worker = cycle_of(person, cycles, today), walkers.of(person.region_path)
        if cycle is None or worker is None:
            continue
        plan = _plan(rng.random(), rng.random(), rng.random())
        visit = _visit(person, cycle, plan, today, worker=User.objects.get(pk=worker))
        if plan.end == "done" and photos < PHOTOS:
            photos += 1
            visit.photos = [keep_photo(actor_with(worker), visit.region_path, door_photo(number + crc32(path.encode()) % 400), today)]
        visit.save(force_insert=True)
        made += 1
    return made


def _plan(kind: float, days: float, end: float) -> _Plan:
    if kind < 0.36:
        return _Plan(0)
    if kind < 0.5:
        return _Plan(-1 - int(days * 6))
    if kind < 0.6:
        return _Plan(1 + int(days * 7))
    return _Plan(-1 - int(days * 25), ENDS[int(end * len(ENDS))])


def _visit(person: Person, cycle: Cycle, plan: _Plan, today: date, *, worker: User) -> Visit:
    due_on = today + timedelta(days=plan.due)
    visit = Visit(
        person_id=person.pk,
        premises_id=person.premises_id,
        region_path=person.region_path,
        cycle=cycle.code,
        period=due_on.isoformat(),
        due_on=due_on,
        worker=worker,
    )
    if plan.end:
        at = datetime.combine(due_on, time(9 + person.pk.int % 8, person.pk.int % 60), tzinfo=timezone.get_current_timezone())
        visit.state, visit.done_at, visit.done_by = plan.end, at, worker.name[:80]
    return visit


def export_visits() -> Iterator[str]:
    """Visits by the numbers of homes and accounts; keys of people and files are left out."""
    with scoped(JOB):
        rows = Visit.objects.select_related("premises", "worker").order_by("due_on", "id")
        names = dict(Person.objects.filter(pk__in=rows.values("person_id")).values_list("pk", "name"))
        for row in rows:
            home, worker = row.premises.addr_code if row.premises else "", row.worker.username if row.worker else ""
            yield "\t".join(
                map(str, ("visit", home, names.get(row.person_id, ""), row.cycle, row.due_on, worker, row.state, len(row.photos)))
            )
