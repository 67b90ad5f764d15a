"""Ratings and the call-back after a bad one."""

from __future__ import annotations

from django.db import models

from linli.cases.casefile.models import Case
from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import PathField, ProtectedManager

STATES = ("new", "verifying", "valid", "invalid", "no_basis", "rectified", "feedback", "reviewed", "closed")


class Evaluation(AuditedModel):
    """One resident's rating of one case on the five levels (services.md §2.5)."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="evaluation")
    region_path = PathField()
    unit_id = models.UUIDField(null=True)
    score = models.SmallIntegerField()  # 5 very satisfied .. 1 very dissatisfied
    tags = models.JSONField(default=list)
    comment = models.CharField(max_length=500, blank=True)
    channel = models.CharField(max_length=8)
    rated_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default="closed")  # one of STATES
    call_back_by = models.DateTimeField(null=True)  # end of the working day within which a bad rating is called back

    objects = ProtectedManager()

    class Meta:
        db_table = "evaluation_evaluation"
        indexes = [models.Index(fields=["call_back_by"], name="evaluation_waiting", condition=models.Q(state="new"))]


class CallBack(AuditedModel):
    """What was found when a dissatisfied resident was called back."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="callbacks")
    at = models.DateTimeField()
    by_user = models.UUIDField(null=True)
    verdict = models.CharField(max_length=10)
    note = models.TextField(blank=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "evaluation_callback"
