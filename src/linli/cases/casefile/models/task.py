"""The narrow table the inbox is read from."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Collate

from linli.cases.casefile.models.case import Case
from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import PathField, ProtectedManager


class Task(AuditedModel):
    """One step waiting for one unit. What a list shows is repeated here, so that the inbox joins nothing and opens no engine state."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    step_id = models.CharField(max_length=60)
    token_id = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12)
    line = models.CharField(max_length=8)
    level = models.SmallIntegerField(default=3)
    region_path = PathField()
    unit_id = models.UUIDField(null=True)
    unit_name = models.CharField(max_length=80, blank=True)
    assignee_id = models.UUIDField(null=True)
    assignee_name = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=26)
    matter_code = models.CharField(max_length=20)
    title = models.CharField(max_length=80)
    applicant = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default="open", choices=[(s, s) for s in ("open", "done", "cancelled", "paused")])
    outcome = models.CharField(max_length=20, blank=True)
    opinion = models.TextField(blank=True)
    people = models.SmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    done_by_name = models.CharField(max_length=60, blank=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "casefile_task"
        indexes = [
            models.Index(fields=["unit_id", "due_at", "id"], name="casefile_task_unit", condition=models.Q(state="open")),
            models.Index(fields=["assignee_id", "due_at", "id"], name="casefile_task_mine", condition=models.Q(state="open")),
            models.Index(fields=["region_path", "due_at", "id"], name="casefile_task_region", condition=models.Q(state="open")),
            models.Index(fields=["due_at", "id"], name="casefile_task_due", condition=models.Q(state="open")),
            models.Index(fields=["matter_code", "kind", "due_at", "id"], name="casefile_task_matter", condition=models.Q(state="open")),
            models.Index(fields=["kind", "due_at", "id"], name="casefile_task_kind", condition=models.Q(state="open")),
            models.Index(Collate("applicant", "C"), "id", name="casefile_task_applicant", condition=models.Q(state="open")),
            models.Index(fields=["case", "state"], name="casefile_task_case"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "token_id"], condition=models.Q(state="open"), name="casefile_task_one_open")
        ]
