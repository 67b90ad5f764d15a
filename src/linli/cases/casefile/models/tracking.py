"""Wrong tries at opening a case with its number and code."""

from __future__ import annotations

from django.db import models


class TrackAttempt(models.Model):
    """One wrong try. Counted by number and by address across processes; rows older than a day are swept by the next try."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=26)
    address = models.CharField(max_length=45, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "casefile_track_attempt"
        indexes = [
            models.Index(fields=["number", "at"], name="casefile_track_number"),
            models.Index(fields=["address", "at"], name="casefile_track_address"),
        ]
