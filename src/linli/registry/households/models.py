"""Households, who belongs to them, and who lives in which home."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Greatest, Least

from linli.foundation.audit.models import AuditedModel
from linli.foundation.regions.models import Region
from linli.foundation.scope.models import PathField, ProtectedManager
from linli.registry.households.engine import BONDS
from linli.registry.people.models import Person
from linli.registry.premises.models import Premises
from linli.registry.sources.models import Source


class Household(AuditedModel):
    number = models.CharField(max_length=20, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    region_path = PathField()
    premises = models.ForeignKey(Premises, null=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, default="family")
    until = models.DateField(null=True)  # nobody belongs to it any more since that day

    objects = ProtectedManager()

    class Meta:
        db_table = "households_household"
        indexes = [models.Index(fields=["region_path", "number"], name="households_region")]


class Membership(AuditedModel):
    """A person in a household with the relation to its head (GB/T 4761); history is kept by dates."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    relation = models.CharField(max_length=2)
    region_path = PathField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "households_membership"
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(until=None), name="households_one_current"),
            models.UniqueConstraint(fields=["household"], condition=models.Q(until=None, relation="02"), name="households_one_head"),
        ]


class Occupancy(AuditedModel):
    """A person's tie to a home: owner, tenant, living there, registered only. Never physically deleted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="occupancies")
    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, related_name="occupancies")
    role = models.CharField(max_length=10, choices=[(r, r) for r in ("owner", "tenant", "living", "registered")])
    region_path = PathField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "households_occupancy"


class Relation(AuditedModel):
    """What ``other`` is to ``person``, in one household or in two: a code of GB/T 4761, or GU for a guardian. Both files show it, each from its side.

    ``region_path`` is where ``person`` lives, ``other_path`` where ``other`` does: who sees one of them sees that there is a relation, and no more.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=2)
    bond = models.CharField(max_length=10, choices=[(b, b) for b in BONDS])
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    end_reason = models.CharField(max_length=120, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)
    region_path = PathField()
    other_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "households_relation"
        constraints = [
            models.UniqueConstraint(
                Least("person", "other"),
                Greatest("person", "other"),
                "bond",
                condition=models.Q(until=None),
                name="households_relation_once",
            ),
            models.CheckConstraint(condition=~models.Q(person=models.F("other")), name="households_relation_two"),
        ]
