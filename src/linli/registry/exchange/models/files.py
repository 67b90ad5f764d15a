"""A file of a subscription: who ordered it, how far it is, what stands in it, until when it may be fetched."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import PathField, ProtectedManager
from linli.registry.exchange.models.subscriptions import Subscription

FORMS = ("csv", "xlsx", "parquet")
FILE_STATES = ("waiting", "building", "ready", "failed", "gone")
CAUSES = ("program", "desk", "cycle")


class DataFile(AuditedModel):
    """Everything a subscription may read at one moment, as a file for its program.

    ``fields`` are the items that were in force when it was written; ``manifest`` says what the file is and is what ``signature`` signs,
    ``file_signature`` signs the SHA-256 alone. ``lease_until``: so long it belongs to the job of try number ``tries``.
    ``file_id``: the stored bytes, which nobody but the program's door opens. ``key``: two orders with the same are one.
    """

    audit_ignore = ("manifest", "lease_until", "tries")

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="files")
    recipient_id = models.UUIDField()
    form = models.CharField(max_length=8, choices=[(f, f) for f in FORMS])
    cause = models.CharField(max_length=8, choices=[(c, c) for c in CAUSES])
    key = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, default="waiting", choices=[(s, s) for s in FILE_STATES])
    ordered_by = models.UUIDField(null=True)
    ordered_by_name = models.CharField(max_length=80, blank=True)
    ordered_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    rows = models.IntegerField(default=0)
    fields = models.JSONField(default=list)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    manifest = models.JSONField(default=dict)
    signature = models.CharField(max_length=60, blank=True)
    file_signature = models.CharField(max_length=60, blank=True)
    file_id = models.UUIDField(null=True)
    ready_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    fetched = models.IntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "exchange_file"
        constraints = [models.UniqueConstraint(fields=["subscription", "key"], condition=~models.Q(key=""), name="exchange_file_once")]
        indexes = [
            models.Index(fields=["subscription", "-ordered_at"], name="exchange_file_newest"),
            models.Index(fields=["state"], condition=models.Q(state__in=("waiting", "building", "ready")), name="exchange_file_alive"),
        ]
