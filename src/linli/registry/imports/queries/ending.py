"""Files of other offices whose time is over. Under a job's rights."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from linli.foundation.files.models import StoredFile
from linli.registry.imports.models import Batch, Part

OVER = ("loaded", "undone", "failed", "dropped")
"""States in which nothing reads the file any more: taking a loaded file back goes by what it left in the register."""


def old_files(before: datetime) -> QuerySet[Batch]:
    """Those that still have their bytes, the oldest first."""
    kept = StoredFile.objects.values("pk")
    return Batch.objects.filter(state__in=OVER, done_at__lt=before, file_id__in=kept).order_by("done_at", "pk")


def files_due(before: datetime, most: int) -> int:
    return len(old_files(before).values_list("pk", flat=True)[:most])


def verdicts_due(before: datetime, most: int) -> int:
    rows = Part.objects.filter(batch__done_at__lt=before, batch__state__in=OVER).exclude(verdicts=[])
    return len(rows.values_list("pk", flat=True)[:most])
