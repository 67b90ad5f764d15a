"""Connectors and their deliveries."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from linli.foundation.types import Actor
from linli.lib.errors import NotFound
from linli.registry.imports import policy
from linli.registry.imports.engine.fetching import Request
from linli.registry.imports.models import Arrival, Connector

UNDER_WAY = ("running", "checking", "held", "loading")


def connectors(actor: Actor) -> QuerySet[Connector]:
    return Connector.objects.filter(policy.connectors.visible(actor)).order_by("name", "id")


def get_connector(actor: Actor, pk: UUID, *, lock: bool = False) -> Connector:
    """One connector; `NotFound` for any other."""
    rows = Connector.objects.filter(policy.connectors.visible(actor), pk=pk)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound("CONNECTOR_UNKNOWN", gettext_noop("There is no such connector."))
    return found


def arrivals(actor: Actor, connector: Connector) -> QuerySet[Arrival]:
    return Arrival.objects.filter(policy.arrivals.visible(actor), connector=connector).order_by("-begun_at")


def request_of(connector: Connector, *, most: int = 0) -> Request:
    """What is asked of its database now."""
    return Request(
        connector.kind,
        connector.address,
        connector.secret or "",
        cursor=connector.cursor,
        hosts=settings.CONNECTOR_HOSTS,
        local=settings.CONNECTOR_LOCAL,
        timeout=settings.CONNECTOR_TIMEOUT_S,
        most=most,
    )
