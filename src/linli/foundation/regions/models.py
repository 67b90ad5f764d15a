"""Divisions, their codes through time, changes between them, and the orders for those that take a while."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.regions.types import Asked
from linli.foundation.scope.models import PathField, ProtectedManager


class RegionLevel(models.TextChoices):
    CITY = "city", "city"
    COUNTY = "county", "county"
    STREET = "street", "street"
    COMMUNITY = "community", "community"
    GRID = "grid", "grid"


LEVELS = list(RegionLevel.values)  # from the top down; a path has five characters for each


class Region(AuditedModel):
    """A node of the city's tree. Its id never changes; its code, name and place may (see RegionCode and RegionChange)."""

    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=RegionLevel.choices)
    kind = models.CharField(max_length=20, blank=True)
    path = PathField(unique=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    urban = models.CharField(max_length=3, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    outline = models.JSONField(null=True)
    zone = models.BooleanField(default=False)  # a functional zone: it manages towns that lie in other counties (ZoneMember)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "regions_region"
        indexes = [models.Index(fields=["level", "path"], name="regions_level_path")]

    def __str__(self) -> str:
        return self.name


class RegionCode(AuditedModel):
    """An official code a region has or had; history keeps the old one."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=18, db_index=True)
    name = models.CharField(max_length=60)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "regions_code"


class RegionChange(AuditedModel):
    """A merge, split, move or renaming, with the document that ordered it."""

    kind = models.CharField(max_length=10, choices=[(k, k) for k in ("merge", "split", "move", "rename", "outline")])
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="changes")
    successor = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="inherited")
    on = models.DateField()
    document = models.CharField(max_length=120, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        db_table = "regions_change"


class ZoneMember(AuditedModel):
    """A town or street that a functional zone manages, from ``since`` until the day before ``until``.

    The town stays where it lies: its path, code and rows do not change, only who else looks after it, and history is kept.
    """

    zone = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="managed")
    town = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateField()
    until = models.DateField(null=True)
    document = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "regions_zone_member"
        constraints = [
            models.UniqueConstraint(fields=["town"], condition=models.Q(until=None), name="regions_zone_one_open"),
            models.CheckConstraint(condition=models.Q(until=None) | models.Q(until__gt=models.F("since")), name="regions_zone_days"),
        ]


class RegionOrder(AuditedModel):
    """A merger, move or new outline that somebody has ordered and a job carries out: it goes through the rows of a whole region.

    ``asked`` is an `Asked` as JSON; ``reason`` what a `LinliError` is made of, once it was refused. The state moves once, away from "waiting".
    """

    kind = models.CharField(max_length=10, choices=[(k, k) for k in ("merge", "move", "outline")])
    asked = models.JSONField(encoder=DjangoJSONEncoder)
    key = models.CharField(max_length=64, unique=True)  # of the page on which it was confirmed: confirmed twice, it is ordered once
    ordered_by = models.UUIDField()
    orderer = models.CharField(max_length=80)
    ordered_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, default="waiting", choices=[(s, s) for s in ("waiting", "done", "refused", "failed")])
    reason = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    done_at = models.DateTimeField(null=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "regions_order"
        indexes = [models.Index(fields=["ordered_at"], condition=models.Q(state="waiting"), name="regions_order_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", done_at=None) | (~models.Q(state="waiting") & models.Q(done_at__isnull=False)),
                name="regions_order_ended",
            )
        ]

    @property
    def asks(self) -> Asked:
        return Asked.from_json(self.asked)
