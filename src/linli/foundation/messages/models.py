"""Messages and what became of them."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import EncryptedText, PathField, ProtectedManager


class MessageTemplate(AuditedModel):
    """Wording, from packs: one row a key and channel."""

    key = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)
    subject = models.CharField(max_length=120, blank=True)
    body = models.TextField()
    link = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "notices_template"
        constraints = [models.UniqueConstraint(fields=["key", "channel"], name="notices_template_once")]


class Message(AuditedModel):
    """One message to one person over one channel; ``dedupe`` makes a repeated job send nothing twice."""

    audit_secret = ("address", "body")

    channel = models.CharField(max_length=10, choices=[(c, c) for c in ("inapp", "sms", "mail")])
    key = models.CharField(max_length=60)
    user_id = models.UUIDField(null=True)
    party_id = models.UUIDField(null=True)
    region_path = PathField(blank=True)
    address = EncryptedText()  # phone or e-mail
    subject = models.CharField(max_length=120, blank=True)
    body = EncryptedText()
    link = models.CharField(max_length=200, blank=True)
    case_id = models.UUIDField(null=True)
    dedupe = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, default="queued", choices=[(s, s) for s in ("queued", "sending", "sent", "failed", "dead")])
    tries = models.SmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)  # when a worker began its try; one that died is taken over
    error = models.CharField(max_length=200, blank=True)
    gateway_id = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "notices_message"
        indexes = [
            models.Index(fields=["user_id", "-created_at"], name="notices_user"),
            models.Index(fields=["party_id", "-created_at"], name="notices_party"),
            models.Index(fields=["state", "created_at"], name="notices_queue", condition=models.Q(state="queued")),
        ]


class ReceivedSms(AuditedModel):
    """What the local gateway of a demo received instead of a telephone. Empty everywhere else."""

    audit_secret = ("phone", "text")

    phone = EncryptedText()
    text = EncryptedText()
    message_id = models.UUIDField(unique=True)  # the sender's key: the same message posted twice is one SMS
    received_at = models.DateTimeField(auto_now_add=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "notices_received"
        indexes = [models.Index(fields=["-received_at"], name="notices_received_at")]
