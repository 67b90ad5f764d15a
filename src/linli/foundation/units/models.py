"""Units and the posts in them."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.regions.models import Region, RegionLevel
from linli.foundation.scope.models import PathField


class Unit(AuditedModel):
    """A bureau or office. ``line`` is its department line (MZ civil affairs ...); empty means it serves every line of its region."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    short = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=10, choices=RegionLevel.choices)
    line = models.CharField(max_length=8, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    region_path = PathField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=120, blank=True)
    office_hours = models.CharField(max_length=120, blank=True)
    valid_to = models.DateField(null=True)
    edited = models.BooleanField(default=False)  # changed on the desk: a pack loaded again leaves it as it is

    class Meta:
        db_table = "units_unit"
        indexes = [models.Index(fields=["level", "line", "region_path"], name="units_resolve")]

    def __str__(self) -> str:
        return self.name


class Post(AuditedModel):
    """A job in a unit, with the role it carries. ``everything`` widens the range to all lines of the region (supervision)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=60)
    role_code = models.CharField(max_length=40)
    everything = models.BooleanField(default=False)
    valid_to = models.DateField(null=True)  # closed from this day on; nobody holds a closed post

    class Meta:
        db_table = "units_post"

    def __str__(self) -> str:
        return f"{self.unit} {self.title}"
