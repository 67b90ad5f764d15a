"""What a resident asks about her own data, and what became of it."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import EncryptedText, PathField, ProtectedManager

KINDS = ("copy", "correct", "erase")
STATES = ("open", "done", "partly", "refused", "withdrawn")


class DataRequest(AuditedModel):
    """A request under articles 15 and 44 to 47 of the law on personal information.

    correct: ``attribute`` (a code of `CORRECTABLE`) and ``value``. erase: ``scope``, codes of rules. ``text``: her own words.
    ``outcome``: [{what, done, why}] of an erasure. ``content``: the copy as JSON, until ``content_until``; then it is emptied.
    """

    audit_secret = ("value", "text", "content")

    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=8, choices=[(k, k) for k in KINDS])
    person_id = models.UUIDField()
    name = models.CharField(max_length=60)
    region_path = PathField()
    channel = models.CharField(max_length=8, choices=[(c, c) for c in ("portal", "counter")])
    filed_by = models.UUIDField()  # the account of the resident, her guardian, or the clerk
    filed_by_name = models.CharField(max_length=80)
    filed_at = models.DateTimeField()
    attribute = models.CharField(max_length=40, blank=True)
    value = EncryptedText()
    scope = models.JSONField(default=list)
    text = EncryptedText()
    due_on = models.DateField()
    state = models.CharField(max_length=10, default="open", choices=[(s, s) for s in STATES])
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    outcome = models.JSONField(default=list)
    content = EncryptedText()
    content_until = models.DateTimeField(null=True)
    downloads = models.IntegerField(default=0)

    objects = ProtectedManager()

    class Meta:
        db_table = "privacy_request"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "kind", "attribute"], condition=models.Q(state="open"), name="privacy_request_one_open"
            )
        ]
        indexes = [
            models.Index(fields=["person_id", "-filed_at"], name="privacy_request_person"),
            models.Index(fields=["region_path", "due_on"], condition=models.Q(state="open"), name="privacy_request_open"),
            models.Index(fields=["content_until"], condition=models.Q(content_until__isnull=False), name="privacy_request_copies"),
        ]

    def __str__(self) -> str:
        return self.number
