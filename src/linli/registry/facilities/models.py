"""Public facilities, what became of them, and who is responsible."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from linli.foundation.audit.models import AuditedModel
from linli.foundation.regions.models import Region
from linli.foundation.scope.models import PathField, ProtectedManager
from linli.foundation.units.models import Unit
from linli.registry.bodies.models import Body
from linli.registry.facilities.types import DUTIES, STATUSES
from linli.registry.premises.models import Premises


class Facility(AuditedModel):
    """A lamp, a manhole cover, a day-care centre. ``kind`` is class and kind (packs: codes/facility_kinds.yaml); ``code`` never changes.

    Longitude and latitude in degrees, CGCS2000. ``confirmed_on``: the day from which all three responsible units are confirmed; a new unit takes it away.
    """

    code = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=80)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    region_path = PathField()
    premises = models.ForeignKey(Premises, null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=160, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    status = models.CharField(max_length=10, default="in_use", choices=[(s, s) for s in STATUSES])
    status_since = models.DateField()
    opening_hours = models.CharField(max_length=120, blank=True)
    capacity = models.PositiveIntegerField(null=True)
    phone = models.CharField(max_length=30, blank=True)
    confirmed_on = models.DateField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "facilities_facility"
        indexes = [
            models.Index(fields=["region_path", "kind", "code"], name="facilities_region"),
            models.Index(fields=["longitude", "latitude"], name="facilities_position"),
        ]

    def __str__(self) -> str:
        return self.name


class FacilityStatus(AuditedModel):
    """A change of status as it happened."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="statuses")
    status = models.CharField(max_length=10)
    on = models.DateField()
    note = models.CharField(max_length=120, blank=True)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "facilities_status"


class FacilityDuty(AuditedModel):
    """Who owns a facility, keeps it up or is the competent authority, by dates: an organisation or one of our units."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="duties")
    duty = models.CharField(max_length=10, choices=[(d, d) for d in DUTIES])
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)  # as it was called then; an organisation of another area is not seen otherwise
    since = models.DateField()
    until = models.DateField(null=True)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "facilities_duty"
        constraints = [
            models.UniqueConstraint(fields=["facility", "duty"], condition=Q(until=None), name="facilities_one_duty"),
            models.CheckConstraint(condition=Q(body=None) ^ Q(unit=None), name="facilities_body_or_unit"),
        ]
