"""Sources, the provenance of each value, and claims people make about themselves."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import EncryptedText, PathField, ProtectedManager


class Source(AuditedModel):
    """Lower ``rank`` wins: licence or shared data > approval > community collection > own statement (services.md §3.7)."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    rank = models.SmallIntegerField()

    class Meta:
        db_table = "sources_source"


class Provenance(AuditedModel):
    """Which source last set one attribute of one subject, and when."""

    subject_id = models.UUIDField()
    attribute = models.CharField(max_length=40)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    as_of = models.DateField()
    case_id = models.UUIDField(null=True)
    region_path = PathField()
    party_id = models.UUIDField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "sources_provenance"
        constraints = [models.UniqueConstraint(fields=["subject_id", "attribute"], name="sources_provenance_once")]


class Claim(AuditedModel):
    """A value somebody says is right; applied at once or left for the community to check, by the sources' ranks."""

    audit_secret = ("value",)

    subject_id = models.UUIDField(db_index=True)
    attribute = models.CharField(max_length=40)
    value = EncryptedText()
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    case_id = models.UUIDField(null=True)
    region_path = PathField()
    party_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, default="open", choices=[(s, s) for s in ("open", "applied", "rejected")])
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "sources_claim"


class Fact(AuditedModel):
    """Something a decided case or a register says of somebody (a benefit, a card, a registration), from a day, perhaps to a day.

    ``value`` is JSON text, encrypted: it may hold an account number.
    """

    audit_secret = ("value",)

    subject_id = models.UUIDField()
    attribute = models.CharField(max_length=60)
    value = EncryptedText()
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    case_id = models.UUIDField(null=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    region_path = PathField()
    party_id = models.UUIDField(null=True)
    written_at = models.DateTimeField(auto_now_add=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "sources_fact"
        indexes = [models.Index(fields=["subject_id", "attribute", "-effective_from"], name="sources_fact_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "subject_id", "attribute"], condition=~models.Q(case_id=None), name="sources_fact_once"
            )
        ]
