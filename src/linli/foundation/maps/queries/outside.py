"""Layers of other offices as the desk's map shows them. They are not published on: `/ogc/` gives what is ours."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from linli.foundation.maps.engine import Layer
from linli.foundation.maps.models import OutsideFeature, OutsideLayer
from linli.foundation.maps.queries.layers import layers
from linli.foundation.maps.types import Ask, Box, Feature, Field, Shape
from linli.foundation.types import Actor, Level
from linli.lib.errors import LinliError, NotFound

PERMISSION, CODE, ORDER = "maps.view", "outside-", 200
FIELDS = (Field("name", gettext_noop("Name"), filters=False), Field("about", gettext_noop("What the other office says"), filters=False))


def _unknown() -> NotFound:
    return NotFound("LAYER_UNKNOWN", "There is no such layer.")


def get_outside(pk: UUID, *, lock: bool = False) -> OutsideLayer:
    """One layer of another office; `NotFound` when it was removed."""
    rows = OutsideLayer.objects.filter(pk=pk)
    layer = (rows.select_for_update() if lock else rows).first()
    if layer is None:
        raise _unknown()
    return layer


def find_outside(url: str) -> OutsideLayer | None:
    return OutsideLayer.objects.filter(url=url).first()


def all_outside() -> list[OutsideLayer]:
    return list(OutsideLayer.objects.order_by("name", "pk"))


def due_layers() -> list[UUID]:
    """Those whose time to be fetched has come."""
    return list(OutsideLayer.objects.filter(paused=False, next_at__lte=timezone.now()).order_by("next_at").values_list("pk", flat=True))


def failure_of(layer: OutsideLayer) -> tuple[str, str]:
    """Why the last try failed, and what to do, in the reader's language; twice "" when it did not."""
    if not layer.failure:
        return "", ""
    said = layer.failure
    error = LinliError(said["code"], said["message"], hint=said["hint"], data=said["data"])
    return error.text(gettext), error.next_step(gettext)


def desk_layers(actor: Actor) -> list[tuple[Layer, str]]:
    """Every layer of the desk's map with a note about it: ours, and behind them the copies of those of other offices."""
    ours = [(one, "") for one in layers(actor)]
    if not actor.may(PERMISSION):
        return ours
    return ours + [(_layer(row), _note(row)) for row in all_outside() if row.fetched_at is not None]


def desk_layer(actor: Actor, code: str) -> Layer:
    """One layer of the desk's map; `NotFound` otherwise."""
    for layer, _ in desk_layers(actor):
        if layer.code == code:
            return layer
    raise _unknown()


def _note(row: OutsideLayer) -> str:
    told = {"day": f"{timezone.localtime(row.fetched_at):%Y-%m-%d %H:%M}"} if row.fetched_at else {}
    if row.failed_since is None:
        return gettext("copy of %(day)s") % told
    return gettext("last good copy of %(day)s; the other server has failed since") % told


def _layer(row: OutsideLayer) -> Layer:
    return Layer(
        code=f"{CODE}{row.pk.hex}",
        title=row.name,
        description=row.name,
        order=ORDER,
        shape=Shape.ANY,
        fields=FIELDS,
        read=partial(_read, row.pk),
        one=partial(_one, row.pk),
        count=partial(_count, row.pk),
        level=Level.INTERNAL,
        permission=PERMISSION,
    )


def _within(pk: UUID, box: Box | None) -> QuerySet[OutsideFeature]:
    rows = OutsideFeature.objects.filter(layer_id=pk)
    if box is None:
        return rows
    wanted = Q(pk__in=[])
    for half in box.halves():
        wanted |= Q(west__lte=half.east, east__gte=half.west, south__lte=half.north, north__gte=half.south)
    return rows.filter(wanted)


def _read(pk: UUID, actor: Actor, ask: Ask) -> list[Feature]:
    rows = _within(pk, ask.box)
    rows = rows.filter(place__gt=int(ask.after)) if ask.after.isdecimal() else rows
    return [_feature(row) for row in rows.order_by("place")[: ask.limit]]


def _one(pk: UUID, actor: Actor, key: str) -> Feature | None:
    row = _within(pk, None).filter(place=int(key)).first() if key.isdecimal() and len(key) < 9 else None
    return _feature(row) if row else None


def _count(pk: UUID, actor: Actor, ask: Ask) -> int:
    return _within(pk, ask.box).count()


def _feature(row: OutsideFeature) -> Feature:
    return Feature(str(row.place), row.geometry, {"name": row.name, "about": row.about}, str(row.place))
