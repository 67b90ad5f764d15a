"""Notes to offices whose word did not win, as a page and a file show them: numbers masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.masking import mask_id_number
from linli.registry.bodies.engine import showing as of_bodies
from linli.registry.bodies.models import Body
from linli.registry.bodies.types import PREFIX
from linli.registry.imports.engine.bookwriting import BookWriter
from linli.registry.people.engine.showing import LABELS, NUMBERS, shown
from linli.registry.people.models import Person
from linli.registry.sources import policy
from linli.registry.sources.models import Correction

WAITING = ("open", "sent")


@dataclass(frozen=True, slots=True)
class Note:
    """One line: about whom, what, their word and ours. About an organisation ``number`` is its credit code, ``birth_date`` the day it was established."""

    id: UUID
    person_id: UUID
    name: str
    number: str
    birth_date: date | None
    what: str
    theirs: str
    as_of: date
    ours: str
    whose: str
    state: str
    page: str = "people_desk_person"

    def cells(self) -> list[str]:
        birth = self.birth_date.isoformat() if self.birth_date else ""
        return [self.name, self.number, birth, self.what, self.theirs, self.as_of.isoformat(), self.ours, self.whose]


def headings() -> list[str]:
    """Of the file that goes to an office."""
    return [
        gettext("Full name"),
        gettext("ID number"),
        gettext("Birth date"),
        gettext("What"),
        gettext("Your value"),
        gettext("As of"),
        gettext("The register says"),
        gettext("Who says so"),
    ]


def offices_with_notes(actor: Actor) -> list[tuple[str, str, int, int, int]]:
    """Code and name of a source, how many notes are open, sent and settled."""
    rows = Correction.objects.filter(policy.corrections.visible(actor)).values_list("source__code", "source__name")
    counted = rows.annotate(
        fresh=Count("pk", filter=Q(state="open")),
        sent=Count("pk", filter=Q(state="sent")),
        closed=Count("pk", filter=~Q(state__in=WAITING)),
    )
    return [(code, name, fresh, sent, closed) for code, name, fresh, sent, closed in counted.order_by("source__code")]


def notes_to(actor: Actor, source: str) -> QuerySet[Correction]:
    """What waits with one office: what was not sent yet first."""
    rows = Correction.objects.filter(policy.corrections.visible(actor), source__code=source, state__in=WAITING)
    return rows.select_related("source", "our_source").order_by("state", "id")


def as_notes(rows: Sequence[Correction]) -> list[Note]:
    """Of rows the actor has been shown."""
    keys = {row.subject_id for row in rows}
    with scoped(system_actor("imports.corrections")):
        people = {person.pk: person for person in Person.every.filter(pk__in=keys)}
        bodies = {body.pk: body for body in Body.objects.filter(pk__in=keys)}
    found = []
    for row in rows:
        if (person := people.get(row.subject_id)) is not None:
            number = mask_id_number(person.id_number) if person.id_number else ""
            label, theirs, ours = str(LABELS[row.attribute]), *(shown(row.attribute, text, NUMBERS) for text in (row.theirs, row.ours))
            about = (person.pk, person.name, number, person.birth_date)
        elif (body := bodies.get(row.subject_id)) is not None:
            name = row.attribute.removeprefix(PREFIX)
            label, theirs, ours = str(of_bodies.LABELS[name]), *(of_bodies.shown(name, text) for text in (row.theirs, row.ours))
            about = (body.pk, body.name, body.uscc or body.registration_no or body.own_code, body.established_on)
        else:
            continue
        note = Note(row.pk, *about, label, theirs, row.as_of, ours, row.our_source.name, row.state)
        found.append(note if person is not None else replace(note, page="bodies_desk_body"))
    return found


def write_notes(notes: Sequence[Note], path: Path) -> None:
    """A workbook for the office."""
    book = BookWriter(path, headings())
    for note in notes:
        book.write(note.cells())
    book.close()
