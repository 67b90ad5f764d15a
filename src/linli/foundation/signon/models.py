"""Systems that sign people in through us, the codes and tokens they were given."""

from __future__ import annotations

from django.db import models

from linli.foundation.accounts.models import User
from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import ProtectedManager
from linli.foundation.signon.types import Audience


class System(AuditedModel):
    """A system of the city. Of its secret only the SHA-256 digest is kept: 256 random bits need no slow hash."""

    audit_secret = ("secret",)

    client_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    audience = models.CharField(max_length=10, choices=[(a.value, a.value) for a in Audience])
    secret = models.BinaryField(max_length=32)
    redirect_uris = models.JSONField(default=list)  # compared letter by letter
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    disabled_at = models.DateTimeField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "signon_system"

    def __str__(self) -> str:
        return self.name


class SignOnCode(AuditedModel):
    """A code somebody's browser carried to a system, kept as its digest; good once, for a minute, with the verifier it was asked for with."""

    audit_secret = ("digest", "challenge", "nonce")

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="codes")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(max_length=32, unique=True)
    redirect_uri = models.CharField(max_length=300)
    scopes = models.JSONField(default=list)
    nonce = models.CharField(max_length=255, blank=True)
    challenge = models.CharField(max_length=128)
    signed_in_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "signon_code"


class SignOnToken(AuditedModel):
    """A bearer token for the claims of one person, kept as its digest."""

    audit_secret = ("digest",)

    code = models.ForeignKey(SignOnCode, on_delete=models.CASCADE, related_name="tokens")
    digest = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "signon_token"
