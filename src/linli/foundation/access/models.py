"""Roles, loaded from packs and edited by the security administrator."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel


class Role(AuditedModel):
    """Permissions and the highest sensitivity level that come with a post. ``business`` false: one of the three administrators."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    permissions = models.JSONField(default=list)
    level = models.SmallIntegerField(default=3)
    business = models.BooleanField(default=True)

    class Meta:
        db_table = "access_role"

    def __str__(self) -> str:
        return self.name
