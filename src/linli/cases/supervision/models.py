"""Deadlines with their ledger of suspensions, the rungs on the way, and cards."""
from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import PathField, ProtectedManager


class Deadline(AuditedModel):
    """A budget of time about a subject. ``due_at`` is derived from the budget and the suspensions, never edited; "overdue" is never stored."""

    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    kind = models.CharField(max_length=12)  # accept | promised | statutory | step | deliver | publicity | callback
    step_id = models.CharField(max_length=60, blank=True)
    region_path = PathField()
    line = models.CharField(max_length=8, blank=True)
    party_id = models.UUIDField(null=True)
    unit_id = models.UUIDField(null=True)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    unit = models.CharField(max_length=2)  # W working days, N natural days, M months, H working hours, C clock hours
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)  # reaches a year whose holidays are not published yet
    stopped_at = models.DateTimeField(null=True)
    explanation = models.JSONField(default=list)
    calendar_version = models.IntegerField(default=1)

    objects = ProtectedManager()

    class Meta:
        db_table = "supervision_deadline"
        indexes = [models.Index(fields=["subject_id", "kind"], name="supervision_subject")]


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
    """A moment at which something is due to happen; claimed by one worker only."""

    id = models.BigAutoField(primary_key=True)
    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="rungs")
    rule = models.CharField(max_length=8)
    colour = models.CharField(max_length=8)
    fire_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "supervision_rung"
        indexes = [models.Index(fields=["fire_at"], name="supervision_due", condition=models.Q(claimed_at=None))]
        constraints = [models.UniqueConstraint(fields=["deadline", "rule", "colour"], name="supervision_rung_once")]


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
    period = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200)  # msgid
    params = models.JSONField(default=dict)
    issued_at = models.DateTimeField()
    reply_due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default="issued", choices=[(s, s) for s in ("issued", "signed", "replied", "closed", "appealed", "cancelled")])
    reply = models.TextField(blank=True)
    appeal = models.TextField(blank=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "supervision_card"
        constraints = [models.UniqueConstraint(fields=["subject_id", "rule", "colour", "period"], name="supervision_card_once")]
        indexes = [models.Index(fields=["-issued_at"], name="supervision_card_time"), models.Index(fields=["region_path", "-issued_at"], name="supervision_card_region")]
