"""The catalogue, and the terms of the packs."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from linli.foundation.types import Level
from linli.lib.errors import NotFound
from linli.lib.remembered import remembered
from linli.registry.exchange.engine.pack import read_exchange
from linli.registry.exchange.models import Item, Resource
from linli.registry.exchange.types import ExchangeSpec, Terms


def resources() -> QuerySet[Resource]:
    """The whole catalogue by code: it is published, rows are not."""
    return Resource.objects.order_by("code")


def get_resource(pk: UUID) -> Resource:
    row = Resource.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("RESOURCE_UNKNOWN", gettext_noop("There is no such resource in the catalogue."))
    return row


def items_of(resource_id: UUID) -> list[Item]:
    """In the order of the catalogue."""
    return list(Item.objects.filter(resource_id=resource_id).order_by("position", "name"))


def offered(resource_id: UUID) -> list[Item]:
    """Items that may be applied for: data about special groups (L5) never leaves by this way."""
    return [item for item in items_of(resource_id) if item.level < Level.SPECIAL]


@remembered(seconds=60)
def terms() -> Terms:
    """Time limits; those of a later pack take the place of an earlier one's."""
    return [Terms(), *(spec.terms for spec in _specs())][-1]


@remembered(seconds=60)
def purposes() -> dict[str, str]:
    """What data may be asked for: code -> name."""
    return {purpose.code: purpose.name for spec in _specs() for purpose in spec.purposes}


def _specs() -> list[ExchangeSpec]:
    found = (read_exchange(Path(settings.PACKS_DIR) / pack) for pack in settings.PACKS)
    return [spec for spec in found if spec is not None]
