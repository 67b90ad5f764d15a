"""Layers of other offices in a synthetic city: copies that lie in the packs (demo/layers/*.geojson), as if they had been fetched on the day it is seen from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import CityContext
from linli.foundation.maps.actions.outside import write_copy
from linli.foundation.maps.engine.geojson import read_features
from linli.foundation.maps.models import OutsideFeature, OutsideLayer
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor

JOB: Final = system_actor("city.maps")
FOLDER: Final = Path("demo") / "layers"


def build_layers(city: CityContext) -> None:
    """Nothing where no pack has one, or a layer was entered before."""
    city.say(f"{enter_copies(JOB, city=city)} map layers of other offices")


@action("system", audit="maps.demo_layers_made")
def enter_copies(actor: Actor, *, city: CityContext) -> int:
    """The number entered. ``address``, ``title`` and ``every_hours`` stand beside the features; the next fetching is a cycle later."""
    files = sorted(path for pack in settings.PACKS for path in (Path(settings.PACKS_DIR) / pack / FOLDER).glob("*.geojson"))
    if OutsideLayer.objects.exists():
        return 0
    at = timezone.make_aware(datetime.combine(min(city.as_of, timezone.localdate()), time(6, 30)))
    for path in files:
        page = json.loads(path.read_text(encoding="utf-8"))
        taken, hours = read_features(page), int(page["every_hours"])
        layer = OutsideLayer(name=page["title"], url=page["address"], every_hours=hours, made_by=actor.label, fetched_at=at)
        layer.number, layer.next_at = len(taken), max(at, timezone.now()) + timedelta(hours=hours)
        layer.save(force_insert=True)
        write_copy(layer, taken)
    return len(files)


def export_layers() -> Iterator[str]:
    with scoped(JOB):
        for layer in OutsideLayer.objects.order_by("name"):
            yield f"map_layer\t{layer.name}\t{layer.url}\t{layer.every_hours}\t{layer.number}"
        for one in OutsideFeature.objects.select_related("layer").order_by("layer__name", "place"):
            yield f"map_feature\t{one.layer.name}\t{one.place}\t{one.name}\t{one.about}"
