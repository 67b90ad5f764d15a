"""Partner systems, their tokens, what they were answered, and how much they may still ask."""

from __future__ import annotations

from django.db import models

from linli.foundation.accounts.models import User
from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import EncryptedText, ProtectedManager


class ApiClient(AuditedModel):
    """A partner system. Its account (``user``) owns what it hands in; the secret is kept as its Argon2 hash only."""

    audit_secret = ("secret",)

    client_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    secret = models.CharField(max_length=128)
    scopes = models.JSONField(default=list)
    per_minute = models.SmallIntegerField(default=600)  # requests a minute in the long run
    burst = models.SmallIntegerField(default=120)  # requests at once
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "api_client"

    def __str__(self) -> str:
        return self.name


class ApiToken(AuditedModel):
    """A bearer token, kept as its SHA-256 digest: 256 random bits need no slow hash."""

    audit_secret = ("digest",)

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="tokens")
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=45, blank=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "api_token"
        indexes = [models.Index(fields=["client", "expires_at"], name="api_token_client")]


class ApiReply(models.Model):
    """What a call that may happen only once was answered; the same Idempotency-Key is answered the same again."""

    id = models.BigAutoField(primary_key=True)
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    digest = models.BinaryField(max_length=32)  # of method, path and body
    location = models.CharField(max_length=200, blank=True)
    body = EncryptedText()  # holds query codes
    at = models.DateTimeField()

    objects = ProtectedManager()

    class Meta:
        db_table = "api_reply"
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="api_reply_once")]


class ApiBucket(models.Model):
    """A token bucket, shared by all web processes. ``granted``: whether the latest call got a token."""

    key = models.CharField(max_length=80, primary_key=True)
    tokens = models.FloatField()
    at = models.DateTimeField()
    granted = models.BooleanField(default=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "api_bucket"
