"""Organisations outside the administration, the names they had, what became of them, and who is what in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from linli.foundation.audit.models import AuditedModel
from linli.foundation.regions.models import Region
from linli.foundation.scope.models import EncryptedText, PathField, PlainWrites, ProtectedManager
from linli.lib.uuid7 import uuid7
from linli.registry.people.models import Person
from linli.registry.premises.models import Premises


class Body(AuditedModel):
    """An enterprise, a self-employed business, a social organisation, an institution ... Codes are those of lib/codes `body_*` and `industry`.

    ``uscc`` is "" only with a reason; such a body has ``own_code``, the platform's own code (services.md 1.3). ``capital`` is in yuan.
    ``representative`` is the name of who heads it, written with the role (`BodyRole`), so that the body is found by it.
    """

    audit_secret = ("phone", "phone_index")

    name = models.CharField(max_length=100, db_collation="C")
    uscc = models.CharField(max_length=18, blank=True)
    no_uscc_reason = models.CharField(max_length=100, blank=True)
    own_code = models.CharField(max_length=18, blank=True)
    org_code = models.CharField(max_length=9, blank=True)  # GB 11714
    registration_no = models.CharField(max_length=30, blank=True)  # of licences from before there were credit codes
    kind = models.CharField(max_length=30)
    authority = models.CharField(max_length=60, blank=True)
    supervisor = models.CharField(max_length=60, blank=True)  # the office in charge of a social organisation
    status = models.CharField(max_length=12, default="active")
    status_since = models.DateField(null=True)
    representative = models.CharField(max_length=60, blank=True, db_collation="C")
    address = models.CharField(max_length=160, blank=True)
    premises = models.ForeignKey(Premises, null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    region_path = PathField()
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    industry = models.CharField(max_length=1, blank=True)
    capital = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    employees = models.PositiveIntegerField(null=True)
    established_on = models.DateField(null=True)
    licence_until = models.DateField(null=True)
    scope = models.CharField(max_length=500, blank=True)
    phone = EncryptedText()
    phone_index = models.BinaryField(max_length=16, null=True)
    has_party = models.BooleanField(default=False)
    has_league = models.BooleanField(default=False)
    has_union = models.BooleanField(default=False)
    has_women = models.BooleanField(default=False)
    hazard = models.CharField(max_length=12, blank=True)
    attention = models.BooleanField(default=False)

    objects = ProtectedManager()

    class Meta:
        db_table = "bodies_body"
        constraints = [
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="bodies_uscc_once"),
            models.UniqueConstraint(fields=["own_code"], condition=~Q(own_code=""), name="bodies_own_code_once"),
            models.CheckConstraint(condition=~Q(uscc="") | ~Q(no_uscc_reason=""), name="bodies_code_or_reason"),
        ]
        indexes = [
            models.Index(fields=["region_path", "kind", "name"], name="bodies_region"),
            models.Index(fields=["representative", "region_path"], name="bodies_representative"),
            models.Index(fields=["phone_index"], name="bodies_phone"),
            models.Index(fields=["registration_no"], condition=~Q(registration_no=""), name="bodies_registration"),
            models.Index(fields=["org_code"], condition=~Q(org_code=""), name="bodies_org_code"),
            models.Index(fields=["longitude", "latitude"], name="bodies_position"),
        ]

    def __str__(self) -> str:
        return self.name


class BodyName(AuditedModel):
    """A name a body has (``until`` None) or had."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=100)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "bodies_name"
        constraints = [models.UniqueConstraint(fields=["body"], condition=Q(until=None), name="bodies_one_name")]


class Gram(PlainWrites):
    """Two neighbouring characters of one of a body's names: equality is an index look-up that row-level security lets through."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="grams")
    gram = models.CharField(max_length=4, db_collation="C")
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "bodies_gram"
        constraints = [models.UniqueConstraint(fields=["body", "gram"], name="bodies_gram_once")]
        indexes = [models.Index(fields=["gram", "region_path", "body"], name="bodies_gram_found")]


class BodyStatus(AuditedModel):
    """A change of status as it happened: since when, by what paper."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="statuses")
    status = models.CharField(max_length=12)
    on = models.DateField()
    note = models.CharField(max_length=120, blank=True)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "bodies_status"


class BodyRole(AuditedModel):
    """What somebody is in a body, by dates. ``person`` when the register knows who it is; ``name`` always."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="roles")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=12)
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # percent of the capital
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "bodies_role"
        constraints = [
            models.UniqueConstraint(fields=["body", "role"], condition=Q(until=None, role__in=["legal", "owner"]), name="bodies_one_head")
        ]
        indexes = [models.Index(fields=["person"], name="bodies_role_person")]


class Succession(AuditedModel):
    """One body went into another (merger of bodies of one kind): the chain of predecessors is made of these."""

    predecessor = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="predecessors")
    on = models.DateField()
    document = models.CharField(max_length=120)
    predecessor_name = models.CharField(max_length=100)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "bodies_succession"
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="bodies_succession_once")]
