"""One new person beside a register of a million: whom she could be, before she is entered a second time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import blind_index
from linli.foundation.types import Actor, system_actor
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
from linli.registry.matching.engine.model import Band, band, objection, score_features
from linli.registry.matching.queries.candidates import features_of_person
from linli.registry.matching.queries.scoring import COLUMNS, sized_model
from linli.registry.matching.queries.sides import Side, person_side
from linli.registry.matching.types import Key, Record
from linli.registry.people.models import Person
from linli.registry.people.queries import id_index
from linli.registry.people.types import PHONE_INDEX

JOB = system_actor("matching.online")
SHOWN, LEAST_NAME = 5, 200
OLDEST = 120
"""Years back to which a day of birth is looked for whose year differs."""
SOUND = "pinyin = %s AND birth_date = ANY(%s::date[])"
BIRTH = 'birth_date = %s AND pinyin >= %s AND pinyin < %s COLLATE "C"'
BORN = "birth_date = %s"
TELEPHONE = f"phone_index = %s LIMIT {MOST_OF_A_PHONE + 1}"
NUMBER = "id_index = %s"
NAME = f"name = %s AND merged_into_id IS NULL LIMIT {LEAST_NAME}"


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody the new person could be. ``sure``: the weights would link them without asking; a person decides all the same."""

    person_id: UUID
    weight: float
    sure: bool
    side: Side


def who_could_be(actor: Actor, values: Mapping[str, str]) -> list[Likely]:
    """The likeliest first, of the whole city. ``values``: attribute -> text in the register's own form; what is not known is left out.

    Whoever enters people must know whom the city has, wherever she lives: numbers are masked, and another area's page stays closed.
    """
    record = features(_record(values))
    with scoped(JOB):
        model, found = sized_model(), []
        for person in Person.objects.filter(pk__in=_near(record)).only(*COLUMNS, "ethnicity", "hukou_address"):
            said = score_features(model, record, features_of_person(person))
            verdict = band(said, model.rules)
            if verdict is not Band.REJECT:
                found.append((said, verdict, person))
        found.sort(key=lambda one: (-one[0].weight, str(one[2].pk)))
        return [
            Likely(
                person.pk,
                said.weight,
                verdict is Band.AUTO,
                person_side(
                    actor,
                    person,
                    why=str(objection(said)),
                    weight=said.weight,
                    parts=tuple((p.comparison, p.level, p.weight) for p in said.parts),
                ),
            )
            for said, verdict, person in found[:SHOWN]
        ]


def _record(values: Mapping[str, str]) -> Record:
    birth = values.get("birth_date", "")
    return Record(
        "new",
        values.get("name", ""),
        values.get("sex", ""),
        date.fromisoformat(birth) if birth else None,
        values.get("id_number", ""),
        values.get("phone", ""),
        values.get("live_address", ""),
    )


def _near(record: Features) -> set[UUID]:
    """Keys of those who stand under any of the record's blocking keys: a handful of index ranges."""
    found: set[UUID] = set()
    with connection.cursor() as cursor:
        for key in keys_of(record):
            for where, given in _conditions(key):
                cursor.execute("SELECT id FROM people_person WHERE " + where, given)
                rows = cursor.fetchall()
                if key.kind != PHONE or len(rows) <= MOST_OF_A_PHONE:
                    found.update(row[0] for row in rows)
    return found


def _conditions(key: Key) -> Iterator[tuple[str, list[Any]]]:
    """Days of birth are named one by one: the index begins with them, and goes on with the sound of the name."""
    values = key.values
    if key.kind == ID_NUMBER:
        yield NUMBER, [id_index(values[0])]
    elif key.kind == PHONE:
        yield TELEPHONE, [blind_index(values[0], PHONE_INDEX)]
    elif key.kind == SOUND_YEAR:
        first = date(int(values[1]), 1, 1)
        yield SOUND, [values[0], [first + timedelta(days=n) for n in range(366)]]
    elif key.kind == SOUND_DAY:
        yield SOUND, [values[0], list(_days(values[1]))]
    elif key.kind == SURNAME_BIRTH:
        yield (BORN, [values[1]]) if values[0] == "~" else (BIRTH, [values[1], values[0], values[0] + "~"])
    elif key.kind == NAME_HOME:
        yield NAME, [values[0]]


def _days(day: str) -> Iterator[date]:
    """A day (MMDD) of every year somebody alive may be born in."""
    this = timezone.localdate().year
    for year in range(this - OLDEST, this + 1):
        if day != "0229" or (date(year, 3, 1) - timedelta(days=1)).day == 29:
            yield date(year, int(day[:2]), int(day[2:]))
