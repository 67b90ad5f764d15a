"""A doubtful row and its candidates as a reviewer sees them: the same attributes, masked in the same way; people or organisations."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext

from linli.foundation.regions.queries import at_level, names_above
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.registry.bodies.engine.showing import LABELS, shown
from linli.registry.bodies.models import Body
from linli.registry.bodies.queries import text_of
from linli.registry.bodies.types import PREFIX
from linli.registry.imports.engine.subjects import SUBJECTS
from linli.registry.imports.models import Doubt
from linli.registry.imports.queries.places import region_at
from linli.registry.imports.types import REGION
from linli.registry.matching.queries.sides import Side, person_side, side_of
from linli.registry.people.models import Person
from linli.registry.sources.queries import get_said

JOB = system_actor("imports.review")


def sides_of(actor: Actor, doubt: Doubt) -> tuple[Side, list[Side]]:
    """The row and its candidates, by what the file is about."""
    found: tuple[Side, list[Side]] = SUBJECTS.get(doubt.batch.subject).sides(actor, doubt)
    return found


COMPARED = ("name", "uscc", "registration_no", "kind", "status", "representative", "address", "established_on", "phone")


def _body_side(values: Mapping[str, str], place: str, body_id: str = "", why: str = "", inside: bool = False) -> Side:
    plain = {name: values.get(name, "") for name in COMPARED}
    told = {name: shown(name, value) for name, value in plain.items()} | {"region": place}
    labels = {name: str(LABELS[name]) for name in COMPARED} | {"region": gettext("Community")}
    return Side(labels, told, plain | {"region": place}, body_id, why, 0.0, (), inside)


def sides_of_bodies(actor: Actor, doubt: Doubt) -> tuple[Side, list[Side]]:
    """The caller has got the pair under the actor's rights: what it may be about he must see to decide, wherever it lies."""
    with scoped(JOB):
        said = get_said(JOB, doubt.entry_id)
        bodies = {body.pk: body for body in Body.objects.filter(pk__in=[UUID(one["person"]) for one in doubt.candidates])}
        region = region_at(said.values.get(REGION) or doubt.batch.community)
    values = {name.removeprefix(PREFIX): value for name, value in said.values.items()}
    row = _body_side(values, _place(region.path) if region else "")
    others = []
    for one in doubt.candidates:
        if (body := bodies.get(UUID(one["person"]))) is not None:
            theirs = {name: text_of(body, name) for name in COMPARED}
            others.append(_body_side(theirs, _place(body.region_path), str(body.pk), one["why"], actor.sees(body.region_path)))
    return row, others


def _place(path: str) -> str:
    return " ".join(names_above(at_level(path, "community"))[2:])


def sides_of_people(actor: Actor, doubt: Doubt) -> tuple[Side, list[Side]]:
    """The caller has got the pair under the actor's rights: whom it may be about he must see to decide, wherever she lives; numbers are masked."""
    with scoped(JOB):
        said = get_said(JOB, doubt.entry_id)
        people = {p.pk: p for p in Person.objects.filter(pk__in=[UUID(one["person"]) for one in doubt.candidates])}
        region = region_at(said.values.get("region", ""))
        here = {**said.values, "region": " ".join(names_above(region.path)[2:]) if region else ""}
        row = side_of(here)
        others = []
        for one in doubt.candidates:
            person = people.get(UUID(one["person"]))
            if person is None:
                continue
            parts = tuple((name, level, weight) for name, level, weight in one["parts"])
            others.append(person_side(actor, person, why=one["why"], weight=one["weight"], parts=parts))
    return row, others
