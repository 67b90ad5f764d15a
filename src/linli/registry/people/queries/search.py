"""Finding people. Row-level security lets PostgreSQL use these indexes: equality of blind ones, ranges under COLLATE "C"."""

from __future__ import annotations

import re
from collections.abc import Collection
from uuid import UUID

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import blind_index
from linli.foundation.scope.queries import kept
from linli.foundation.types import PATH_END, Actor, system_actor
from linli.lib.contact import parse_phone
from linli.lib.errors import LinliError, NotFound
from linli.lib.idcard import from_15, normalise
from linli.lib.names import normalise_name
from linli.registry.people.models import Identity, Person
from linli.registry.people.policy import identities, people, visible
from linli.registry.people.types import ID_INDEX, PHONE_INDEX

_LETTERS = re.compile(r"[a-z]+")
_LAST = chr(0x10FFFF)  # sorts after every character a name may hold, under COLLATE "C"
LIMIT = 50


def id_index(number: str) -> bytes:
    """How a person is found by an identity number, however it is typed; 15 digits stand for the 18 they became."""
    number = normalise(number)
    return blind_index(from_15(number) if len(number) == 15 and number.isdigit() else number, ID_INDEX)


def phone_index(number: str) -> bytes:
    """How people are found by a phone; what is no phone number finds nobody."""
    try:
        number = parse_phone(number).number
    except LinliError:
        return b""
    return blind_index(number, PHONE_INDEX)


def visible_people(actor: Actor) -> QuerySet[Person]:
    return Person.objects.filter(visible(actor))


@kept
def _person(key: UUID) -> QuerySet[Person]:
    return Person.objects.filter(pk=key).select_related("region", "hukou_region")


@kept
def _person_locked(key: UUID) -> QuerySet[Person]:
    return Person.objects.filter(pk=key).select_for_update()


@kept
def _leads_to(key: UUID) -> QuerySet[Person, UUID | None]:
    return Person.every.filter(pk=key, merged_into__isnull=False).values_list("merged_into", flat=True)


def stayed(pk: UUID) -> UUID | None:
    """Whom the row of somebody leads to who turned out to be somebody else; None for everybody else. Asked in the whole city: whether the actor sees
    the one who stayed is another question."""
    with scoped(system_actor("people.stayed")):
        found: UUID | None = None
        while (after := _leads_to.first(found or pk)) is not None:
            found = after
        return found


def find_person(actor: Actor, pk: UUID) -> Person | None:
    """One person with the places of residence and registration, if in sight; a merged key leads to the one who stayed."""
    found = _person.in_sight(people, actor, pk)
    if not found and (after := stayed(pk)) is not None:
        found = _person.in_sight(people, actor, after)
    return found[0] if found else None


def get_person(actor: Actor, pk: UUID, *, lock: bool = False) -> Person:
    """One person in the actor's sight; `NotFound` otherwise. A merged key leads to the one who stayed: compare the key where it matters."""
    rows = _person_locked if lock else _person
    found = rows.in_sight(people, actor, pk)
    if not found and (after := stayed(pk)) is not None:
        found = rows.in_sight(people, actor, after)
    if not found:
        raise person_unknown()
    return found[0]


def person_unknown() -> NotFound:
    return NotFound(
        "PERSON_UNKNOWN", "There is no such person in your area.", hint="Check the number, or ask the community the person lives in."
    )


def find_by_id_number(actor: Actor, number: str) -> Person | None:
    """The person with an identity number, if in sight. Of two rows of one number (dirty data) the one alive and older counts."""
    index = id_index(number)
    if not index:
        return None
    return visible_people(actor).filter(id_index=index).order_by("died_on", "id").first()


def find_by_phone(actor: Actor, number: str) -> list[Person]:
    """All in sight who share a phone, by name."""
    index = phone_index(number)
    return list(visible_people(actor).filter(phone_index=index).order_by("name", "id")[:LIMIT]) if index else []


def find_by_name(actor: Actor, text: str, *, path: str | None = None, limit: int = LIMIT) -> list[Person]:
    """People whose name begins with ``text``: Chinese, pinyin (blanks or not) or initials; below ``path`` when given."""
    text = normalise_name(text)
    plain = re.sub(r"[\s']+", "", text.casefold())
    if not plain:
        return []
    wanted = _begins("pinyin", plain) | _begins("initials", plain) if _LETTERS.fullmatch(plain) else _begins("name", text)
    rows = visible_people(actor)
    if path:
        rows = rows.filter(region_path__gte=path, region_path__lt=path + PATH_END)
    found = list(rows.filter(wanted).order_by("name", "id")[:limit])
    if len(found) < limit and len(text) > 1 and not _LETTERS.fullmatch(plain):
        known = {person.pk for person in found}
        given = rows.filter(RawSQL(_GIVEN, (text, text + _LAST), output_field=BooleanField())).order_by("name", "id")  # noqa: S611 - a constant
        found += [person for person in given[: limit - len(found)] if person.pk not in known]
    return found


_GIVEN = "people_person.given >= %s AND people_person.given < %s"
"""What stands behind the family name begins so: a column that PostgreSQL keeps by itself (migration 0005)."""


def living_in(actor: Actor, homes: Collection[UUID]) -> list[Person]:
    """Those who live in some homes, by home and name."""
    return list(visible_people(actor).filter(premises_id__in=list(homes), died_on=None).order_by("premises_id", "name", "id")[:LIMIT])


def find_by_document(actor: Actor, number: str) -> list[Person]:
    """Those who have a further document (passport, permit) of this number."""
    rows = Identity.objects.filter(identities.visible(actor), number_index=document_index(number)).values_list("person_id", flat=True)
    keys = list(rows[:LIMIT])
    return list(visible_people(actor).filter(pk__in=keys).order_by("name", "id")) if keys else []


def document_index(number: str) -> bytes:
    return blind_index(normalise(number), ID_INDEX)


def find_people(actor: Actor, text: str, *, path: str | None = None) -> list[Person]:
    """One box: an identity number or another document's, a telephone, a name or part of one, pinyin, initials."""
    digits = normalise(text)
    if digits[:-1].isdigit() and len(digits) in (15, 18):
        person = find_by_id_number(actor, digits)
        return [person] if person else find_by_document(actor, digits)
    if digits.isdigit():
        return find_by_phone(actor, digits) or find_by_document(actor, digits)
    if _DOCUMENT.fullmatch(digits):
        return find_by_document(actor, digits)
    return find_by_name(actor, text, path=path)


_DOCUMENT = re.compile(r"(?=.*[0-9])[0-9A-Z()-]{5,30}")


def _begins(column: str, text: str) -> Q:
    """A range, because LIKE is not leakproof: behind a policy PostgreSQL would not use the index for it."""
    return Q(**{f"{column}__gte": text, f"{column}__lt": text + _LAST})


def in_region(actor: Actor, path: str, *, after: UUID | None = None, limit: int = LIMIT) -> list[Person]:
    """People below a region in the order of their keys, from ``after`` on."""
    rows = visible_people(actor).filter(region_path__gte=path, region_path__lt=path + PATH_END)
    return list((rows.filter(id__gt=after) if after else rows).order_by("id")[:limit])


def number_within(lo: str, hi: str) -> int:
    """How many people live in a subtree of regions, for a job's actor that sees all of it."""
    return Person.objects.filter(region_path__gte=lo, region_path__lt=hi, died_on=None).count()
