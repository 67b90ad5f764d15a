"""Connectors on the desk: made, changed, paused, run, tried."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.actions.actions import action, require
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid
from linli.registry.imports import policy, queries
from linli.registry.imports.actions.batches import widest
from linli.registry.imports.engine.deliveries import Writer
from linli.registry.imports.engine.fetching import rows_of
from linli.registry.imports.models import Connector
from linli.registry.imports.queries.connectors import get_connector, request_of

PULL = "imports.pull"
TRIED = 20  # rows
ASKED = {"postgres": ("host", "port", "database", "user", "sslmode", "table", "query", "column"), "http": ("url", "sign"), "push": ()}
NEEDED = {"postgres": ("host", "database", "user"), "http": ("url",), "push": ()}


@action("imports.connect", audit="imports.connector_saved")
def save_connector(
    actor: Actor, /, *, connector_id: UUID | None = None, secret: str = "", address: dict[str, Any], **values: Any
) -> Connector:
    """Make a connector, or change one: its files have the rights of whoever saved it last. An empty ``secret`` leaves the one it has.

    Errors: LAYOUT_UNKNOWN, ADDRESS_MISSING, CLIENT_MISSING. Another address wants the secret again (SECRET_AGAIN): it must not be sent elsewhere.
    """
    queries.layout(values["layout"])
    row = get_connector(actor, connector_id, lock=True) if connector_id else Connector(region_path=widest(actor), kind=values["kind"])
    require(policy.can_connect(actor, row))
    kind = row.kind
    given = {name: str(address.get(name, "")).strip() for name in ASKED[kind] if str(address.get(name, "")).strip()}
    lacks = [name for name in NEEDED[kind] if name not in given]
    if lacks or (kind == "postgres" and not given.keys() & {"table", "query"}):
        raise Invalid("ADDRESS_MISSING", gettext_noop("This is needed."), field=lacks[0] if lacks else "table")
    if kind == "push" and not values.get("client_id"):
        raise Invalid("CLIENT_MISSING", gettext_noop("Say which program sends."), field="client_id")
    if connector_id and row.secret and not secret and _server(given) != _server(row.address):
        raise Invalid("SECRET_AGAIN", gettext_noop("For another address the secret has to be given again."), field="secret")
    row.address, row.owner_id, row.owner_name = given, actor.account, actor.label[:80]
    for name in ("name", "layout", "community", "every_minutes", "loads", "most_refused", "client_id"):
        if name in values:
            setattr(row, name, values[name])
    if secret:
        row.secret = secret
    row.next_at = timezone.now() if row.every_minutes and kind != "push" else None
    row.save(force_insert=not connector_id)
    return row


def _server(address: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(address.get(name) for name in ("host", "port", "url", "user", "database"))


@action("imports.connect", audit="imports.connector_paused")
def pause(actor: Actor, *, connector_id: UUID, paused: bool) -> Connector:
    """Stop asking, or go on; what is under way comes to its end."""
    row = get_connector(actor, connector_id, lock=True)
    require(policy.can_connect(actor, row))
    row.paused = paused
    row.next_at = timezone.now() if row.every_minutes and not paused and row.kind != "push" else None
    row.save(update_fields=["paused", "next_at"])
    return row


@action("imports.connect", audit="imports.connector_run")
def run_now(actor: Actor, *, connector_id: UUID) -> None:
    """Ask now. CONNECTOR_PAUSED, CONNECTOR_PUSHED."""
    row = get_connector(actor, connector_id, lock=True)
    require(policy.can_connect(actor, row))
    if row.kind == "push":
        raise Conflict("CONNECTOR_PUSHED", gettext_noop("The other program sends by itself; it cannot be asked."))
    if row.paused:
        raise Conflict("CONNECTOR_PAUSED", gettext_noop("The connector is paused."), hint=gettext_noop("Let it go on first."))
    put_jobs(PULL, "default", {"connector_id": str(row.pk)})


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial found: rows read (at most 20), headings the layout does not know."""

    rows: int
    unknown: list[str]


def try_connection(actor: Actor, *, connector_id: UUID) -> Trial:
    """Read a few rows and throw them away. Errors: those of the host, the database and its shape."""
    with scoped(actor):
        row = get_connector(actor, connector_id)
        require(policy.can_connect(actor, row))
    if row.kind == "push":
        raise Conflict("CONNECTOR_PUSHED", gettext_noop("The other program sends by itself; it cannot be asked."))
    writer = Writer(queries.layout(row.layout), BytesIO(), max_bytes=settings.IMPORT_MAX_BYTES)
    for record in rows_of(request_of(row, most=TRIED)):
        writer.add(record)
    written = writer.end()
    return Trial(written.rows, written.unknown)
