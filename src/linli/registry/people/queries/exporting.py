"""The list of people as it is exported, and who reads it when she asks who looked."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from linli.foundation.privacy.queries.exports import exports_with
from linli.foundation.privacy.types import Column, Exportable, Filters, Row, hidden
from linli.foundation.types import PATH_END, Actor, Level
from linli.lib.masking import mask_name
from linli.registry.people.engine.showing import LABELS, MASKS, shown
from linli.registry.people.models import Person
from linli.registry.people.queries.search import visible_people
from linli.registry.people.types import Look

EXPORTED = "privacy.export_fetched"
_PERSONAL = ("id_number", "phone", "live_address", "hukou_address")


def _year(day: str) -> str:
    return day[:4]


PEOPLE_LIST = Exportable(
    title=gettext_lazy("People who live in a place"),
    permission="people.view",
    columns=(
        Column("name", LABELS["name"], Level.PERSONAL, mask_name),
        Column("sex", LABELS["sex"], Level.INTERNAL),
        Column("birth_date", LABELS["birth_date"], Level.PERSONAL, _year),
        *(Column(name, LABELS[name], Level.PERSONAL, MASKS[name]) for name in _PERSONAL),
        Column("region", gettext_lazy("Community"), Level.INTERNAL),
        Column("residence_status", LABELS["residence_status"], Level.INTERNAL),
        Column("disability", LABELS["disability"], Level.SENSITIVE, hidden),
        Column("assistance", LABELS["assistance"], Level.SENSITIVE, hidden),
    ),
    count=lambda actor, filters: _rows(actor, filters).count(),
    rows=lambda actor, filters: _written(actor, filters),
)
"""Groups of people who need care are in no export: belonging to one may be level 5 (community.md 2.5)."""


def _rows(actor: Actor, filters: Filters) -> QuerySet[Person]:
    path = filters["region"]
    return visible_people(actor).filter(region_path__gte=path, region_path__lt=path + PATH_END, died_on=None)


def _written(actor: Actor, filters: Filters) -> Iterator[Row]:
    for person in _rows(actor, filters).select_related("region").order_by("region_path", "id").iterator(chunk_size=1000):
        values = {
            name: shown(name, str(getattr(person, name) or ""), {}) for name in ("sex", "residence_status", "disability", "assistance")
        }
        values |= {name: str(getattr(person, name) or "") for name in ("name", "birth_date", *_PERSONAL)}
        yield person.pk, {**values, "region": person.region.name}


def in_exports(person_id: UUID, limit: int) -> list[Look]:
    """By office and purpose, as a looker of `looks_at`."""
    return [
        Look(one.ready_at or timezone.now(), one.unit or one.orderer, EXPORTED, one.purpose, one.unit, tuple(one.columns))
        for one in exports_with(person_id, limit)
    ]
