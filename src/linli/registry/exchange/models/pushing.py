"""Where a subscriber wants to be told, and what became of each message."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import EncryptedText, PathField, PlainWrites, ProtectedManager
from linli.lib.uuid7 import uuid7
from linli.registry.exchange.models.subscriptions import Subscription


class Endpoint(AuditedModel):
    """The address a subscription's changes are told to, signed with ``secret``. ``xid`` and ``seq`` are how far it has been told."""

    audit_secret = ("secret",)
    audit_ignore = ("xid", "seq")

    subscription = models.OneToOneField(Subscription, on_delete=models.CASCADE, related_name="endpoint")
    url = models.CharField(max_length=300)
    secret = EncryptedText()
    xid = models.BigIntegerField()
    seq = models.BigIntegerField()
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "exchange_endpoint"


class Delivery(PlainWrites):
    """One message: the changes from one position to another. It holds keys only, the values are fetched under the subscription's rights.

    ``state``: waiting (for ``next_at``), done, dead.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    body = models.TextField()
    changes = models.IntegerField()
    tries = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=8, default="waiting")
    next_at = models.DateTimeField()
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=120, blank=True)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "exchange_delivery"
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="exchange_delivery_due"),
            models.Index(fields=["subscription", "-made_at"], name="exchange_delivery_newest"),
        ]
