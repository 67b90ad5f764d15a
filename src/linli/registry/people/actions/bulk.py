"""Many people at once: entered from the rows of another office, and given the values that stand (registry/imports)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.foundation.regions.models import Region
from linli.foundation.scope.models import insert_rows, update_rows
from linli.foundation.topics.actions import emit_in
from linli.registry.people.actions.persons import set_value
from linli.registry.people.models import Person
from linli.registry.people.queries import locked_standings
from linli.registry.people.types import ATTRIBUTES, UNKNOWN
from linli.registry.sources.actions import forget_subjects, settle


@dataclass(frozen=True)
class NewPerson:
    """Somebody the city does not know yet; ``values`` in the register's own form. The caller writes the entry that brings her."""

    id: UUID
    region: Region
    values: dict[str, str]


def enter_people(rows: Sequence[NewPerson]) -> list[Person]:
    """Part of the caller's action, under a job's rights; in one statement. That nobody is entered twice is the caller's to see to."""
    people = []
    for row in rows:
        person = Person(id=row.id, region=row.region, region_path=row.region.path)
        for attribute in ATTRIBUTES:
            if row.values.get(attribute):
                set_value(person, attribute, row.values[attribute])
        people.append(person)
    insert_rows(people)
    return people


def settle_people(attributes: Mapping[UUID, Collection[str]], *, on: date) -> dict[UUID, list[str]]:
    """Choose anew what stands of some people, each for some attributes, after entries about them came or went; person -> attributes that have another
    value now.

    Part of the caller's action, under a job's rights; the people are locked in the order of their keys.
    """
    wanted = {pk: [name for name in ATTRIBUTES if name in names] for pk, names in attributes.items()}
    people = locked_standings(wanted)
    found = settle(people, on=on)
    alike: dict[tuple[str, ...], list[Person]] = {}
    for one in people:
        columns: list[str] = []
        person = Person(id=one.subject_id)
        for attribute, value in found.get(one.subject_id, {}).items():
            columns += set_value(person, attribute, value) if value else unset(person, attribute)
        if columns:
            alike.setdefault(tuple(sorted(set(columns))), []).append(person)
    for names, rows in alike.items():
        update_rows(rows, names)
    emit_in("people.people_changed", sorted({one.region_path for one in people if one.subject_id in found}))
    return {key: list(values) for key, values in found.items()}


def remove_people(ids: Collection[UUID]) -> int:
    """Take people out whom a file brought that is taken back, with what the register noted of them; how many.

    Part of the caller's action, under a job's rights. That nothing hangs on them is the caller's to see to (`queries.tied`).
    """
    people = list(Person.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk"))
    forget_subjects([person.pk for person in people])
    for person in people:
        person.delete()
    emit_in("people.people_changed", sorted({person.region_path for person in people}))
    return len(people)


def unset(person: Person, attribute: str) -> list[str]:
    """Nobody says anything of it any more. A person keeps a name, and what an identity number said of sex and birth."""
    if attribute == "name":
        return []
    field = Person._meta.get_field(attribute)
    setattr(person, attribute, UNKNOWN.get(attribute, None if field.null else ""))
    index = {"id_number": "id_index", "phone": "phone_index"}.get(attribute)
    if index:
        setattr(person, index, None)
    return [attribute, *([index] if index else [])]
