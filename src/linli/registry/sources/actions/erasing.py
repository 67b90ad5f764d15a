"""What sources said of an attribute goes at somebody's wish; of what they said besides, nothing changes."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from linli.registry.sources.models import Claim, Entry


def erase_words(subject_id: UUID, attribute: str) -> int:
    """Take one attribute out of every entry and claim about somebody; how many held it. Part of the caller's action, under a job's rights."""
    erased = int(Claim.objects.filter(subject_id=subject_id, attribute=attribute).delete()[0])
    for row in Entry.objects.select_for_update().filter(subject_id=subject_id).order_by("pk"):
        values = json.loads(row.content or "{}")
        if attribute in values:
            del values[attribute]
            Entry.objects.filter(pk=row.pk).update(content=json.dumps(values, ensure_ascii=False, sort_keys=True))
            erased += 1
    return erased


def clear_withdrawn(before: datetime, limit: int) -> int:
    """Rows of files that were taken back, written before a moment: what they said goes, that there was a row stays. Under a job's rights."""
    rows = Entry.objects.filter(state="withdrawn", written_at__lt=before, content__isnull=False)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    return int(Entry.objects.filter(pk__in=keys).update(content=None))
