"""The visits of a worker's day, home by home, and what a phone may take along of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from linli.foundation.scope.engine import blind_index
from linli.foundation.types import Actor
from linli.lib.errors import NotFound
from linli.lib.idcard import age
from linli.lib.remembered import remembered
from linli.registry.collection import policy
from linli.registry.collection.models import Cycle, Visit
from linli.registry.collection.types import DOOR, PACKAGE_HOURS, REASONS, VERIFY, Due, Place, Resident, Shown
from linli.registry.people.engine.showing import LABELS, shown
from linli.registry.people.models import Person
from linli.registry.people.queries import find_person, text_of, visible_people
from linli.registry.premises.models import Premises
from linli.registry.premises.queries import visible as visible_homes

MOST = 200
"""Visits of a day: nobody makes more."""


@remembered(seconds=10)
def _cycle_names() -> dict[str, str]:
    return {row.code: row.name for row in Cycle.objects.all()}


def get_visit(actor: Actor, pk: UUID, *, lock: bool = False) -> Visit:
    """One visit in sight; `NotFound` otherwise."""
    rows = Visit.objects.filter(policy.visits.visible(actor), pk=pk)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound("VISIT_UNKNOWN", "There is no such visit in your area.")
    return found


def version_of(person: Person, attribute: str) -> str:
    """Names a value without telling it: what a phone sends back as what it showed."""
    return version_of_text(person.pk, attribute, text_of(person, attribute))


def version_of_text(person_id: UUID, attribute: str, text: str) -> str:
    """The same of a value at hand."""
    return blind_index(f"{person_id}:{attribute}:{text}", "collection.version").hex()


def places_today(actor: Actor, *, on: date | None = None) -> list[Place]:
    """Homes with visits that are due for this worker (or for nobody in particular), neighbours beside each other; what is late counts, too."""
    on = on or timezone.localdate()
    rows = Visit.objects.filter(policy.visits.visible(actor), state="due", due_on__lte=on)
    mine = rows.filter(Q(worker_id=actor.account) | Q(worker=None)).order_by("due_on", "id")[:MOST]
    return _places(actor, list(mine), on)


def get_place(actor: Actor, key: UUID) -> Place:
    """A home (or somebody without one) with all its visits that are due within a week and everybody who lives there; `NotFound`."""
    home = visible_homes(actor).filter(pk=key).first()
    person = None if home else find_person(actor, key)
    if home is None and person is None:
        raise NotFound("PLACE_UNKNOWN", "There is no such home in your area.")
    on = timezone.localdate()
    rows = Visit.objects.filter(policy.visits.visible(actor), state="due", due_on__lte=on + timedelta(days=7)).order_by("due_on", "id")
    visits = list(rows.filter(premises_id=key) if home else rows.filter(person_id=key, premises=None))
    people = _living(visible_people(actor).filter(premises_id=key)) if home else [p for p in (person,) if p is not None]
    known = {one.pk: one for one in people}
    known |= {one.pk: one for one in visible_people(actor).filter(pk__in={v.person_id for v in visits} - set(known))}
    return _place(key, home, visits, people, known, on)


def _living(rows: Iterable[Person]) -> list[Person]:
    return sorted((p for p in rows if p.died_on is None), key=lambda p: (p.birth_date or date.max, p.name))


def _places(actor: Actor, visits: Sequence[Visit], on: date) -> list[Place]:
    homes = {home.pk: home for home in visible_homes(actor).filter(pk__in={v.premises_id for v in visits if v.premises_id})}
    wanted = {v.person_id for v in visits}
    people = list(visible_people(actor).filter(Q(pk__in=wanted) | Q(premises_id__in=set(homes))))
    known = {one.pk: one for one in people}
    at: dict[UUID, list[Visit]] = {}
    for visit in visits:
        if visit.person_id in known:
            at.setdefault(visit.premises_id if visit.premises_id in homes else visit.person_id, []).append(visit)
    found = []
    for key, here in at.items():
        living = _living(p for p in people if p.premises_id == key) if key in homes else [known[key]]
        found.append(_place(key, homes.get(key), here, living, known, on))
    return sorted(found, key=lambda place: (not place.late, place.order))


def _place(
    key: UUID, home: Premises | None, visits: Sequence[Visit], people: Sequence[Person], known: dict[UUID, Person], on: date
) -> Place:
    address = home.address if home else (people[0].live_address if people else "")
    building = " ".join(part for part in (home.estate or home.road, home.building) if part) if home else ""
    order = (building, *(_natural(part) for part in (home.unit, home.room)), address) if home else ("~", "", "", address)
    at = (home.longitude, home.latitude) if home and home.longitude is not None and home.latitude is not None else None
    dues = tuple(_due(visit, known[visit.person_id], on) for visit in visits if visit.person_id in known)
    return Place(key, address, building, order, at, dues, tuple(_resident(person, on) for person in people))


def _natural(text: str) -> str:
    """Rooms in the order of their numbers: 2 before 10."""
    return text.zfill(8) if text[:1].isdigit() else text


def _due(visit: Visit, person: Person, on: date) -> Due:
    cycle = str(REASONS.get(visit.reason, "")) if visit.cycle == VERIFY else _cycle_names().get(visit.cycle, visit.cycle)
    reason = "" if visit.cycle == VERIFY else str(REASONS.get(visit.reason, ""))
    days = max((on - visit.due_on).days, 0)
    return Due(visit.pk, person.pk, person.name, cycle, reason, visit.due_on, days > 0, days)


def _resident(person: Person, on: date) -> Resident:
    values = tuple(Shown(name, str(LABELS[name]), shown(name, text_of(person, name)), version_of(person, name)) for name in DOOR)
    years = age(person.birth_date, on) if person.birth_date and person.birth_date <= on else None
    return Resident(person.pk, person.name, years, values)


def package(actor: Actor) -> dict[str, Any]:
    """What a phone takes along: today's homes with their visits and people, masked, until it has to be gone."""
    now = timezone.now()
    places = [
        {
            "key": str(place.key),
            "address": place.address,
            "building": place.building,
            "at": place.at,
            "late": place.late,
            "visits": [
                {
                    "id": str(due.id),
                    "person": str(due.person_id),
                    "name": due.name,
                    "cycle": due.cycle,
                    "reason": due.reason,
                    "due": due.due_on.isoformat(),
                    "late": due.days_late,
                }
                for due in place.visits
            ],
            "residents": [
                {
                    "id": str(one.id),
                    "name": one.name,
                    "age": one.age,
                    "values": [{"attribute": v.attribute, "label": v.label, "value": v.value, "version": v.version} for v in one.values],
                }
                for one in place.residents
            ],
        }
        for place in places_today(actor)
    ]
    until = now + timedelta(hours=PACKAGE_HOURS)
    return {"made": now.isoformat(), "until": until.isoformat(), "day": timezone.localdate().isoformat(), "places": places}


def visits_of(actor: Actor, person_id: UUID, *, limit: int = 10) -> list[Visit]:
    """Visits to somebody, the latest first."""
    rows = Visit.objects.filter(policy.visits.visible(actor), person_id=person_id).exclude(state="void")
    return list(rows.order_by("-due_on", "-id")[:limit])


def people_visited(ids: Collection[UUID]) -> set[UUID]:
    """Of some people those who were visited, or about whom something waits. Under a job's rights."""
    done = Visit.objects.filter(person_id__in=list(ids)).exclude(state__in=("due", "void"))
    return set(done.values_list("person_id", flat=True))


def photos_kept(ids: Collection[UUID]) -> set[UUID]:
    """Of some files those that are photos of visits. Under a job's rights."""
    wanted = {str(pk) for pk in ids}
    rows = Visit.objects.exclude(photos=[]).filter(photos__has_any_keys=sorted(wanted)) if wanted else Visit.objects.none()
    return {UUID(photo) for photos in rows.values_list("photos", flat=True) for photo in photos if photo in wanted}
