"""Phones (browsers) that staff take along, and what they brought."""

from __future__ import annotations

from django.db import models

from linli.foundation.accounts.models import User
from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import EncryptedText, ProtectedManager
from linli.lib.uuid7 import uuid7


class Device(AuditedModel):
    """One browser in the hands of one worker. ``key_id`` names the browser: two who share a phone are two rows of one key."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key_id = models.UUIDField()
    name = models.CharField(max_length=60)
    first_seen = models.DateTimeField()
    last_contact = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)
    wiped_at = models.DateTimeField(null=True)  # the phone asked after it was revoked, and was told to forget everything

    objects = ProtectedManager()

    audit_ignore = ("last_contact",)

    class Meta:
        db_table = "sync_device"
        constraints = [models.UniqueConstraint(fields=["key_id", "user"], name="sync_device_once")]
        indexes = [models.Index(fields=["-last_contact"], name="sync_device_latest")]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One thing noted off line and what its phone was told. The same key again is told the same, and nothing is done twice.

    ``answer`` is JSON, encrypted: a conflict tells both values. The payload itself is kept by whoever handled it, here only its digest.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)
    kind = models.CharField(max_length=40)
    base = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=[(s, s) for s in ("accepted", "conflict", "refused")])
    answer = EncryptedText()
    received_at = models.DateTimeField()

    objects = ProtectedManager()

    class Meta:
        db_table = "sync_item"
        indexes = [models.Index(fields=["worker", "-received_at"], name="sync_item_latest")]
