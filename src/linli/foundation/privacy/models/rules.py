"""How long what is kept, and what may be erased: rules of a pack; and what was done by them."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.lib.uuid7 import uuid7

KINDS = ("answer", "keep", "erase")


class Rule(AuditedModel):
    """A line of `retention.yaml`. ``basis``: the law or the reason, as the pack says it.

    answer: ``days`` working days in which a request is answered. keep: ``days`` after its event a kind of record ends, where the rule is ``active``.
    erase: ``active`` says whether it may be erased at a resident's wish; where not, she reads ``basis``.
    """

    kind = models.CharField(max_length=6, choices=[(k, k) for k in KINDS])
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    days = models.IntegerField(default=0)
    active = models.BooleanField(default=True)
    basis = models.CharField(max_length=200, blank=True)
    order = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "privacy_rule"
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="privacy_rule_once")]

    def __str__(self) -> str:
        return self.name


class Sweep(models.Model):
    """How many records of a kind ended on a night."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40)
    day = models.DateField()
    ended = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "privacy_sweep"
        constraints = [models.UniqueConstraint(fields=["code", "day"], name="privacy_sweep_once")]
