"""Files of other offices and their rows' verdicts end after their time: what was taken over from them stays, with its source."""

from __future__ import annotations

from datetime import datetime

from linli.foundation.files.actions import let_go
from linli.registry.imports.models import Part
from linli.registry.imports.queries.ending import OVER, old_files


def remove_files(before: datetime, limit: int) -> int:
    """The bytes of files whose work was over before a moment. Part of a nightly portion, under a job's rights."""
    keys = list(old_files(before).values_list("file_id", flat=True)[:limit])
    for key in keys:
        let_go(key)
    return len(keys)


def clear_verdicts(before: datetime, limit: int) -> int:
    """What was found row by row; the counts stay. Part of a nightly portion, under a job's rights."""
    rows = Part.objects.filter(batch__done_at__lt=before, batch__state__in=OVER).exclude(verdicts=[])
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    return int(Part.objects.filter(pk__in=keys).update(verdicts=[]))
