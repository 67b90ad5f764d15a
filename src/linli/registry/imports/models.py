"""Files of other offices, what became of each of their rows, and the pairs a person has to look at."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import PathField, PlainWrites, ProtectedManager
from linli.lib.uuid7 import uuid7
from linli.registry.sources.models import Source

STATES = ("checking", "checked", "loading", "loaded", "undoing", "undone", "failed", "dropped")


class Batch(AuditedModel):
    """One file. First it is checked (nothing is written), then loaded portion by portion, later perhaps taken back.

    ``file_id`` is the stored file; ``error`` what a `LinliError` is made of; ``counts`` verdict -> rows of the check, ``loaded`` the same of the load.
    """

    mapping = models.CharField(max_length=40)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    file_id = models.UUIDField()
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    as_of = models.DateField()
    region_path = PathField()
    community = models.CharField(max_length=12, blank=True)  # code: where those live whose row says nothing of it
    state = models.CharField(max_length=10, default="checking", choices=[(s, s) for s in STATES])
    counts = models.JSONField(default=dict)
    loaded = models.JSONField(default=dict)
    kept = models.JSONField(default=list)  # what could not be taken back: people with reasons
    error = models.JSONField(default=dict)
    made_by = models.UUIDField()
    ordered_by = models.UUIDField()  # whose rights the job has: who brought the file, then whoever ordered the next step
    maker = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    objects = ProtectedManager()

    audit_ignore = ("counts", "loaded")  # the portions' own entries say them

    class Meta:
        db_table = "imports_batch"
        indexes = [models.Index(fields=["region_path", "-made_at"], name="imports_batch_newest")]

    def __str__(self) -> str:
        return self.file_name


class Part(PlainWrites):
    """What became of a portion of rows, written with what it wrote: progress, the place to go on after a kill, and the verdict file are all made of these.

    ``verdicts`` are [line, verdict, person or null, problems] for each row; problems as [level, heading, code, message, data].
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=5, choices=[(k, k) for k in ("check", "load")])
    last_line = models.IntegerField()
    rows = models.IntegerField()
    counts = models.JSONField(default=dict)
    verdicts = models.JSONField(default=list)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "imports_part"
        constraints = [models.UniqueConstraint(fields=["batch", "kind", "last_line"], name="imports_part_once")]


class Doubt(AuditedModel):
    """A row that may be about somebody the register knows. ``candidates``: [{person, weight, parts, why}], the likeliest first."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="doubts")
    entry_id = models.UUIDField(unique=True)
    line = models.IntegerField()
    candidates = models.JSONField(default=list)
    region_path = PathField()
    state = models.CharField(max_length=10, default="open", choices=[(s, s) for s in ("open", "same", "other", "dropped")])
    person_id = models.UUIDField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ProtectedManager()

    audit_ignore = ("candidates",)

    class Meta:
        db_table = "imports_doubt"
        indexes = [models.Index(fields=["region_path", "id"], condition=models.Q(state="open"), name="imports_doubt_open")]
