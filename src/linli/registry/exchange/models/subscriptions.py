"""Who may use what, for which purpose, until when."""

from __future__ import annotations

from django.db import models

from linli.foundation.accounts.models import User
from linli.foundation.audit.models import AuditedModel
from linli.foundation.regions.models import Region
from linli.foundation.scope.models import PathField, ProtectedManager
from linli.registry.exchange.models.catalogue import Resource

STATES = ("asked", "seconded", "approved", "refused", "suspended", "withdrawn")


class Subscription(AuditedModel):
    """An office's use of one resource. ``recipient`` is the account of its program at the API's door, ``fields`` names of items.

    ``file_form``: the form of the files it is given regularly, as often as the resource is updated; "" for none.
    That its term is over is never stored: ``until`` is the last day. ``seconded``: one of the two who must approve L4 items has.
    """

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT)
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=60)
    purpose = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=200)
    fields = models.JSONField(default=list)
    level = models.SmallIntegerField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    region_path = PathField()
    until = models.DateField()
    file_form = models.CharField(max_length=8, blank=True, default="")
    state = models.CharField(max_length=10, default="asked", choices=[(s, s) for s in STATES])
    asked_by = models.UUIDField()
    asked_by_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    answer_due = models.DateTimeField()
    seconded_by = models.UUIDField(null=True)
    seconded_by_name = models.CharField(max_length=80, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=300, blank=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "exchange_subscription"
        indexes = [
            models.Index(fields=["region_path", "-asked_at"], name="exchange_sub_newest"),
            models.Index(fields=["recipient"], name="exchange_sub_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.resource.name}"
