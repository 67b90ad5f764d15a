"""Relations between two people as each one's file shows them. Who does not see the other one is told that there is a relation, not with whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from linli.foundation.types import Actor
from linli.lib.codes import table
from linli.lib.errors import NotFound
from linli.registry.households.engine import COUPLE, GUARDIAN, seen_back
from linli.registry.households.models import Relation
from linli.registry.households.policy import relations
from linli.registry.households.queries.files import days
from linli.registry.people.engine.panels import Line, Panel, PanelRow
from linli.registry.people.models import Person
from linli.registry.people.policy import people as protection
from linli.ui.types import Text

BOND_WORDS: dict[str, Text] = {
    "couple": gettext_lazy("Spouse"),
    "descent": gettext_lazy("Parent or child"),
    "line": gettext_lazy("Grandparent or grandchild"),
    "sibling": gettext_lazy("Brother or sister"),
    "kin": gettext_lazy("Relative"),
    "guardian": gettext_lazy("Guardian or ward"),
}
"""Where a more exact word would tell what the reader may not see."""


@dataclass(frozen=True, slots=True)
class Kin:
    """A relation from the side of one person: ``other`` is the other one, None out of sight."""

    row: Relation
    other: Person | None
    word: str


def get_relation(actor: Actor, pk: UUID, *, lock: bool = False) -> Relation:
    """One relation in the actor's sight; `NotFound` otherwise."""
    rows = Relation.objects.filter(relations.visible(actor), pk=pk)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise NotFound("RELATION_UNKNOWN", "There is no such relation.")
    return row


def relations_of(actor: Actor, person_id: UUID) -> list[Kin]:
    """Those of one person, present ones first. The other one is looked for under the actor's rights."""
    rows = list(
        Relation.objects.filter(relations.visible(actor))
        .filter(Q(person_id=person_id) | Q(other_id=person_id))
        .select_related("source")
        .order_by("bond", "since", "pk")
    )
    wanted = {row.other_id if row.person_id == person_id else row.person_id for row in rows}
    seen = {one.pk: one for one in Person.objects.filter(protection.visible(actor), pk__in=wanted)}
    found = []
    for row in rows:
        other = seen.get(row.other_id if row.person_id == person_id else row.person_id)
        found.append(Kin(row, other, _word(row, person_id, other)))
    return sorted(found, key=lambda kin: kin.row.until is not None)


def _word(row: Relation, person_id: UUID, other: Person | None) -> str:
    if row.code == GUARDIAN and other is not None:
        return gettext("Guardian") if row.person_id == person_id else gettext("Ward")
    code = "" if other is None else row.code if row.person_id == person_id else seen_back(row.code, other.sex)
    return str(table("kinship").label(code)) if code else str(BOND_WORDS[row.bond])


def relatives_panel(actor: Actor, person_id: UUID) -> Panel:
    """Relatives and guardians, by whom it was said, now and before; a present one leads to the page that ends it."""
    rows = []
    for kin in relations_of(actor, person_id):
        row = kin.row
        name = kin.other.name if kin.other else gettext("somebody out of your sight")
        note = " · ".join(filter(None, (days(row.since, row.until), row.source.name, row.document, row.end_reason)))
        url = reverse("households_desk_relation", args=[person_id, row.pk])
        rows.append(PanelRow(f"{kin.word}: {name}", note, url))
    return Panel(gettext_lazy("Relatives and guardians"), rows, gettext_lazy("None was stated."))


def relation_lines(actor: Actor, person_id: UUID) -> list[Line]:
    """Since when and until when."""
    found = []
    for kin in relations_of(actor, person_id):
        told = {"relation": kin.word, "name": kin.other.name if kin.other else gettext("somebody out of your sight")}
        if kin.row.until is not None:
            found.append(Line(kin.row.until, gettext("Relation ended: %(relation)s %(name)s") % told, kin.row.end_reason, "", "users"))
    return found


def present_spouses(person_ids: Collection[UUID]) -> list[Relation]:
    """Marriages of some people that have not ended, for a job's actor."""
    return list(Relation.objects.filter(bond=COUPLE, until=None).filter(Q(person_id__in=person_ids) | Q(other_id__in=person_ids)))


def with_relations(ids: Collection[UUID]) -> set[UUID]:
    """Of some people those with a relation. Under a job's rights."""
    rows = Relation.objects.filter(Q(person_id__in=list(ids)) | Q(other_id__in=list(ids))).values_list("person_id", "other_id")
    return {pk for pair in rows for pk in pair} & set(ids)


def ends_early(row: Relation, on: date) -> bool:
    return row.since is not None and on < row.since
