"""Layers that lie at another office's address, and our copy of them."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.lib.uuid7 import uuid7


class OutsideLayer(AuditedModel):
    """A collection of OGC API Features, or a file of GeoJSON, at an address outside. Browsers never ask there: the server keeps a copy.

    ``fetched_at`` is when the copy was last found good, ``failure`` why the last try was not ({} when it was): code, message, hint and data of the
    error; ``failed_since``: the first of the tries that failed one after the other. ``digest``: SHA-256 of what the copy was made of.
    """

    name = models.CharField(max_length=60)
    url = models.CharField(max_length=500, unique=True)
    name_field = models.CharField(max_length=60, blank=True)  # the property by which a feature is called; "" for the usual ones
    every_hours = models.SmallIntegerField(default=24)
    paused = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    failed_since = models.DateTimeField(null=True)
    failure = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    number = models.PositiveIntegerField(default=0)  # features of the copy
    made_by = models.CharField(max_length=80)

    class Meta:
        db_table = "maps_outside_layer"
        indexes = [models.Index(fields=["next_at"], condition=models.Q(paused=False), name="maps_outside_due")]

    def __str__(self) -> str:
        return self.name


class OutsideFeature(models.Model):
    """One feature of a copy; ``west`` to ``north`` are its bounds in degrees. Thrown away and written anew whenever the other side has changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    layer = models.ForeignKey(OutsideLayer, on_delete=models.CASCADE, related_name="features")
    place = models.PositiveIntegerField()  # in the order of the other side
    name = models.CharField(max_length=120)
    about = models.CharField(max_length=240, blank=True)
    geometry = models.JSONField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    class Meta:
        db_table = "maps_outside_feature"
        constraints = [models.UniqueConstraint(fields=["layer", "place"], name="maps_outside_once")]
