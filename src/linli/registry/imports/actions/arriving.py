"""A delivery: asked for or pushed, kept as the file of a batch, checked, loaded when the connector says so. What fails is told, never passed over."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import IO, Any, Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import repeated
from linli.foundation.regions.engine import actor_of
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, Invalid, LinliError
from linli.registry.imports import queries
from linli.registry.imports.actions.batches import order_load, upload
from linli.registry.imports.actions.connecting import PULL
from linli.registry.imports.engine.deliveries import Writer, Written, records_of
from linli.registry.imports.engine.fetching import rows_of
from linli.registry.imports.models import Arrival, Batch, Connector
from linli.registry.imports.queries.connectors import UNDER_WAY, get_connector, request_of

JOB: Final = system_actor("imports.connect")
STALE = timedelta(hours=2)
"""A delivery that is still being asked for after so long belongs to a job that died."""
AGAIN = timedelta(minutes=15)
"""After a failure it is asked again no sooner."""


def queue_due(now: datetime) -> int:
    """Queue what is due, take what died for failed, and look after deliveries whose batch somebody has moved on by hand."""
    with scoped(JOB):
        for dead in Arrival.objects.filter(state="running", begun_at__lt=now - STALE):
            _ended(dead, "failed", {"code": "DIED", "message": gettext_noop("The work broke off."), "hint": "", "data": {}})
        due = list(Connector.objects.filter(paused=False, next_at__lte=now).exclude(kind="push").order_by("next_at")[:20])
        for one in due:
            one.next_at = now + timedelta(minutes=max(one.every_minutes, 1))
            one.save(update_fields=["next_at"])
            put_jobs(PULL, "default", {"connector_id": str(one.pk)})
        waiting = list(
            Arrival.objects.filter(state__in=("checking", "held", "loading")).exclude(batch=None).values_list("batch_id", flat=True)
        )
    for batch_id in waiting:
        follow(batch_id)
    return len(due)


def pull_on(connector_id: UUID) -> Arrival | None:
    """Ask a connector's database once; None when it is paused or a delivery is still under way. Nothing is open in our database meanwhile."""
    begun = _begin(connector_id)
    if begun is None:
        return None
    connector, arrival = begun
    request = request_of(connector)
    try:
        with tempfile.TemporaryFile(prefix="linli-delivery-") as file:
            writer = Writer(queries.layout(connector.layout), file, max_bytes=settings.IMPORT_MAX_BYTES)
            for record in rows_of(request):
                writer.add(record)
            written = writer.end()
            file.seek(0)
            return _take(connector, arrival.pk, file, written, request.cursor)
    except LinliError as error:
        return fail_arrival(arrival.pk, error)
    except Exception as error:
        fail_arrival(arrival.pk, error)
        raise


def _begin(connector_id: UUID) -> tuple[Connector, Arrival] | None:
    with scoped(JOB):
        connector = Connector.objects.select_for_update().filter(pk=connector_id, paused=False).first()
        if connector is None or Arrival.objects.filter(connector_id=connector_id, key="", state__in=UNDER_WAY).exists():
            return None
        arrival = Arrival(connector=connector, state="running", begun_at=timezone.now(), region_path=connector.region_path)
        arrival.save(force_insert=True)
        connector.ran_at = arrival.begun_at
        connector.save(update_fields=["ran_at"])
        return connector, arrival


def _take(connector: Connector, arrival_id: UUID, file: IO[bytes], written: Written, cursor: str) -> Arrival:
    with scoped(JOB):
        before = Arrival.objects.filter(connector=connector, state__in=("done", "nothing")).order_by("-begun_at").first()
        arrival = Arrival.objects.select_for_update().get(pk=arrival_id)
        arrival.rows, arrival.sha256, arrival.unknown, arrival.cursor = written.rows, written.sha256, written.unknown, cursor
        if not written.rows or (before is not None and before.sha256 == written.sha256):  # nothing new, or the same once more
            _ended(arrival, "nothing", {})
            return arrival
        batch = _brought(connector, file)
        arrival.batch, arrival.state = batch, "checking"
        arrival.save(update_fields=["batch", "state", "rows", "sha256", "unknown", "cursor"])
    return arrival


def _brought(connector: Connector, file: IO[bytes], day: date | None = None) -> Batch:
    """Under the rights of the connector's owner as of today. ``day``: in a synthetic city, whose files are called after the day only."""
    name = f"{connector.name}-{day:%Y%m%d}.jsonl" if day else f"{connector.name}-{timezone.localtime():%Y%m%d-%H%M%S}.jsonl"
    owner = actor_of(connector.owner_id)
    return upload(owner, file=file, name=name, layout=connector.layout, as_of=day or timezone.localdate(), community=connector.community)


@action("imports.push", audit="imports.delivery_pushed")
def push(actor: Actor, *, connector_id: UUID, file: Iterable[bytes], key: str) -> Arrival:
    """A program sends JSON lines. The same ``key`` again gives the delivery it gave before.

    Errors: CONNECTOR_PAUSED, DELIVERY_EMPTY, and those of its records (LINE_DAMAGED, FIELDS_MISSING, DELIVERY_TOO_LARGE): then nothing is kept.
    """
    connector = get_connector(actor, connector_id)
    require(connector.kind == "push" and connector.client_id == actor.user_id)
    if connector.paused:
        raise Conflict("CONNECTOR_PAUSED", gettext_noop("The connector is paused."), hint=gettext_noop("Send it again later."))
    with scoped(JOB):
        known = Arrival.objects.filter(connector=connector, key=key).first()
    if known is not None:
        repeated()
        return known
    return keep_records(connector, records_of(file), key)


def keep_records(connector: Connector, records: Iterable[Mapping[str, Any]], key: str, *, day: date | None = None) -> Arrival:
    """Keep a delivery that was sent, and have it checked. Part of the caller's action."""
    with tempfile.TemporaryFile(prefix="linli-delivery-") as sink:
        writer = Writer(queries.layout(connector.layout), sink, max_bytes=settings.IMPORT_MAX_BYTES)
        for record in records:
            writer.add(record)
        written = writer.end()
        if not written.rows:
            raise Invalid("DELIVERY_EMPTY", gettext_noop("There is no record in it."), field="file")
        sink.seek(0)
        with scoped(JOB):
            return _kept(connector, sink, written, key, day)


def _kept(connector: Connector, sink: IO[bytes], written: Written, key: str, day: date | None) -> Arrival:
    arrival = Arrival(connector=connector, key=key, state="checking", begun_at=timezone.now(), region_path=connector.region_path)
    arrival.rows, arrival.sha256, arrival.unknown = written.rows, written.sha256, written.unknown
    try:
        with transaction.atomic():
            arrival.save(force_insert=True)
    except IntegrityError:  # the same delivery at the same moment
        return Arrival.objects.get(connector=connector, key=key)
    arrival.batch = _brought(connector, sink, day)
    arrival.save(update_fields=["batch"])
    connector = Connector.objects.select_for_update().get(pk=connector.pk)
    connector.ran_at = arrival.begun_at
    connector.save(update_fields=["ran_at"])
    return arrival


def follow(batch_id: UUID) -> None:
    """A batch has moved: when it came by a connector, load it, hold it for a person, or end the delivery."""
    with scoped(JOB):
        arrival = Arrival.objects.select_for_update(of=("self",)).select_related("connector").filter(batch_id=batch_id).first()
        if arrival is None or arrival.state not in ("checking", "held", "loading"):
            return
        batch = queries.get_batch(JOB, batch_id)
        if batch.state == "loaded":
            _ended(arrival, "done", {})
        elif batch.state in ("failed", "dropped", "undone"):
            dropped = {"code": "DROPPED", "message": gettext_noop("The file was dropped: it is asked for again."), "hint": "", "data": {}}
            _ended(arrival, "failed", batch.error or dropped)
        elif batch.state == "checked" and arrival.state == "checking":
            _checked(arrival, batch)


def _checked(arrival: Arrival, batch: Batch) -> None:
    connector, total, refused = arrival.connector, sum(batch.counts.values()), batch.counts.get("refused", 0)
    if not connector.loads:
        _hold(arrival, "TO_BE_LOADED", gettext_noop("The delivery is checked; somebody has to load it."), {})
    elif not total or 100 * refused > connector.most_refused * total:
        message = gettext_noop("%(refused)s of %(total)s rows were refused, more than allowed: nothing was loaded.")
        _hold(arrival, "TOO_MANY_REFUSED", message, {"refused": refused, "total": total})
    else:
        try:
            order_load(actor_of(connector.owner_id), batch_id=batch.pk)
        except LinliError as error:
            _hold(arrival, error.code, error.message, error.data)
        else:
            arrival.state = "loading"
            arrival.save(update_fields=["state"])


def _hold(arrival: Arrival, code: str, message: str, data: dict[str, Any]) -> None:
    error = {"code": code, "message": message, "hint": gettext_noop("Look at the file: load it or drop it."), "data": data}
    arrival.state, arrival.error = "held", error
    arrival.save(update_fields=["state", "error"])
    _note(arrival, error)


def fail_arrival(arrival_id: UUID, error: Exception) -> Arrival:
    with scoped(JOB):
        arrival = Arrival.objects.select_for_update().get(pk=arrival_id)
        if isinstance(error, LinliError):
            told = {"code": error.code, "message": error.message, "hint": error.hint, "data": error.data}
        else:
            told = {"code": "FAULT", "message": gettext_noop("The work broke off."), "hint": "", "data": {}}
        _ended(arrival, "failed", told)
        return arrival


def _ended(arrival: Arrival, state: str, error: dict[str, Any]) -> None:
    """The last state. The cursor moves only when what it stands for is in the register, or there was nothing."""
    arrival.state, arrival.error, arrival.ended_at = state, error, timezone.now()
    arrival.save(update_fields=["state", "error", "ended_at", "rows", "sha256", "unknown", "cursor"])
    _note(arrival, error, moved=state in ("done", "nothing"))


def _note(arrival: Arrival, error: dict[str, Any], *, moved: bool = False) -> None:
    connector, now = Connector.objects.select_for_update().get(pk=arrival.connector_id), timezone.now()
    connector.error = error
    if moved:
        connector.cursor = arrival.cursor or connector.cursor
        connector.loaded_at = now
    elif connector.every_minutes and not connector.paused:
        connector.next_at = max(connector.next_at or now, now + AGAIN)
    connector.save(update_fields=["error", "cursor", "loaded_at", "next_at"])
