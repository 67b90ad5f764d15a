"""Layers of other offices: entered by an administrator, fetched by jobs; what fails leaves the last good copy."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from linli.foundation.actions.actions import action
from linli.foundation.maps.engine.geojson import Taken
from linli.foundation.maps.engine.outside import Errand, fetch
from linli.foundation.maps.models import OutsideFeature, OutsideLayer
from linli.foundation.maps.queries.outside import due_layers, find_outside, get_outside
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, Invalid, LinliError
from linli.lib.hosts import target

FETCH: Final = "maps.fetch_layer"
JOB: Final = system_actor("maps.outside")
LEAST_HOURS, MOST_HOURS, AGAIN_MINUTES, PORTION = 1, 24 * 31, 30, 500


@action("admin.packs", audit="maps.layer_added")
def add_layer(actor: Actor, *, name: str, url: str, every_hours: int, name_field: str = "") -> OutsideLayer:
    """Enter a layer; its first copy is fetched at once, by a job. LAYER_KNOWN, LAYER_CYCLE, NAME_FORMAT, those of the address."""
    layer = OutsideLayer(made_by=actor.label[:80])
    _tell(layer, name, url, every_hours, name_field)
    try:
        with transaction.atomic():
            layer.save(force_insert=True)
    except IntegrityError:  # somebody else has entered it in the same moment
        raise _known() from None
    put_jobs(FETCH, "default", {"layer_id": str(layer.pk)})
    return layer


@action("admin.packs", audit="maps.layer_changed")
def change_layer(actor: Actor, *, layer_id: UUID, name: str, url: str, every_hours: int, name_field: str = "") -> OutsideLayer:
    """Say anew what is fetched and how often; the copy stays until the next one is good. The same errors."""
    layer = get_outside(layer_id, lock=True)
    _tell(layer, name, url, every_hours, name_field)
    layer.digest = ""
    try:
        with transaction.atomic():
            layer.save(update_fields=["name", "url", "every_hours", "name_field", "next_at", "digest"])
    except IntegrityError:
        raise _known() from None
    put_jobs(FETCH, "default", {"layer_id": str(layer.pk)})
    return layer


def _tell(layer: OutsideLayer, name: str, url: str, every_hours: int, name_field: str) -> None:
    layer.name, layer.url, layer.name_field = " ".join(name.split()), url.strip(), name_field.strip()
    if not 2 <= len(layer.name) <= 60:
        raise Invalid("NAME_FORMAT", "A layer's name has 2 to 60 characters.", field="name")
    if not LEAST_HOURS <= every_hours <= MOST_HOURS:
        raise Invalid("LAYER_CYCLE", "A layer is fetched every hour at most, once a month at least.", field="every_hours")
    target(layer.url, allowed=settings.MAP_HOSTS, local=settings.MAP_LOCAL, hint="The operator can allow the host (LINLI_MAP_HOSTS).")
    if find_outside(layer.url) not in (None, layer):
        raise _known()
    layer.every_hours, layer.next_at = every_hours, timezone.now()


def _known() -> Conflict:
    return Conflict("LAYER_KNOWN", "There is a layer with this address already.", field="url", hint="Change that one.")


@action("admin.packs", audit="maps.layer_paused")
def pause_layer(actor: Actor, *, layer_id: UUID, paused: bool) -> OutsideLayer:
    """Stop fetching, or go on; the copy stays and is shown."""
    layer = get_outside(layer_id, lock=True)
    layer.paused, layer.next_at = paused, None if paused else timezone.now()
    layer.save(update_fields=["paused", "next_at"])
    return layer


@action("admin.packs", audit="maps.layer_asked")
def fetch_now(actor: Actor, *, layer_id: UUID) -> None:
    """Fetch it now, whatever its cycle says; asked twice it is fetched twice, to the same end."""
    put_jobs(FETCH, "default", {"layer_id": str(get_outside(layer_id, lock=True).pk)})


@action("admin.packs", audit="maps.layer_removed")
def remove_layer(actor: Actor, *, layer_id: UUID) -> None:
    """Take the layer and its copy away."""
    get_outside(layer_id, lock=True).delete()


def queue_due() -> int:
    """One job for each layer whose time has come."""
    with scoped(JOB):
        found = due_layers()
        put_jobs(FETCH, "default", *({"layer_id": str(pk)} for pk in found))
    return len(found)


def fetch_on(layer_id: UUID) -> None:
    """Fetch a layer and write what came of it. Nothing is locked while the other side is asked; what was changed or removed meanwhile wins."""
    with scoped(JOB):
        layer = OutsideLayer.objects.filter(pk=layer_id).first()
    if layer is None:
        return
    try:
        taken, digest = fetch(Errand(settings.MAP_HOSTS, settings.MAP_LOCAL), layer.url, name_field=layer.name_field)
    except LinliError as error:
        note_failure(JOB, layer_id=layer_id, url=layer.url, error=error)
    else:
        take_over(JOB, layer_id=layer_id, url=layer.url, taken=taken, digest=digest)


@action("system", audit="maps.layer_failed")
def note_failure(actor: Actor, *, layer_id: UUID, url: str, error: LinliError) -> None:
    """The copy stays; it is tried again soon, and later ever less often than the cycle says."""
    layer = OutsideLayer.objects.select_for_update().filter(pk=layer_id, url=url).first()
    if layer is None:
        return
    now = timezone.now()
    layer.failed_since = layer.failed_since or now
    layer.failure = {"code": error.code, "message": error.message, "hint": error.hint, "data": error.data}
    soon = max(timedelta(minutes=AGAIN_MINUTES), now - layer.failed_since)
    layer.next_at = None if layer.paused else now + min(soon, timedelta(hours=layer.every_hours))
    layer.save(update_fields=["failed_since", "failure", "next_at"])


@action("system", audit="maps.layer_fetched")
def take_over(actor: Actor, *, layer_id: UUID, url: str, taken: list[Taken], digest: str) -> None:
    """The new copy stands in the place of the old one; an unchanged one is only found good again."""
    layer = OutsideLayer.objects.select_for_update().filter(pk=layer_id, url=url).first()
    if layer is None:
        return
    now = timezone.now()
    if layer.digest != digest:
        write_copy(layer, taken)
        layer.digest, layer.number = digest, len(taken)
    layer.fetched_at, layer.failed_since, layer.failure = now, None, {}
    layer.next_at = None if layer.paused else now + timedelta(hours=layer.every_hours)
    layer.save(update_fields=["fetched_at", "failed_since", "failure", "next_at", "digest", "number"])


def write_copy(layer: OutsideLayer, taken: list[Taken]) -> None:
    """Part of an action: the features of a layer, those before thrown away."""
    OutsideFeature.objects.filter(layer=layer).delete()
    rows = [
        OutsideFeature(
            layer=layer,
            place=one.place,
            name=one.name,
            about=one.about,
            geometry=one.geometry,
            west=one.bounds[0],
            south=one.bounds[1],
            east=one.bounds[2],
            north=one.bounds[3],
        )
        for one in taken
    ]
    OutsideFeature.objects.bulk_create(rows, batch_size=PORTION)
