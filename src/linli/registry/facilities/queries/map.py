"""Facilities on the map, where they stand."""

from __future__ import annotations

from typing import Any, Final

from linli.registry.bodies.queries.map import Points
from linli.registry.facilities.engine.kinds import words_of
from linli.registry.facilities.models import Facility
from linli.registry.facilities.queries.facilities import facilities_in
from linli.registry.facilities.types import REMOVED


def _properties(row: Facility) -> dict[str, Any]:
    return {"name": row.name, "code": row.code, "kind": row.kind, "kind_name": words_of(row.kind), "status": row.status}


FACILITIES: Final = Points(
    lambda actor: facilities_in(actor).exclude(status=REMOVED), _properties, ("kind", "code", "status"), rounded=False
)
