"""What changed in the register, in commit order, and to whom a person's data was given."""

from __future__ import annotations

from django.db import models

from linli.foundation.scope.models import PathField, ProtectedManager, SeqField, WrittenAtField, XidField


class Change(models.Model):
    """A change of one subject, written by the triggers of `FollowChanges` in the transaction of the change itself. Holds keys, no values.

    Read in (xid, seq) order below the oldest running transaction. ``op``: I, U, D, MERGE (``other_id`` stayed), SPLIT (``other_id`` is a person again).
    A subject that moves from one region to another has a row in each.
    """

    seq = SeqField(sequence="exchange_change_seq", primary_key=True)
    xid = XidField()
    at = WrittenAtField()
    entity = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    other_id = models.UUIDField(null=True)
    op = models.CharField(max_length=5)
    fields = models.JSONField(default=list)
    region_path = PathField()

    objects = ProtectedManager()

    class Meta:
        db_table = "exchange_change"
        indexes = [models.Index(fields=["entity", "xid", "seq"], name="exchange_change_order")]


class Given(models.Model):
    """A person's data was given to a subscriber on a day: what she reads when she asks who looked. One row a day, however often."""

    person_id = models.UUIDField()
    subscription = models.ForeignKey("exchange.Subscription", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()

    objects = ProtectedManager()

    class Meta:
        db_table = "exchange_given"
        constraints = [models.UniqueConstraint(fields=["person_id", "subscription", "day"], name="exchange_given_once")]
