"""Two records side by side as whoever decides sees them: the same attributes, masked in the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from linli.foundation.regions.queries import at_level, names_above
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.registry.people.engine.showing import LABELS, NUMBERS, shown
from linli.registry.people.models import Person
from linli.registry.people.queries import text_of

COMPARED = ("name", "sex", "birth_date", "id_number", "phone", "ethnicity", "live_address", "hukou_address", "region")
Parts = tuple[tuple[str, str, float], ...]


@dataclass(frozen=True)
class Side:
    """``values`` are for the page, ``plain`` for comparing; ``parts`` the waterfall of a candidate; ``inside``: whoever decides may open her page."""

    labels: dict[str, str]
    values: dict[str, str]
    plain: dict[str, str]
    person_id: str = ""
    why: str = ""
    weight: float = 0.0
    parts: Parts = ()
    inside: bool = False


def side_of(
    plain: Mapping[str, str], person_id: str = "", why: str = "", weight: float = 0.0, parts: Parts = (), inside: bool = False
) -> Side:
    kept = {name: plain.get(name, "") for name in COMPARED}
    told = {name: shown(name, value, NUMBERS) for name, value in kept.items()}  # where somebody lives says much about who it is
    labels = {name: str(LABELS.get(name, gettext("Community"))) for name in COMPARED}
    return Side(labels, told, kept, person_id, why, weight, parts, inside)


def person_side(actor: Actor, person: Person, *, why: str = "", weight: float = 0.0, parts: Parts = ()) -> Side:
    """Whom a record may be about must be seen to decide, wherever she lives; numbers are masked."""
    values = {name: text_of(person, name) for name in COMPARED if name != "region"}
    values["region"] = " ".join(names_above(at_level(person.region_path, "community"))[2:])
    return side_of(values, str(person.pk), why, weight, parts, actor.sees(person.region_path))


def both_sides(actor: Actor, ids: Sequence[UUID]) -> list[Side]:
    """Of people in the order of the keys, also of rows that lead to somebody else by now. The caller has got the pair under the actor's rights."""
    with scoped(system_actor("matching.review")):
        rows = {person.pk: person for person in Person.every.filter(pk__in=list(ids))}
    return [person_side(actor, rows[pk]) for pk in ids if pk in rows]
