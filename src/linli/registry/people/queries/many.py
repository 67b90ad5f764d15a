"""Many people at once, as the rows of a file are about them: what is asked of them, and no more. Under a job's rights."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from django.db.models import QuerySet

from linli.registry.people.models import Person
from linli.registry.people.queries.facts import as_text, entered_on
from linli.registry.sources.types import Standing


def standings_by_number(indexes: Collection[bytes], attributes: Collection[str]) -> dict[bytes, list[Standing]]:
    """Blind index of an identity number -> the people who have it, as sources weigh them."""
    found: dict[bytes, list[Standing]] = {}
    for index, one in _standings(Person.objects.filter(id_index__among=list(indexes)), attributes):
        found.setdefault(index, []).append(one)
    return found


def standings_by_key(ids: Collection[UUID], attributes: Collection[str]) -> dict[UUID, Standing]:
    """Key -> the person; who is not in the register is left out."""
    return {one.subject_id: one for _, one in _standings(Person.objects.filter(pk__among=list(ids)), attributes)}


def locked_standings(attributes: Mapping[UUID, Collection[str]]) -> list[Standing]:
    """People locked in the order of their keys, each with the attributes named for her."""
    names = {name for some in attributes.values() for name in some}
    rows = _standings(Person.objects.select_for_update().filter(pk__among=list(attributes)).order_by("pk"), names)
    return [replace(one, values={name: one.values[name] for name in attributes[one.subject_id]}) for _, one in rows]


def _standings(people: QuerySet[Person], attributes: Collection[str]) -> list[tuple[bytes, Standing]]:
    names = tuple(sorted(attributes))
    found = []
    for index, pk, path, *values in people.values_list("id_index", "id", "region_path", *names):
        said = {name: as_text(name, value) for name, value in zip(names, values, strict=True)}
        found.append((bytes(index or b""), Standing(pk, path, pk, entered_on(pk), said)))
    return found
