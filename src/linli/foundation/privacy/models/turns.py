"""A turn of the data key: every encrypted value is encrypted anew with the key ``name``."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel

STATES = ("running", "done", "stopped")


class KeyTurn(AuditedModel):
    """How far a turn has come. ``table`` and ``after`` are where the walk goes on; ``counts`` table -> values changed; ``changed`` those of this pass.

    A pass that changed nothing while values are left stops the turn: they cannot be opened, or somebody holds them.
    """

    name = models.CharField(max_length=32)
    former = models.CharField(max_length=32)
    state = models.CharField(max_length=8, default="running", choices=[(s, s) for s in STATES])
    table = models.CharField(max_length=63, blank=True)
    after = models.CharField(max_length=40, blank=True)
    counts = models.JSONField(default=dict)
    total = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    left = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    audit_ignore = ("table", "after", "counts", "changed")

    class Meta:
        db_table = "privacy_key_turn"
        constraints = [models.UniqueConstraint(fields=["state"], condition=models.Q(state="running"), name="privacy_one_key_turn")]

    def __str__(self) -> str:
        return self.name

    @property
    def done(self) -> int:
        """Values changed so far."""
        return sum(self.counts.values())
