"""The catalogue out of a pack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import LoadReport, pack_error
from linli.foundation.types import Actor
from linli.registry.exchange.engine.entities import ENTITIES
from linli.registry.exchange.engine.pack import FILE, read_exchange
from linli.registry.exchange.models import Item, Resource
from linli.registry.exchange.types import ResourceSpec


@action("admin.packs", audit="exchange.catalogue_loaded")
def load_catalogue(actor: Actor, *, folder: Path) -> LoadReport:
    """Load `exchange.yaml`. A resource or item that the file does not name any more stays: subscriptions may hold it."""
    report, spec = LoadReport(), read_exchange(folder)
    if spec is None:
        return report
    for one in spec.resources:
        _check(folder / FILE, one)
        values: dict[str, Any] = one.model_dump(exclude={"items", "code"})
        row = Resource.objects.filter(code=one.code).first()
        names = report.compare(row, values)
        if row is None:
            row = Resource(code=one.code, **values)
            row.save(force_insert=True)
        elif names:
            for name in names:
                setattr(row, name, values[name])
            row.save(update_fields=names)
        _items(report, row, one)
    return report


def _check(path: Path, one: ResourceSpec) -> None:
    entity = ENTITIES.get(one.entity)
    unknown = [item.name for item in one.items if entity is None or item.name not in entity.items]
    if entity is None or unknown:
        raise pack_error(path, 0, f"{one.code}: the register has no {', '.join([one.entity] if entity is None else unknown)}")


def _items(report: LoadReport, resource: Resource, spec: ResourceSpec) -> None:
    known = {item.name: item for item in Item.objects.filter(resource=resource)}
    for position, one in enumerate(spec.items, 1):
        values: dict[str, Any] = one.model_dump(exclude={"name"}) | {"position": position}
        row = known.get(one.name)
        names = report.compare(row, values)
        if row is None:
            Item(resource=resource, name=one.name, **values).save(force_insert=True)
        elif names:
            for name in names:
                setattr(row, name, values[name])
            row.save(update_fields=names)
