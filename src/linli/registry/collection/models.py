"""How often people are visited, the visits, and what was noted at the door and waits for somebody to decide."""

from __future__ import annotations

from django.db import models

from linli.foundation.accounts.models import User
from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import EncryptedText, PathField, ProtectedManager
from linli.registry.premises.models import Premises

STATES = ("due", "done", "nobody", "refused", "void")


class Cycle(AuditedModel):
    """After how many days somebody of a group is visited again (community.md 2.2), out of a pack. The first that fits counts (``order``).

    ``where`` is JSON: column -> codes ("*": any value), any of them; ``age_from`` in years. ``since``: first visits are dealt out from this day on.
    """

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=40)
    days = models.SmallIntegerField()
    order = models.SmallIntegerField()
    where = models.JSONField(default=dict)
    age_from = models.SmallIntegerField(null=True)
    since = models.DateField()

    class Meta:
        db_table = "collection_cycle"

    def __str__(self) -> str:
        return self.name


class Visit(AuditedModel):
    """Somebody is to be visited by a day, once a period. ``void``: the person left the register before."""

    audit_secret = ("note",)

    person_id = models.UUIDField()
    premises = models.ForeignKey(Premises, null=True, on_delete=models.PROTECT, related_name="+")
    region_path = PathField()
    cycle = models.CharField(max_length=20)
    reason = models.CharField(max_length=20, blank=True)
    period = models.CharField(max_length=60)
    due_on = models.DateField()
    worker = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="due", choices=[(s, s) for s in STATES])
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=80, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)  # metres
    note = EncryptedText()
    photos = models.JSONField(default=list)  # keys of files
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "collection_visit"
        constraints = [
            models.UniqueConstraint(fields=["person_id", "cycle", "period"], name="collection_once_a_period"),
            models.UniqueConstraint(fields=["person_id", "cycle"], condition=models.Q(state="due"), name="collection_one_due"),
        ]
        indexes = [
            models.Index(fields=["worker", "due_on"], condition=models.Q(state="due"), name="collection_todo"),
            models.Index(fields=["region_path", "due_on"], name="collection_region"),
            models.Index(fields=["premises"], condition=models.Q(state="due"), name="collection_home"),
        ]


class Held(AuditedModel):
    """Something noted at the door that could not simply be written; nothing of it is lost. ``content`` is JSON, encrypted: what was noted."""

    kind = models.CharField(max_length=10, choices=[(k, k) for k in ("value", "person", "gone")])
    person_id = models.UUIDField(null=True)
    attribute = models.CharField(max_length=40, blank=True)
    content = EncryptedText()
    why = models.CharField(max_length=30)  # code of what stood against it
    worker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    region_path = PathField()
    state = models.CharField(max_length=10, default="open", choices=[(s, s) for s in ("open", "taken", "dropped")])
    noted_at = models.DateTimeField()
    made_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)

    objects = ProtectedManager()

    audit_secret = ("content",)

    class Meta:
        db_table = "collection_held"
        indexes = [models.Index(fields=["region_path", "id"], condition=models.Q(state="open"), name="collection_held_open")]
