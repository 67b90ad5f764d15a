"""Rules, what they found in each community, the single problems as tasks, examinations that were ordered, and comparisons with other databases."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import EncryptedText, PathField, PlainWrites, ProtectedManager
from linli.lib.uuid7 import uuid7
from linli.registry.imports.models import Batch


class Rule(AuditedModel):
    """A rule out of a pack (`types.RuleSpec`). One that its pack does not name any more is not ``active``; what it found is kept."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=1)
    about = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    check_name = models.CharField(max_length=30)
    what = models.JSONField(default=dict)
    weight = models.SmallIntegerField()
    owner = models.CharField(max_length=40)
    days = models.SmallIntegerField()
    order = models.SmallIntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "quality_rule"

    def __str__(self) -> str:
        return self.name


class Result(PlainWrites):
    """What a rule found in a community when it was last examined: numbers that are added up, never rates. ``source``: code, "" for all sources."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="results")
    region_path = PathField()
    source = models.CharField(max_length=30, blank=True)
    total = models.IntegerField()
    failed = models.IntegerField()
    as_of = models.DateTimeField()

    objects = ProtectedManager()

    class Meta:
        db_table = "quality_result"
        constraints = [models.UniqueConstraint(fields=["rule", "region_path", "source"], name="quality_result_once")]
        indexes = [models.Index(fields=["region_path"], name="quality_result_region")]


class Issue(AuditedModel):
    """One subject breaks one rule: a task of its community. The same problem is one row, however often it is found.

    An examination closes what it no longer finds and opens again what it finds again; ``waived`` stays as long as the problem does.
    """

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="issues")
    subject_id = models.UUIDField()
    region_path = PathField()
    state = models.CharField(max_length=8, default="open", choices=[(s, s) for s in ("open", "mended", "waived")])
    reason = models.CharField(max_length=200, blank=True)  # why it stays as it is
    due_on = models.DateField()
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)  # "": an examination

    objects = ProtectedManager()

    class Meta:
        db_table = "quality_issue"
        constraints = [models.UniqueConstraint(fields=["rule", "subject_id"], name="quality_issue_once")]
        indexes = [
            models.Index(fields=["region_path", "due_on"], condition=models.Q(state="open"), name="quality_issue_open"),
            models.Index(fields=["subject_id"], name="quality_issue_subject"),
            models.Index(fields=["region_path", "rule"], name="quality_issue_region"),
        ]


class Examination(AuditedModel):
    """All rules over the communities below ``region_path``; ``done`` is the path of the last community that is done."""

    audit_ignore = ("done", "communities")

    region_path = PathField()
    ordered_by = models.UUIDField(null=True)  # None: the nightly job
    orderer = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=8, default="running", choices=[(s, s) for s in ("running", "done", "failed")])
    done = models.CharField(max_length=40, blank=True)
    communities = models.IntegerField(default=0)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "quality_examination"
        indexes = [models.Index(fields=["region_path", "-begun_at"], name="quality_exam_newest")]


class Comparison(AuditedModel):
    """The register beside another database (the file of a batch), by identity number, in one region.

    ``report`` is what was signed; ``lists`` the three lists, encrypted JSON: they name people.
    """

    audit_secret = ("lists",)
    audit_ignore = ("report", "signature")

    batch = models.ForeignKey(Batch, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=120)
    region_path = PathField()
    state = models.CharField(max_length=8, default="running", choices=[(s, s) for s in ("running", "done", "failed")])
    report = models.JSONField(default=dict)
    signature = models.CharField(max_length=60, blank=True)
    lists = EncryptedText()
    alarm = models.BooleanField(default=False)
    error = models.CharField(max_length=200, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "quality_comparison"
        indexes = [models.Index(fields=["region_path", "-made_at"], name="quality_comparison_newest")]
