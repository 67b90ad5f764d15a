"""Pairs of the register that may be one person, and what was decided about them."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import PathField, ProtectedManager
from linli.registry.people.models import Person

STATES = ("open", "same", "other", "dropped")


class Pair(AuditedModel):
    """Two people of the register, the lesser key first. ``parts`` is the waterfall: [comparison, level, bits]; ``region_path`` the region that holds both.

    ``other``: somebody said that these are two; they are not asked about again. ``dropped``: the values have changed, nothing speaks for it any more.
    """

    one = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    two = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    weight = models.FloatField()
    parts = models.JSONField(default=list)
    why = models.CharField(max_length=20, blank=True)
    region_path = PathField(blank=True)
    state = models.CharField(max_length=10, default="open", choices=[(s, s) for s in STATES])
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ProtectedManager()

    audit_ignore = ("parts", "weight")

    class Meta:
        db_table = "matching_pair"
        constraints = [models.UniqueConstraint(fields=["one", "two"], name="matching_pair_once")]
        indexes = [models.Index(fields=["region_path", "id"], condition=models.Q(state="open"), name="matching_pair_open")]
