"""Homes and other premises with their standard address."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.regions.models import Region
from linli.foundation.scope.models import PathField, ProtectedManager


class Premises(AuditedModel):
    """One room or house (services.md §1.7). ``addr_code`` stays when the door plate changes."""

    addr_code = models.CharField(max_length=25, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    region_path = PathField()
    road = models.CharField(max_length=40, blank=True)
    door_no = models.CharField(max_length=20, blank=True)
    estate = models.CharField(max_length=40, blank=True)
    building = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    room = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=160)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    status = models.CharField(max_length=12, default="active")

    objects = ProtectedManager()

    class Meta:
        db_table = "premises_premises"
        indexes = [
            models.Index(fields=["region_path", "addr_code"], name="premises_region"),
            models.Index(fields=["longitude", "latitude"], name="premises_position"),
        ]

    def __str__(self) -> str:
        return self.address
