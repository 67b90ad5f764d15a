"""Whom of the register some records may be about: a few indexed queries, however many records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection

from linli.foundation.scope.engine import blind_index
from linli.registry.matching.engine.blocking import (
    ID_NUMBER,
    MOST_OF_A_PHONE,
    NAME_HOME,
    PHONE,
    SOUND_DAY,
    SOUND_YEAR,
    SURNAME_BIRTH,
    keys_of,
)
from linli.registry.matching.engine.features import Features, features
from linli.registry.matching.types import Key, Record
from linli.registry.people.models import Person
from linli.registry.people.types import PHONE_INDEX

Known = tuple[UUID, Features]
BY_SOUND = """SELECT w.sound, w.year, w.day, p.id::text FROM unnest(%s::text[], %s::int[], %s::text[]) AS w(sound, year, day)
JOIN people_person p ON p.pinyin = w.sound AND (extract(year FROM p.birth_date) = w.year OR to_char(p.birth_date, 'MMDD') = w.day)"""
BY_BIRTH = """SELECT w.surname, w.day::text, p.id::text FROM unnest(%s::text[], %s::date[]) AS w(surname, day)
JOIN people_person p ON p.birth_date = w.day AND (w.surname = '~' OR starts_with(p.pinyin, w.surname))"""


def features_of_person(person: Person) -> Features:
    number, phone = str(person.id_number or ""), str(person.phone or "")
    return features(Record(str(person.pk), person.name, person.sex, person.birth_date, number, phone, person.live_address))


class Pool:
    """Records by the keys under which they are looked for: the candidates of one portion of a file, and who came in with its earlier rows."""

    def __init__(self) -> None:
        self._keys: dict[Key, set[UUID]] = defaultdict(set)
        self._records: dict[UUID, Features] = {}

    def add(self, person_id: UUID, record: Features, keys: Iterable[Key]) -> None:
        self._records[person_id] = record
        for key in keys:
            self._keys[key].add(person_id)

    def known(self, keys: Sequence[Key]) -> list[Known]:
        """Who is found under the number alone, if anybody; else under any key."""
        for wanted in ([k for k in keys if k.kind == ID_NUMBER], keys):
            ids = {pk for key in wanted for pk in self._keys.get(key, ())}
            if ids:
                return [(pk, self._records[pk]) for pk in sorted(ids)]
        return []


def pool_for(rows: Sequence[Features], having: Sequence[Person]) -> Pool:
    """Everybody in the city whom one of the rows may be about; who has their numbers is known already (``having``). Under a job's rights."""
    wanted: dict[str, set[Key]] = defaultdict(set)
    by_number: dict[Key, list[Person]] = {}
    for person in having:
        by_number.setdefault(Key(ID_NUMBER, (str(person.id_number),)), []).append(person)
    hits: dict[Key, Sequence[Person]] = {}
    for row in rows:
        keys = keys_of(row)
        found = [key for key in keys if by_number.get(key)]
        hits |= {key: by_number[key] for key in found}
        for key in () if found else keys:
            wanted[key.kind].add(key)
    ids = {**_by_phone(wanted[PHONE]), **_by_sound(wanted[SOUND_YEAR], wanted[SOUND_DAY])}
    ids |= {**_by_birth(wanted[SURNAME_BIRTH]), **_by_name(wanted[NAME_HOME])}
    columns = ("id", "name", "sex", "birth_date", "id_number", "phone", "live_address")
    people = {p.pk: p for p in Person.objects.filter(pk__in={pk for keys in ids.values() for pk in keys}).only(*columns)}
    pool = Pool()
    for key, members in [*hits.items(), *((key, [people[pk] for pk in found]) for key, found in ids.items())]:
        for person in members:
            pool.add(person.pk, features_of_person(person), [key])
    return pool


def _by_phone(keys: Iterable[Key]) -> dict[Key, set[UUID]]:
    """A telephone that very many share says nothing."""
    indexes = {blind_index(key.values[0], PHONE_INDEX): key for key in keys}
    found: dict[Key, set[UUID]] = defaultdict(set)
    for pk, index in Person.objects.filter(phone_index__in=list(indexes)).values_list("pk", "phone_index"):
        found[indexes[bytes(index or b"")]].add(pk)
    return {key: ids for key, ids in found.items() if len(ids) <= MOST_OF_A_PHONE}


def _by_sound(years: Iterable[Key], days: Iterable[Key]) -> dict[Key, set[UUID]]:
    asked = [(key.values[0], int(key.values[1]), None) for key in years] + [(key.values[0], None, key.values[1]) for key in days]
    found: dict[Key, set[UUID]] = defaultdict(set)
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(BY_SOUND, [list(column) for column in zip(*asked, strict=True)])
            for sound, year, day, pk in cursor.fetchall():
                found[Key(SOUND_YEAR, (sound, str(year))) if year is not None else Key(SOUND_DAY, (sound, day))].add(UUID(pk))
    return found


def _by_birth(keys: Iterable[Key]) -> dict[Key, set[UUID]]:
    asked = [key.values for key in keys]
    found: dict[Key, set[UUID]] = defaultdict(set)
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(BY_BIRTH, [list(column) for column in zip(*asked, strict=True)])
            for surname, day, pk in cursor.fetchall():
                found[Key(SURNAME_BIRTH, (surname, day))].add(UUID(pk))
    return found


def _by_name(keys: Iterable[Key]) -> dict[Key, set[UUID]]:
    found: dict[Key, set[UUID]] = defaultdict(set)
    names = {key.values[0]: key for key in keys}
    for pk, name in Person.objects.filter(name__in=list(names)).values_list("pk", "name"):
        found[names[name]].add(pk)
    return {key: ids for key, ids in found.items() if len(ids) <= MOST_OF_A_PHONE}
