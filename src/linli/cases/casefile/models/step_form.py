"""What an office filled in at a step."""

from __future__ import annotations

from django.db import models

from linli.cases.casefile.models.case import Case
from linli.cases.casefile.models.task import Task
from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import EncryptedText, ProtectedManager


class StepForm(AuditedModel):
    """The form of one step (a household survey), encrypted as a whole like the application itself. A step done again has one of its own."""

    audit_secret = ("data",)

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="filled_form")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="step_forms")
    name = models.CharField(max_length=40)  # of the matter's step forms
    data = EncryptedText()  # answers (complete or as far as they go) and the draft the page goes on with
    complete = models.BooleanField(default=False)
    saved_at = models.DateTimeField()
    saved_by = models.UUIDField(null=True)
    saved_by_name = models.CharField(max_length=60, blank=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "casefile_step_form"
        indexes = [models.Index(fields=["case"], name="casefile_step_form_case")]
