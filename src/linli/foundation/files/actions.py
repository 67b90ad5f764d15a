"""Storing bytes and giving them to a case. (First cut by the lead so that casefile runs: keep `store_bytes` and `attach` as they are called.)"""
from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from linli.foundation.actions.actions import action
from linli.foundation.files.models import StoredFile
from linli.foundation.types import Actor


def path_of(file_id: UUID) -> Path:
    """Where the bytes of a file lie."""
    text = file_id.hex
    return Path(settings.MEDIA_ROOT) / text[-2:] / text[-4:-2] / text


@action("files.upload", audit="files.bytes_stored")
def store_bytes(actor: Actor, *, data: bytes, name: str, content_type: str = "application/pdf", case_id: UUID | None = None, party_id: UUID | None = None,
                region_path: str = "", line: str = "", level: int = 3) -> StoredFile:
    """Keep what the house itself made (a printed paper)."""
    row = StoredFile(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest(), content_type=content_type, scan="clean", owner_id=actor.user_id,
                     party_id=party_id, case_id=case_id, region_path=region_path, line=line, level=level)
    place = path_of(row.id)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    row.save(force_insert=True)
    return row


def attach(file_ids: Iterable[UUID], *, case_id: UUID, party_id: UUID | None, region_path: str, line: str, level: int) -> None:
    """Give uploaded files the rights of the case they were handed in with; part of the caller's action."""
    for row in StoredFile.objects.filter(pk__in=list(file_ids)):
        row.case_id, row.party_id, row.region_path, row.line, row.level = case_id, party_id, region_path, line, level
        row.save(update_fields=["case_id", "party_id", "region_path", "line", "level"])
