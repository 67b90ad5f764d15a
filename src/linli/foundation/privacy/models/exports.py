"""An export: who asked for what and why, who approved, where the file is; and whose rows were in it."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import EncryptedText, PathField, ProtectedManager
from linli.lib.uuid7 import uuid7

STATES = ("waiting", "refused", "approved", "ready", "failed", "gone")


class Export(AuditedModel):
    """``approvals`` are [{account, name, at}]; ``needed`` how many of them; ``password`` opens the file and is shown once; ``filters`` plain texts."""

    audit_secret = ("password", "filters")

    number = models.CharField(max_length=24, unique=True)
    exportable = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    columns = models.JSONField(default=list)
    filters = models.JSONField(default=dict)
    full = models.BooleanField(default=False)
    form = models.CharField(max_length=4, choices=[(f, f) for f in ("xlsx", "csv")])
    purpose = models.CharField(max_length=200)
    rows = models.IntegerField(default=0)
    needed = models.SmallIntegerField(default=0)
    approvals = models.JSONField(default=list)
    state = models.CharField(max_length=8, default="waiting", choices=[(s, s) for s in STATES])
    reason = models.CharField(max_length=200, blank=True)
    ordered_by = models.UUIDField()
    orderer = models.CharField(max_length=80)
    unit = models.CharField(max_length=80, blank=True)
    region_path = PathField()
    password = EncryptedText()
    downloads = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "privacy_export"
        indexes = [
            models.Index(fields=["ordered_by", "-made_at"], name="privacy_export_mine"),
            models.Index(fields=["region_path", "made_at"], condition=models.Q(state="waiting"), name="privacy_export_waiting"),
        ]

    def __str__(self) -> str:
        return self.number


class Exported(models.Model):
    """A person's data was in an export: she reads it when she asks who looked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="+")
    person_id = models.UUIDField()

    objects = ProtectedManager()

    class Meta:
        db_table = "privacy_exported"
        constraints = [models.UniqueConstraint(fields=["person_id", "export"], name="privacy_exported_once")]
