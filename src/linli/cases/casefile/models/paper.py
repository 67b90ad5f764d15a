"""Materials handed in and papers handed out."""

from __future__ import annotations

from django.db import models

from linli.cases.casefile.models.case import Case
from linli.foundation.audit.models import AuditedModel
from linli.foundation.files.models import StoredFile
from linli.foundation.scope.models import ProtectedManager


class Material(AuditedModel):
    """One required paper of a case: given, shared by a department, promised until a day, or not needed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="materials")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    state = models.CharField(
        max_length=10, default="missing", choices=[(s, s) for s in ("missing", "given", "shared", "promised", "waived")]
    )
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT)
    promised_until = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "casefile_material"
        indexes = [models.Index(fields=["case"], name="casefile_material_case2")]


class Paper(AuditedModel):
    """A statutory paper or result. The PDF is made by a job from the version's template; the verification page shows what is genuine."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=80)
    number = models.CharField(max_length=40, unique=True)
    verify_code = models.CharField(max_length=20, unique=True)
    context = models.JSONField(default=dict)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, default="waiting", choices=[(s, s) for s in ("waiting", "ready", "failed", "void")])
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField(null=True)
    delivered_at = models.DateTimeField(null=True)
    public = models.BooleanField(default=True)  # the applicant may download it

    objects = ProtectedManager()

    class Meta:
        db_table = "casefile_paper"
        indexes = [models.Index(fields=["case", "issued_at"], name="casefile_paper_case2")]
