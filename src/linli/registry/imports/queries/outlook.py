"""What taking a file back would do, said beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.registry.bodies.models import Body
from linli.registry.bodies.queries.many import tied as tied_bodies
from linli.registry.imports.engine.subjects import SUBJECTS
from linli.registry.imports.models import Batch, Consequence, Doubt
from linli.registry.people.models import Person
from linli.registry.people.queries import tied
from linli.registry.sources.models import Entry

JOB = system_actor("imports.outlook")
NAMED = 10


@dataclass(frozen=True)
class Outlook:
    """People or organisations that leave, that stay although the file brought them (the first few by key and name), of how many others it spoke, rows to
    review."""

    leaving: int
    staying: int
    names: list[tuple[UUID, str]]
    linked: int
    doubts: int


def outlook(actor: Actor, batch: Batch) -> Outlook:
    """What taking a file back would do, by what it is about."""
    found: Outlook = SUBJECTS.get(batch.subject).outlook(actor, batch)
    return found


def outlook_of_bodies(actor: Actor, batch: Batch) -> Outlook:
    """The caller has got the batch under the actor's rights; names are those in his area."""
    with scoped(JOB):
        mine = Entry.objects.filter(batch_id=batch.pk, state="linked")
        brought = {pk for pk in mine.filter(brought=True).values_list("subject_id", flat=True) if pk}
        others = {pk for pk in mine.filter(brought=False).values_list("subject_id", flat=True) if pk} - brought
        elsewhere = Entry.objects.filter(subject_id__in=brought, state="linked").exclude(batch_id=batch.pk).exclude(batch_id=None)
        staying = {pk for pk in elsewhere.values_list("subject_id", flat=True) if pk} | tied_bodies(brought)
        bodies = Body.objects.filter(pk__in=staying).order_by("name", "id").only("id", "name", "region_path")[: 5 * NAMED]
        names = [(body.pk, body.name) for body in bodies if actor.sees(body.region_path)][:NAMED]
        doubts = Doubt.objects.filter(batch=batch, state="open").count()
    return Outlook(len(brought - staying), len(staying), names, len(others), doubts)


def outlook_of_people(actor: Actor, batch: Batch) -> Outlook:
    """The caller has got the batch under the actor's rights; names are those in his area."""
    with scoped(JOB):
        mine = Entry.objects.filter(batch_id=batch.pk, state="linked")
        brought = {pk for pk in mine.filter(brought=True).values_list("subject_id", flat=True) if pk}
        others = {pk for pk in mine.filter(brought=False).values_list("subject_id", flat=True) if pk} - brought
        elsewhere = Entry.objects.filter(subject_id__in=brought, state="linked").exclude(batch_id=batch.pk).exclude(batch_id=None)
        placed = set(Consequence.objects.filter(batch=batch, kind="household", state="done").values_list("person_id", flat=True))
        staying = {pk for pk in elsewhere.values_list("subject_id", flat=True) if pk}
        staying |= tied(brought - placed) | tied(brought & placed, but="households")
        people = Person.objects.filter(pk__in=staying).order_by("name", "id")
        names = [(p.pk, p.name) for p in people.only("id", "name", "region_path")[: 5 * NAMED] if actor.sees(p.region_path)][:NAMED]
        doubts = Doubt.objects.filter(batch=batch, state="open").count()
    return Outlook(len(brought - staying), len(staying), names, len(others), doubts)
