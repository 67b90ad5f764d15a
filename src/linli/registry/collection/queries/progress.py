"""How far the visits of the grids are: counts, and the list behind each count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import at_level
from linli.foundation.types import PATH_END, Actor
from linli.registry.collection import policy
from linli.registry.collection.models import Visit

DAYS = 30
"""How far back what was done is counted."""


@dataclass(frozen=True, slots=True)
class GridProgress:
    """One grid (or community, seen from further up): due today or earlier, of these late, and done within the last 30 days."""

    path: str
    name: str
    due: int
    late: int
    done: int

    @property
    def share(self) -> int:
        """Per cent of what was to be done that is done."""
        return round(100 * self.done / (self.done + self.due)) if self.done + self.due else 100


def _in_sight(actor: Actor, path: str) -> QuerySet[Visit]:
    rows = Visit.objects.filter(policy.visits.visible(actor)).exclude(state="void")
    return rows.filter(region_path__gte=path, region_path__lt=path + PATH_END) if path else rows


def progress(actor: Actor, *, path: str = "", level: str = "grid", on: date | None = None) -> list[GridProgress]:
    """Counts for each region of a level with visits in sight, the latest first."""
    on = on or timezone.localdate()
    rows = (
        _in_sight(actor, path)
        .values("region_path")
        .annotate(
            due=Count("pk", filter=Q(state="due", due_on__lte=on)),
            late=Count("pk", filter=Q(state="due", due_on__lt=on)),
            done=Count("pk", filter=Q(done_at__date__gt=on - timedelta(days=DAYS))),
        )
        .order_by()
    )
    sums: dict[str, list[int]] = {}
    for row in rows:
        mine = sums.setdefault(at_level(row["region_path"], level), [0, 0, 0])
        for n, number in enumerate((row["due"], row["late"], row["done"])):
            mine[n] += number
    names = dict(Region.objects.filter(path__in=list(sums)).values_list("path", "name"))
    found = [GridProgress(where, names.get(where, where), *counts) for where, counts in sums.items() if any(counts)]
    return sorted(found, key=lambda one: (-one.late, -one.due, one.path))


def visits_in(actor: Actor, *, path: str = "", state: str = "", on: date | None = None) -> QuerySet[Visit]:
    """Visits below a region: ``late``, ``due`` (also the late ones), ``done`` (however they ended); all when nothing is said."""
    on = on or timezone.localdate()
    rows = _in_sight(actor, path).select_related("premises", "worker")
    if state == "late":
        return rows.filter(state="due", due_on__lt=on).order_by("due_on", "id")
    if state == "due":
        return rows.filter(state="due", due_on__lte=on).order_by("due_on", "id")
    if state == "done":
        return rows.filter(done_at__date__gt=on - timedelta(days=DAYS)).order_by("-done_at", "id")
    return rows.order_by("-due_on", "id")
