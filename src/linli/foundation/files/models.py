"""A stored file and whom it belongs to."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel
from linli.foundation.scope.models import PathField, ProtectedManager


class StoredFile(AuditedModel):
    """Bytes on disk (named by id), with what the content says it is. Rights come from the columns its owner row gives it."""

    name = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=80)
    scan = models.CharField(max_length=10, default="waiting", choices=[(s, s) for s in ("waiting", "clean", "infected", "off")])
    owner_id = models.UUIDField(null=True)  # account that uploaded it
    party_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True, db_index=True)
    region_path = PathField(blank=True)
    line = models.CharField(max_length=8, blank=True)
    level = models.SmallIntegerField(default=3)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProtectedManager()

    class Meta:
        db_table = "files_file"
