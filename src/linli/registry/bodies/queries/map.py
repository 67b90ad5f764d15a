"""Organisations on the map: to about a hundred metres, because many are somebody's home; no names of people (domain/community.md 13.2)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import Left

from linli.foundation.maps.engine import snapped
from linli.foundation.maps.types import Ask, Box, Feature, Tally
from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import at_level
from linli.foundation.types import Actor
from linli.lib.masking import mask_coordinates
from linli.registry.bodies.engine.showing import word
from linli.registry.bodies.models import Body
from linli.registry.bodies.queries.bodies import visible_bodies
from linli.registry.bodies.types import DEREGISTERED

MOST_TALLIES: Final = 400
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Points(Generic[M]):
    """A table with ``longitude``, ``latitude`` and ``region_path`` as a layer of points, in the order of keys.

    ``rows`` are those in sight; ``filters`` columns that may be asked for; ``rounded``: positions are shown, and compared with the box, to three decimals.
    """

    rows: Callable[[Actor], QuerySet[M]]
    properties: Callable[[M], dict[str, Any]]
    filters: Collection[str]
    rounded: bool

    def _within(self, actor: Actor, box: Box | None) -> QuerySet[M]:
        rows = self.rows(actor).filter(longitude__isnull=False, latitude__isnull=False)
        if box is None:
            return rows
        wanted = Q(pk__in=[])
        for half in box.halves():
            asked = snapped(half) if self.rounded else half
            wanted |= Q(longitude__gte=asked.west, longitude__lte=asked.east, latitude__gte=asked.south, latitude__lte=asked.north)
        return rows.filter(wanted)

    def _asked(self, actor: Actor, ask: Ask) -> QuerySet[M]:
        return self._within(actor, ask.box).filter(**{name: ask.filters[name] for name in self.filters if name in ask.filters})

    def read(self, actor: Actor, ask: Ask) -> list[Feature]:
        after = _key(ask.after)
        rows = self._asked(actor, ask)
        return [self._feature(row) for row in (rows.filter(pk__gt=after) if after else rows).order_by("pk")[: ask.limit]]

    def count(self, actor: Actor, ask: Ask) -> int:
        return self._asked(actor, ask).count()

    def one(self, actor: Actor, key: str) -> Feature | None:
        wanted = _key(key)
        row = self._within(actor, None).filter(pk=wanted).first() if wanted else None
        return self._feature(row) if row else None

    def tally(self, actor: Actor, box: Box, level: str) -> list[Tally]:
        """How many in sight lie in each region of a level within the box, and about where."""
        length = len(at_level("0" * 40, level))
        rows = self._within(actor, box).annotate(part=Left("region_path", length)).values("part").order_by("part")
        found = list(rows.annotate(n=Count("pk"), x=Avg("longitude"), y=Avg("latitude"))[:MOST_TALLIES])
        names = dict(Region.objects.filter(path__in=[row["part"] for row in found]).values_list("path", "name"))
        return [Tally(names.get(row["part"], ""), row["n"], *mask_coordinates(row["x"], row["y"])) for row in found]

    def _feature(self, row: M) -> Feature:
        at: tuple[float, float] = row.longitude, row.latitude  # type: ignore[attr-defined]
        where = mask_coordinates(*at) if self.rounded else at
        return Feature(str(row.pk), {"type": "Point", "coordinates": list(where)}, self.properties(row), str(row.pk))


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _properties(body: Body) -> dict[str, Any]:
    return {
        "name": body.name,
        "kind": body.kind,
        "kind_name": word("body_kind", body.kind),
        "industry": body.industry,
        "status": body.status,
    }


BODIES: Final = Points(
    lambda actor: visible_bodies(actor).exclude(status=DEREGISTERED), _properties, ("kind", "industry", "status"), rounded=True
)
