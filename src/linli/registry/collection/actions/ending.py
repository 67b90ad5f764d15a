"""Photos of visits end: after their time, or because somebody wishes it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.foundation.files.actions import let_go
from linli.registry.collection.models import Visit
from linli.registry.collection.queries.ending import old_photos


def clear_photos(before: datetime, limit: int) -> int:
    """Of visits made before a moment. Part of a nightly portion, under a job's rights."""
    visits = list(old_photos(before)[:limit])
    for visit in visits:
        _without(visit)
    return len(visits)


def erase_photos(person_id: UUID) -> int:
    """Every photo of visits to somebody; how many. Part of a decision, under a job's rights."""
    visits = list(Visit.objects.select_for_update().filter(person_id=person_id).exclude(photos=[]))
    return sum(_without(visit) for visit in visits)


def _without(visit: Visit) -> int:
    """A photo of a home stands at each visit made there at that time: it goes from all of them."""
    gone = list(visit.photos)
    for key in gone:
        let_go(UUID(key))
    for other in (
        Visit.objects.select_for_update().filter(premises_id=visit.premises_id, photos__contains=gone[:1]) if visit.premises_id else ()
    ):
        Visit.objects.filter(pk=other.pk).update(photos=[key for key in other.photos if key not in gone])
    Visit.objects.filter(pk=visit.pk).update(photos=[])
    return len(gone)
