"""The catalogue of what may be shared: resources and their items (domain/community.md §15.2)."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel

SHARING = ("unconditional", "conditional", "none")
OPENNESS = ("open", "on_request", "closed")
CYCLES = ("realtime", "daily", "weekly", "monthly", "quarterly", "yearly", "never")


class Resource(AuditedModel):
    """One resource. ``code``: class, item, heading (and detail) / serial number; ``entity``: what of the register it is made of.

    ``basis``: the law that forbids sharing, or the terms of conditional sharing.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    summary = models.CharField(max_length=300)
    entity = models.CharField(max_length=20, unique=True)
    provider = models.CharField(max_length=60)
    provider_code = models.CharField(max_length=30)
    format = models.CharField(max_length=40)
    cycle = models.CharField(max_length=10, choices=[(c, c) for c in CYCLES])
    sharing = models.CharField(max_length=13, choices=[(s, s) for s in SHARING])
    basis = models.CharField(max_length=300, blank=True)
    openness = models.CharField(max_length=10, choices=[(o, o) for o in OPENNESS])
    level = models.SmallIntegerField()
    published_on = models.DateField()

    class Meta:
        db_table = "exchange_resource"

    def __str__(self) -> str:
        return self.name


class Item(AuditedModel):
    """One item of information of a resource, with its sensitivity level (L1-L5)."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="items")
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=40)
    type = models.CharField(max_length=10)
    length = models.SmallIntegerField(null=True)
    level = models.SmallIntegerField()
    position = models.SmallIntegerField()

    class Meta:
        db_table = "exchange_item"
        constraints = [models.UniqueConstraint(fields=["resource", "name"], name="exchange_item_once")]
