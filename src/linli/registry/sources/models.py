"""Sources and whose word counts how much, what each says, the provenance of each value, and claims people make about themselves."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import EncryptedText, PathField, PlainWrites, ProtectedManager
from linli.lib.uuid7 import uuid7


class Source(AuditedModel):
    """Lower ``rank`` wins: licence or shared data > approval > community collection > own statement (services.md §3.7)."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    rank = models.SmallIntegerField()

    class Meta:
        db_table = "sources_source"


class Provenance(AuditedModel):
    """Which source last set one attribute of one subject by hand, and when; what other offices say stands in their entries."""

    subject_id = models.UUIDField()
    attribute = models.CharField(max_length=40)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    as_of = models.DateField()
    case_id = models.UUIDField(null=True)
    verified = models.BooleanField(default=False)  # somebody looked on the spot
    locked_until = models.DateField(null=True)  # a person has decided for the value
    region_path = PathField()
    party_id = models.UUIDField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "sources_provenance"
        constraints = [models.UniqueConstraint(fields=["subject_id", "attribute"], name="sources_provenance_once")]


class Rule(AuditedModel):
    """Whose word counts how much for one attribute (`engine.choosing.Rule`); "" is the rule of all that have none of their own."""

    attribute = models.CharField(max_length=40, unique=True, blank=True)
    weights = models.JSONField(default=dict)
    half_life = models.FloatField(null=True)  # days
    level = models.SmallIntegerField(default=1)

    class Meta:
        db_table = "sources_rule"


class Entry(PlainWrites):
    """What one source says of one subject: a row of its file as it was understood, or what the register itself said before.

    Never changed, only linked to somebody else or withdrawn; the chain of entries is the history of a value. ``content`` is JSON (attribute ->
    text), encrypted: it may hold numbers.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    batch_id = models.UUIDField(null=True)
    key_index = models.BinaryField(max_length=16, null=True)  # blind index of source and its own key
    digest = models.BinaryField(max_length=16, null=True)  # blind index of the content: a row that says the same again
    subject_id = models.UUIDField(null=True)
    brought = models.BooleanField(default=False)  # the subject came into the register with this entry
    as_of = models.DateField()
    verified = models.BooleanField(default=False)
    content = EncryptedText()
    state = models.CharField(max_length=10, default="linked", choices=[(s, s) for s in ("linked", "doubtful", "withdrawn")])
    region_path = PathField()
    party_id = models.UUIDField(null=True)
    written_at = models.DateTimeField(auto_now_add=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "sources_entry"
        indexes = [
            models.Index(fields=["subject_id"], name="sources_entry_subject"),
            models.Index(fields=["source", "key_index"], name="sources_entry_key"),
            models.Index(fields=["batch_id", "id"], name="sources_entry_batch"),
            models.Index(fields=["region_path"], name="sources_entry_region"),
        ]


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


class Correction(AuditedModel):
    """A note to an office whose word did not win: what it says, what the register says and by whose word. Closed when it says the same as we do."""

    audit_secret = ("theirs", "ours")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    subject_id = models.UUIDField()
    attribute = models.CharField(max_length=40)
    theirs = EncryptedText()
    ours = EncryptedText()
    our_source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    entry_id = models.UUIDField()  # the row of theirs it is about
    batch_id = models.UUIDField(null=True)
    as_of = models.DateField()  # the day their word is of
    region_path = PathField()
    state = models.CharField(max_length=10, default="open", choices=[(s, s) for s in ("open", "sent", "accepted", "rejected")])
    opened_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "sources_correction"
        indexes = [models.Index(fields=["source", "state", "region_path"], name="sources_correction_source")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "subject_id", "attribute"], condition=models.Q(state__in=("open", "sent")), name="sources_correction_once"
            )
        ]
