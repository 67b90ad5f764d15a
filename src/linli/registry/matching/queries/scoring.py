"""Somebody of the register beside everybody she may be: our own weights over blocked candidates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from linli.lib.remembered import remembered
from linli.registry.matching.engine.blocking import keys_of
from linli.registry.matching.engine.features import Features
from linli.registry.matching.engine.model import Band, Model, band, objection, score_features
from linli.registry.matching.queries.candidates import features_of_person, pool_for
from linli.registry.matching.queries.packs import current_model
from linli.registry.matching.types import Objection, Score
from linli.registry.people.models import Person
from linli.registry.people.queries import id_index

COLUMNS = ("id", "name", "sex", "birth_date", "id_number", "phone", "live_address", "region_path")
SIZE = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'people_person'::regclass"
ESTIMATED = 10_000
"""People from which on PostgreSQL's own estimate is good enough: counting a million takes longer than everything else."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two people of the register who may be one. The lesser key first."""

    one: UUID
    two: UUID
    score: Score
    band: Band
    objection: Objection
    paths: tuple[str, str]


@remembered(seconds=60)
def register_size() -> int:
    """About how many people there are: the prior of a model needs no more."""
    with connection.cursor() as cursor:
        cursor.execute(SIZE)
        row = cursor.fetchone()
    return int(row[0]) if row and row[0] >= ESTIMATED else 0


def sized_model() -> Model:
    """The weights for a register of this size. Under a job's rights."""
    return current_model().for_size(register_size() or Person.objects.count())


def alike_of(ids: Collection[UUID]) -> list[Alike]:
    """Pairs of these people with anybody of the city that are to be linked or reviewed. Under a job's rights."""
    people = list(Person.objects.filter(pk__in=list(ids)).only(*COLUMNS).order_by("pk"))
    model, pool = sized_model(), pool_for([features_of_person(person) for person in people], [])
    numbers = _with_numbers(people)
    found: dict[tuple[UUID, UUID], Alike] = {}
    for person in people:
        mine = features_of_person(person)
        others = {pk: other for key in keys_of(mine) for pk, other in pool.known([key])}
        others |= {other.pk: features_of_person(other) for other in numbers.get(bytes(id_index(str(person.id_number or "")) or b""), ())}
        for other_id, other in others.items():
            if other_id != person.pk and (pair := _judged(model, person.pk, mine, other_id, other)):
                found[pair.one, pair.two] = pair
    paths = dict(Person.objects.filter(pk__in={pk for pair in found for pk in pair}).values_list("pk", "region_path"))
    return [_placed(pair, paths) for pair in found.values()]


def weighed_pairs(keys: Sequence[tuple[UUID, UUID]]) -> list[Alike]:
    """Pairs that were found another way (the whole register at once), with why. Under a job's rights."""
    model = sized_model()
    rows = {p.pk: p for p in Person.objects.filter(pk__in={pk for pair in keys for pk in pair}).only(*COLUMNS)}
    known = {pk: features_of_person(person) for pk, person in rows.items()}
    found = [_judged(model, a, known[a], b, known[b]) for a, b in keys if a in known and b in known]
    paths = {pk: person.region_path for pk, person in rows.items()}
    return [_placed(pair, paths) for pair in found if pair is not None]


def _with_numbers(people: Sequence[Person]) -> dict[bytes, list[Person]]:
    indexes = [id_index(str(person.id_number)) for person in people if person.id_number]
    found: dict[bytes, list[Person]] = defaultdict(list)
    for other in Person.objects.filter(id_index__in=indexes).only(*COLUMNS, "id_index"):
        found[bytes(other.id_index or b"")].append(other)
    return found


def _judged(model: Model, a: UUID, mine: Features, b: UUID, other: Features) -> Alike | None:
    said = score_features(model, mine, other)
    verdict = band(said, model.rules)
    return None if verdict is Band.REJECT else Alike(min(a, b), max(a, b), said, verdict, objection(said), ("", ""))


def _placed(pair: Alike, paths: dict[UUID, str]) -> Alike:
    return Alike(pair.one, pair.two, pair.score, pair.band, pair.objection, (paths.get(pair.one, ""), paths.get(pair.two, "")))
