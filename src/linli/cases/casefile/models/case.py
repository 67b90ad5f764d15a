"""The case, what was filled in, where its process stands, who was called to it, and what a resident may read of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_noop

from linli.cases.casefile.types import NEXT, Channel, State
from linli.cases.catalogue.models import MatterVersion
from linli.foundation.audit.models import AuditedModel
from linli.foundation.regions.models import Region
from linli.foundation.scope.models import EncryptedText, PathField, PlainWrites, ProtectedManager
from linli.foundation.units.models import Unit
from linli.lib.errors import Conflict


class Case(AuditedModel):
    """Something promised to someone. Kinds differ by the matter version, not by table."""

    audit_secret = ("id_index", "phone")

    number = models.CharField(max_length=26, unique=True)
    version = models.ForeignKey(MatterVersion, on_delete=models.PROTECT, related_name="+")
    matter_code = models.CharField(max_length=20)
    title = models.CharField(max_length=80)
    line = models.CharField(max_length=8)
    level = models.SmallIntegerField(default=3)
    party_id = models.UUIDField(null=True)  # person the case is about
    applicant = models.CharField(max_length=60)
    id_index = models.BinaryField(max_length=16, null=True)
    id_last4 = models.CharField(max_length=4, blank=True)
    phone = EncryptedText()
    agent_id = models.UUIDField(null=True)  # person acting under a mandate
    agent_name = models.CharField(max_length=60, blank=True)
    mandate_id = models.UUIDField(null=True)
    created_by = models.UUIDField(null=True)  # account
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel])
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    region_path = PathField()
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")  # where it was handed in
    state = models.CharField(max_length=14, choices=[(s.value, s.value) for s in State], default=State.SUBMITTED)
    outcome = models.CharField(max_length=24, blank=True)  # granted | refused | withdrawn | correction_lapsed | paper_missing | death | ...
    submitted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # of the promised deadline, repeated for lists
    accepted_by = models.UUIDField(null=True)
    decided_by = models.UUIDField(null=True)
    first_contact = models.UUIDField(null=True)
    noticed_at = models.DateTimeField(null=True)  # first correction notice after the latest submission
    deemed_accepted = models.BooleanField(default=False)  # accepted by silence (R01)
    corrections = models.SmallIntegerField(default=0)
    suspensions = models.SmallIntegerField(default=0)
    decision = models.JSONField(default=dict)  # outcome of rules and the deciding officer: amount, reason, validity
    fee_charged = models.DecimalField(max_digits=9, decimal_places=2, null=True)  # yuan paid in all; None: nobody has said
    submission_key = models.CharField(max_length=64, null=True, unique=True)  # makes a repeated submit the same case

    objects = ProtectedManager()

    class Meta:
        db_table = "casefile_case"
        indexes = [
            models.Index(fields=["region_path", "-submitted_at"], name="casefile_region"),
            models.Index(fields=["-submitted_at"], name="casefile_time"),
            models.Index(fields=["party_id", "-submitted_at"], name="casefile_party"),
            models.Index(fields=["created_by", "state"], name="casefile_creator_state"),
            models.Index(fields=["id_index"], name="casefile_id_index"),
            models.Index(fields=["state", "region_path"], name="casefile_state"),
        ]

    def __str__(self) -> str:
        return self.number

    def move_to(self, state: State) -> None:
        """Change the state, or refuse with a Conflict when the step is not one of services.md §2.3."""
        if state not in NEXT.get(State(self.state), frozenset()):
            raise Conflict(
                "CASE_STATE",
                gettext_noop("The case has moved on meanwhile; this step is no longer possible."),
                hint=gettext_noop("Open the case again to see where it stands."),
            )
        self.state = state


class CaseForm(AuditedModel):
    """What was filled in, encrypted as a whole: it holds ID, phone and account numbers."""

    audit_secret = ("data",)

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="form")
    data = EncryptedText()
    revision = models.SmallIntegerField(default=1)

    objects = ProtectedManager()

    class Meta:
        db_table = "casefile_form"


class CaseProcess(PlainWrites):
    """The engine's state as text, never jsonb: key order carries meaning. Opened only to take a step, never for a list."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="process")
    state = models.TextField()

    objects = ProtectedManager()

    class Meta:
        db_table = "casefile_process"


class CaseParticipant(AuditedModel):
    """An account or a unit called to one case: signer, transferee, helper, an office of another line."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="participants")
    user_id = models.UUIDField(null=True)
    unit_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=12)

    class Meta:
        db_table = "casefile_participant"
        constraints = [
            models.UniqueConstraint(fields=["case", "user_id", "unit_id", "kind"], name="casefile_participant_once", nulls_distinct=False)
        ]
        indexes = [
            models.Index(fields=["user_id", "case"], name="casefile_participant_user"),
            models.Index(fields=["unit_id", "case"], name="casefile_participant_unit"),
        ]


class TimelineEntry(AuditedModel):
    """One line a resident (``public``) or only staff may read. ``text`` is a msgid, filled with ``params``."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="timeline")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    text = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    public = models.BooleanField(default=True)
    actor_label = models.CharField(max_length=80, blank=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "casefile_timeline"
        indexes = [models.Index(fields=["case", "at"], name="casefile_timeline_case")]


class CaseSerial(models.Model):
    """The day's running number of a region; one row lock, never reused (services.md §1.8)."""

    key = models.CharField(max_length=20, primary_key=True)  # region code 12 + yyyymmdd
    last = models.IntegerField(default=0)

    class Meta:
        db_table = "casefile_serial"


class Draft(AuditedModel):
    """A form begun and not sent. Belongs to the account; kept 30 days."""

    audit_secret = ("data",)

    user_id = models.UUIDField()
    matter_code = models.CharField(max_length=20)
    version = models.ForeignKey(MatterVersion, on_delete=models.PROTECT, related_name="+")
    party_id = models.UUIDField(null=True)  # whom it is for
    data = EncryptedText()
    step = models.SmallIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "casefile_draft"
        constraints = [
            models.UniqueConstraint(fields=["user_id", "matter_code", "party_id"], name="casefile_draft_once", nulls_distinct=False)
        ]
