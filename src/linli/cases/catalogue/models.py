"""Matters and their versions."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel


class VersionState(models.TextChoices):
    DRAFT = "draft", "draft"
    PUBLISHED = "published", "published"
    RETIRED = "retired", "retired"


class Matter(AuditedModel):
    """Something a resident may ask for. What it needs stands in its versions; a case keeps the version it was made under."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    line = models.CharField(max_length=8)
    pinyin = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=40, blank=True)
    keywords = models.JSONField(default=list)
    audience = models.JSONField(default=list)
    order = models.SmallIntegerField(default=100)
    open = models.BooleanField(default=True)
    current = models.ForeignKey("MatterVersion", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "catalogue_matter"

    def __str__(self) -> str:
        return self.name


class MatterVersion(AuditedModel):
    """One edition of a matter: the whole definition, never changed once published."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    spec = models.JSONField()  # MatterSpec
    process = models.TextField()  # BPMN 2.0
    eligibility = models.JSONField(null=True)  # JDM decision table
    papers = models.JSONField(default=dict)  # kind -> template source of this version
    digest = models.CharField(max_length=64)  # of the three above: the same pack loads only once
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)
    based_on = models.IntegerField(null=True)  # number of the edition a draft was copied from
    edited_at = models.DateTimeField(null=True)  # of a draft: the last change, and by whom
    edited_by_name = models.CharField(max_length=80, blank=True)

    DRAFT_NUMBER = 0
    """A draft has no number of its own yet; that the pair (matter, 0) is unique keeps it to one draft a matter."""

    class Meta:
        db_table = "catalogue_version"
        constraints = [models.UniqueConstraint(fields=["matter", "number"], name="catalogue_version_once")]
