"""Visits come due: by the cycle of the group somebody belongs to, and because another mechanism asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from linli.foundation.access.queries import roles
from linli.foundation.accounts.models import PostHolding
from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording, repeated
from linli.foundation.regions.queries import at_level, below
from linli.foundation.types import PATH_END, Actor, system_actor
from linli.lib.idcard import age
from linli.lib.uuid7 import uuid7_at
from linli.registry.collection.models import Cycle, Visit
from linli.registry.collection.types import CONFIRMED, VERIFY
from linli.registry.people.models import Person
from linli.registry.people.queries import entered_on, get_person
from linli.registry.sources.models import Claim, Entry
from linli.registry.sources.types import COLLECTED

JOB: Final = system_actor("collection.due")
AHEAD = timedelta(days=7)
"""Visits are made so long before they are due, so that a worker can plan a week."""
VERIFY_DAYS = 10
"""Within how many days a doubt is checked on the spot."""
WATCHED = timedelta(days=3)
"""How far back a night's run looks for values that gave way; runs that were missed are made up for."""


def make_all_due(today: date) -> int:
    """Community by community, each in a transaction of its own; a run that is repeated makes nothing twice."""
    return sum(make_due(JOB, path=region.path, today=today) for region in below("0", "community"))


@action("system", audit="collection.visits_planned")
def make_due(actor: Actor, *, path: str, today: date) -> int:
    """The visits of one community that come due within a week; how many are new."""
    void_gone(path)
    walkers, cycles = Walkers(path), list(Cycle.objects.order_by("order"))
    people = list(_living(path))
    wanted = [*_by_cycle(people, cycles, path, today), *_doubts(people, path, today)]
    rows = [
        Visit(
            person_id=one.person.pk,
            premises_id=one.person.premises_id,
            region_path=one.person.region_path,
            cycle=one.cycle,
            reason=one.reason,
            period=one.period,
            due_on=one.due_on,
            worker_id=walkers.of(one.person.region_path),
        )
        for one in wanted
    ]
    before = Visit.objects.filter(region_path__gte=path, region_path__lt=path + PATH_END).count()
    Visit.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    made = Visit.objects.filter(region_path__gte=path, region_path__lt=path + PATH_END).count() - before
    record = recording.get()
    if record is not None:
        record.notes |= {"visits": made, "path": path}
    if not made:
        repeated()
    return made


def void_gone(path: str) -> int:
    """Visits to people who died, moved out of the community or left the register are no longer due. Part of the caller's action."""
    here = Person.objects.filter(region_path__gte=path, region_path__lt=path + PATH_END, died_on=None)
    due = Visit.objects.filter(state="due", region_path__gte=path, region_path__lt=path + PATH_END)
    return int(due.exclude(person_id__in=here.values("pk")).update(state="void"))


def carry_visits(person_id: UUID, path: str) -> None:
    """Who moves is visited where she lives now, by whoever comes first there. Called inside the move (`people.engine.ties.MOVES`)."""
    Visit.objects.filter(person_id=person_id, state="due").update(region_path=path, premises=None, worker=None)


def open_task(actor: Actor, *, person_id: UUID, reason: str, period: str, due_on: date) -> bool:
    """Ask for a visit to somebody, for a reason of `types.REASONS`; False when she is to be visited for it already. Part of the caller's action."""
    person = get_person(actor, person_id)
    if Visit.objects.filter(person_id=person_id, cycle=VERIFY, state="due").exists():
        return False
    row = Visit(
        person_id=person_id,
        premises_id=person.premises_id,
        region_path=person.region_path,
        cycle=VERIFY,
        reason=reason,
        period=period[:60],
        due_on=due_on,
        worker_id=Walkers(at_level(person.region_path, "community")).of(person.region_path),
    )
    return bool(Visit.objects.bulk_create([row], ignore_conflicts=True))


@dataclass(frozen=True, slots=True)
class _Wanted:
    person: Person
    cycle: str
    period: str
    due_on: date
    reason: str = ""


def _living(path: str) -> Sequence[Person]:
    columns = ("id", "region_path", "premises_id", "birth_date", "residence_status", "disability", "assistance", "employment")
    return list(Person.objects.filter(region_path__gte=path, region_path__lt=path + PATH_END, died_on=None).only(*columns))


def _by_cycle(people: Sequence[Person], cycles: Sequence[Cycle], path: str, today: date) -> list[_Wanted]:
    here = Visit.objects.filter(region_path__gte=path, region_path__lt=path + PATH_END)
    waiting = set(here.filter(state="due").exclude(cycle=VERIFY).values_list("person_id", flat=True))
    ended = here.exclude(done_at=None).values("person_id").annotate(last=Max("done_at"))
    last = {row["person_id"]: timezone.localdate(row["last"]) for row in ended.order_by()}
    found = []
    for person in people:
        cycle = cycle_of(person, cycles, today)
        if cycle is None or person.pk in waiting:
            continue
        due_on = next_visit(person, cycle, last.get(person.pk))
        if due_on <= today + AHEAD:
            found.append(_Wanted(person, cycle.code, due_on.isoformat(), due_on))
    return found


def cycle_of(person: Person, cycles: Sequence[Cycle], today: date) -> Cycle | None:
    """The first cycle somebody falls under; None when none fits."""
    return next((cycle for cycle in cycles if _fits(person, cycle, today)), None)


def _fits(person: Person, cycle: Cycle, today: date) -> bool:
    if not cycle.where and cycle.age_from is None:
        return True
    if cycle.age_from is not None and person.birth_date and person.birth_date <= today and age(person.birth_date, today) >= cycle.age_from:
        return True
    return any(
        value and ("*" in codes or value in codes) for name, codes in cycle.where.items() if (value := str(getattr(person, name) or ""))
    )


def next_visit(person: Person, cycle: Cycle, last: date | None) -> date:
    """``last`` visit and the cycle's days. First visits are spread over the cycle by the person's key, so that nobody has a thousand on one day."""
    if last is not None:
        return last + timedelta(days=cycle.days)
    return max(entered_on(person.pk), cycle.since) + timedelta(days=person.pk.int % cycle.days)


def _doubts(people: Sequence[Person], path: str, today: date) -> list[_Wanted]:
    """Telephones and addresses somebody says otherwise of, and those of ours that gave way to another office's word (community.md 15.5, the last example)."""
    known = {person.pk: person for person in people}
    due = today + timedelta(days=VERIFY_DAYS)
    claims = Claim.objects.filter(region_path__gte=path, region_path__lt=path + PATH_END, state="open", attribute__in=CONFIRMED)
    found = {
        subject: _Wanted(known[subject], VERIFY, f"claim:{pk}", due, "claim")
        for pk, subject in claims.order_by("id").values_list("pk", "subject_id")
        if subject in known
    }
    begun = datetime.combine(today - WATCHED, time(), tzinfo=timezone.get_current_timezone())
    since = uuid7_at(int(begun.timestamp() * 1000), 0)
    gave_way = Entry.objects.filter(
        batch_id=None, pk__gte=since, state="linked", source__code=COLLECTED, region_path__gte=path, region_path__lt=path + PATH_END
    )
    for entry in gave_way.order_by("id"):
        person = known.get(entry.subject_id) if entry.subject_id else None
        if person is not None and person.pk not in found and any(f'"{name}"' in (entry.content or "") for name in CONFIRMED):
            found[person.pk] = _Wanted(person, VERIFY, f"entry:{entry.pk}", due, "outweighed")
    return list(found.values())


class Walkers:
    """Who visits in a community: whoever holds a post with that permission there; its grids are dealt out among them in order."""

    def __init__(self, path: str) -> None:
        codes = [role.code for role in roles().values() if "collection.visit" in role.permissions]
        today = timezone.localdate()
        held = PostHolding.objects.filter(post__role_code__in=codes, post__unit__region_path=path, since__lte=today, user__is_active=True)
        held = held.filter(until=None) | held.filter(until__gte=today)
        self._users = list(dict.fromkeys(held.order_by("user__username").values_list("user_id", flat=True)))
        self._grids = [region.path for region in below(path, "grid")] if self._users else []

    def of(self, path: str) -> UUID | None:
        """The account that visits there; None: whoever comes first."""
        if not self._users:
            return None
        grid = at_level(path, "grid")
        return self._users[(self._grids.index(grid) if grid in self._grids else 0) % len(self._users)]
