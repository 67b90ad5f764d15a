"""Events in commit-safe order, and which consumer has handled which."""

from __future__ import annotations

from django.db import models

from linli.foundation.scope.models import PathField, SeqField, WrittenAtField, XidField
from linli.lib.uuid7 import uuid7


class EventRow(models.Model):
    """One thing that happened. Read in (xid, seq) order below the oldest running transaction."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seq = SeqField(sequence="topics_event_seq", unique=True)
    xid = XidField()
    at = WrittenAtField()
    topic = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    region_path = PathField(blank=True)

    class Meta:
        db_table = "topics_event"
        indexes = [
            models.Index(fields=["xid", "seq"], name="topics_event_order"),
            models.Index(fields=["topic", "at"], name="topics_event_topic"),
        ]


class Handled(models.Model):
    """A consumer's receipt; unique, so that a repeated job changes nothing."""

    event = models.ForeignKey(EventRow, on_delete=models.CASCADE)
    consumer = models.CharField(max_length=80)
    at = WrittenAtField()

    class Meta:
        db_table = "topics_handled"
        constraints = [models.UniqueConstraint(fields=["event", "consumer"], name="topics_handled_once")]
