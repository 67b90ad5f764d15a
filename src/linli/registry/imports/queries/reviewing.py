"""A doubtful row and its candidates as a reviewer sees them: the same attributes, masked in the same way."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from linli.foundation.regions.queries import at_level, names_above
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.registry.imports.models import Doubt
from linli.registry.imports.queries.places import region_at
from linli.registry.people.engine.showing import LABELS, NUMBERS, shown
from linli.registry.people.models import Person
from linli.registry.people.queries import text_of
from linli.registry.sources.queries import get_said

JOB = system_actor("imports.review")
COMPARED = ("name", "sex", "birth_date", "id_number", "phone", "ethnicity", "live_address", "hukou_address", "region")


@dataclass(frozen=True)
class Side:
    """``values`` are for the page, ``plain`` for comparing; ``parts`` the waterfall of a candidate; ``inside``: the reviewer may open her page."""

    labels: dict[str, str]
    values: dict[str, str]
    plain: dict[str, str]
    person_id: str = ""
    why: str = ""
    weight: float = 0.0
    parts: tuple[tuple[str, str, float], ...] = ()
    inside: bool = False


def sides_of(actor: Actor, doubt: Doubt) -> tuple[Side, list[Side]]:
    """The caller has got the pair under the actor's rights: whom it may be about he must see to decide, wherever she lives; numbers are masked."""
    with scoped(JOB):
        said = get_said(JOB, doubt.entry_id)
        people = {p.pk: p for p in Person.objects.filter(pk__in=[UUID(one["person"]) for one in doubt.candidates])}
        region = region_at(said.values.get("region", ""))
        here = {**said.values, "region": " ".join(names_above(region.path)[2:]) if region else ""}
        row = _side(here)
        others = []
        for one in doubt.candidates:
            person = people.get(UUID(one["person"]))
            if person is None:
                continue
            values = {name: text_of(person, name) for name in COMPARED if name != "region"}
            values["region"] = " ".join(names_above(at_level(person.region_path, "community"))[2:])
            parts = tuple((name, level, weight) for name, level, weight in one["parts"])
            others.append(_side(values, one["person"], one["why"], one["weight"], parts, actor.sees(person.region_path)))
    return row, others


def _side(
    plain: dict[str, str],
    person_id: str = "",
    why: str = "",
    weight: float = 0.0,
    parts: tuple[tuple[str, str, float], ...] = (),
    inside: bool = False,
) -> Side:
    kept = {name: plain.get(name, "") for name in COMPARED}
    told = {name: shown(name, value, NUMBERS) for name, value in kept.items()}  # where somebody lives says much about who it is
    labels = {name: str(LABELS.get(name, gettext("Community"))) for name in COMPARED}
    return Side(labels, told, kept, person_id, why, weight, parts, inside)
