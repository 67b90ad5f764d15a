"""Files of other offices, what became of each of their rows, and the pairs a person has to look at."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import EncryptedText, PathField, PlainWrites, ProtectedManager
from linli.lib.uuid7 import uuid7
from linli.registry.sources.models import Source

STATES = ("checking", "checked", "loading", "following", "loaded", "undoing", "undone", "failed", "dropped")


class Batch(AuditedModel):
    """One file. First it is checked (nothing is written), then loaded portion by portion, later perhaps taken back.

    ``file_id`` is the stored file; ``error`` what a `LinliError` is made of; ``counts`` verdict -> rows of the check, ``loaded`` the same of the load.
    """

    mapping = models.CharField(max_length=40)
    subject = models.CharField(max_length=10, default="people", choices=[(s, s) for s in ("people", "bodies")])
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
    more = models.JSONField(default=list)  # what its rows say besides a person's own values: "household_number", "died_on"
    kept = models.JSONField(default=list)  # what could not be taken back: people with reasons
    error = models.JSONField(default=dict)
    made_by = models.UUIDField()
    ordered_by = models.UUIDField()  # whose rights the job has: who brought the file, then whoever ordered the next step
    maker = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    objects = ProtectedManager()

    audit_ignore = ("counts", "loaded", "more")  # the portions' own entries say them

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
    """A row that may be about somebody the register knows. ``candidates``: [{person, weight, parts, why}], the likeliest first.

    In a file about organisations ``person`` and ``person_id`` are keys of organisations.
    """

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


class Consequence(AuditedModel):
    """What followed from a row besides values: a death reported, a household founded or joined; or why it did not (``why``, a code of `types.LEFT`).

    ``made_id``: the report or membership, to be taken back with the file.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="consequences")
    entry_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=[(k, k) for k in ("death", "household")])
    person_id = models.UUIDField()
    made_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in ("done", "left", "taken_back", "stays")])
    why = models.CharField(max_length=40, blank=True)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "imports_consequence"
        constraints = [models.UniqueConstraint(fields=["entry_id", "kind"], name="imports_consequence_once")]
        indexes = [models.Index(fields=["batch", "state", "id"], name="imports_consequence_state")]


class Connector(AuditedModel):
    """Another office's database that files come from by themselves: asked on a schedule (PostgreSQL, HTTP), or pushed by its program.

    ``address``: what `engine.fetching` asks for by kind; ``secret`` is never shown again. ``owner_id`` is the account whose rights its files have.
    ``cursor``: how far what was asked for is in the register; it moves only when a delivery was loaded.
    """

    audit_secret = ("secret",)
    audit_ignore = ("cursor", "error", "next_at", "ran_at", "loaded_at")

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=[(k, k) for k in ("postgres", "http", "push")])
    layout = models.CharField(max_length=40)
    community = models.CharField(max_length=12, blank=True)
    address = models.JSONField(default=dict)
    secret = EncryptedText()
    every_minutes = models.IntegerField(default=0)  # 0: only when somebody orders it
    loads = models.BooleanField(default=False)  # load what was checked without being asked
    most_refused = models.SmallIntegerField(default=0)  # per cent of refused rows up to which it is
    paused = models.BooleanField(default=False)
    client_id = models.UUIDField(null=True)  # push: the account of the program
    owner_id = models.UUIDField()
    owner_name = models.CharField(max_length=80)
    region_path = PathField()
    cursor = models.CharField(max_length=200, blank=True)
    error = models.JSONField(default=dict)
    ran_at = models.DateTimeField(null=True)
    loaded_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "imports_connector"
        indexes = [models.Index(fields=["next_at"], condition=models.Q(paused=False), name="imports_connector_due")]

    def __str__(self) -> str:
        return self.name


class Arrival(PlainWrites):
    """One delivery of a connector: asked for, kept as the file of a batch, checked, loaded. ``held``: it waits for a person to decide.

    ``key`` is the sender's idempotency key of a push; of others one is under way at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connector = models.ForeignKey(Connector, on_delete=models.CASCADE, related_name="arrivals")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.SET_NULL, related_name="+")
    key = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        max_length=8, choices=[(s, s) for s in ("running", "checking", "held", "loading", "done", "nothing", "failed")]
    )
    rows = models.IntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    cursor = models.CharField(max_length=200, blank=True)
    unknown = models.JSONField(default=list)  # headings the layout does not know
    error = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "imports_arrival"
        indexes = [models.Index(fields=["connector", "-begun_at"], name="imports_arrival_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["connector"],
                condition=models.Q(key="", state__in=["running", "checking", "held", "loading"]),
                name="imports_arrival_one",
            ),
            models.UniqueConstraint(fields=["connector", "key"], condition=~models.Q(key=""), name="imports_arrival_key"),
        ]


class Layout(AuditedModel):
    """One version of a layout that was made on the desk, or brought to it; never changed. The newest of a code stands, also before a pack's of the same code.

    ``body`` is what a pack's file holds (`types.Mapping`).
    """

    code = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=30)
    body = models.JSONField()
    maker = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "imports_layout"
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="imports_layout_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.version})"


class LayoutDraft(AuditedModel):
    """The layout somebody is making from a file: one at a time. ``choices``: what she said of each heading (`types.Choice`)."""

    made_by = models.UUIDField(unique=True)
    file_id = models.UUIDField()
    file_name = models.CharField(max_length=120)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=30)
    key = models.CharField(max_length=120, blank=True)
    as_of = models.CharField(max_length=120, blank=True)
    choices = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)

    audit_ignore = ("choices",)  # what was saved of them is the layout

    class Meta:
        db_table = "imports_layout_draft"
