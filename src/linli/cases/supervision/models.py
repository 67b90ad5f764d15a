"""Clocks with their ledger of suspensions, the rungs on the way, and cards."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import PathField, ProtectedManager


class Clock(AuditedModel):
    """The running time limits of one subject. Due dates are derived from facts and suspensions, never edited; "overdue" is never stored."""

    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField(unique=True)
    number = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=120, blank=True)
    region_path = PathField()
    line = models.CharField(max_length=8, blank=True)
    party_id = models.UUIDField(null=True)
    unit_id = models.UUIDField(null=True)
    unit_name = models.CharField(max_length=80, blank=True)
    cycle = models.SmallIntegerField(default=1)
    yellow_at = models.DateTimeField(null=True)
    promised_due = models.DateTimeField(null=True)
    statutory_due = models.DateTimeField(null=True)
    explanation = models.JSONField(default=list)
    provisional = models.BooleanField(default=False)  # reaches a year whose holidays are not published, or a suspension is open
    calendar_version = models.IntegerField(default=0)

    objects = ProtectedManager()

    class Meta:
        db_table = "supervision_clock"


class Suspension(AuditedModel):
    """A stretch of time that does not count, with its lawful basis and who approved it."""

    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField(db_index=True)
    region_path = PathField()
    party_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=20)  # hearing | publicity | inspection | ...
    basis = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    longest_days = models.SmallIntegerField(null=True)
    approved_by = models.UUIDField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "supervision_suspension"


class Rung(models.Model):
    """A signal that will be raised at ``fire_at`` if nothing happens before; claimed by one worker only."""

    id = models.BigAutoField(primary_key=True)
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="rungs")
    rule = models.CharField(max_length=8)
    colour = models.CharField(max_length=8)
    period = models.CharField(max_length=120)
    reason = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    fire_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "supervision_rung"
        indexes = [models.Index(fields=["fire_at"], name="supervision_due", condition=models.Q(claimed_at=None))]
        constraints = [models.UniqueConstraint(fields=["clock", "rule", "colour", "period"], name="supervision_rung_once")]


class Card(AuditedModel):
    """A blue reminder, yellow or red card. One per subject, rule and period; appealed and reversed, never deleted."""

    number = models.CharField(max_length=20, blank=True)
    rule = models.CharField(max_length=8)
    colour = models.CharField(max_length=8)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    subject_number = models.CharField(max_length=40, blank=True)
    subject_title = models.CharField(max_length=120, blank=True)
    region_path = PathField()
    line = models.CharField(max_length=8, blank=True)
    unit_id = models.UUIDField(null=True)
    unit_name = models.CharField(max_length=80, blank=True)
    user_id = models.UUIDField(null=True)
    period = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=200)  # msgid
    params = models.JSONField(default=dict)
    issued_at = models.DateTimeField()
    reply_due_at = models.DateTimeField(null=True)
    state = models.CharField(
        max_length=12, default="issued", choices=[(s, s) for s in ("issued", "signed", "replied", "closed", "appealed", "cancelled")]
    )
    reply = models.TextField(blank=True)
    appeal = models.TextField(blank=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "supervision_card"
        constraints = [models.UniqueConstraint(fields=["subject_id", "rule", "colour", "period"], name="supervision_card_once")]
        indexes = [
            models.Index(fields=["-issued_at"], name="supervision_card_time"),
            models.Index(fields=["region_path", "-issued_at"], name="supervision_card_region"),
        ]
