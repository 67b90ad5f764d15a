"""What other offices say: entries are written, linked to somebody, and withdrawn; never changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from linli.foundation.scope.models import insert_lines, insert_rows
from linli.registry.sources.models import Claim, Entry, Provenance


def add_entries(rows: Sequence[Entry]) -> None:
    """Part of the caller's action, under a job's rights."""
    insert_rows(rows)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A row of a file as an entry (`models.Entry`); ``content`` is encrypted. Without a subject it waits for a person to say whom it is about."""

    id: UUID
    key_index: bytes
    digest: bytes
    subject_id: UUID | None
    brought: bool
    as_of: date
    content: bytes
    region_path: str


COLUMNS = ("id", "key_index", "digest", "subject_id", "party_id", "brought", "as_of", "content", "state", "region_path")


def bring_entries(rows: Sequence[FileEntry], *, source_id: UUID, batch_id: UUID) -> None:
    """What a file says, about people (who are the party of what is said of them). Part of the caller's action, under a job's rights."""
    constants = {"source_id": source_id, "batch_id": batch_id, "verified": False, "written_at": timezone.now()}
    insert_lines(Entry, COLUMNS, map(_line, rows), constants)


def _line(row: FileEntry) -> tuple[str | None, ...]:
    subject = str(row.subject_id) if row.subject_id else None
    key, digest, content = "\\x" + row.key_index.hex(), "\\x" + row.digest.hex(), "\\x" + row.content.hex()
    brought, state = "t" if row.brought else "f", "linked" if subject else "doubtful"
    return str(row.id), key, digest, subject, subject, brought, row.as_of.isoformat(), content, state, row.region_path


def link_entry(
    entry_id: UUID, subject_id: UUID, *, region_path: str, party_id: UUID | None, brought: bool, values: Mapping[str, str] | None = None
) -> bool:
    """Say whom a doubtful entry is about; False when it is linked or withdrawn already. ``values``: what of it is true, where not all is."""
    entry = Entry.objects.select_for_update().filter(pk=entry_id, state="doubtful").first()
    if entry is None:
        return False
    entry.state, entry.subject_id, entry.region_path, entry.party_id, entry.brought = "linked", subject_id, region_path, party_id, brought
    if values is not None:
        entry.content = json.dumps(values, ensure_ascii=False, sort_keys=True)
    entry.save(update_fields=["state", "subject_id", "region_path", "party_id", "brought", "content"])
    return True


def withdraw_entries(ids: Collection[UUID]) -> int:
    """These say nothing any more; they stay, so that it can be read that they once did. How many."""
    return int(Entry.objects.filter(pk__in=list(ids)).exclude(state="withdrawn").update(state="withdrawn"))


def forget_subjects(ids: Collection[UUID]) -> None:
    """Subjects leave the register: what was noted of them by hand, and what was open about them, goes with them.

    Part of the caller's action, under a job's rights.
    """
    Entry.objects.filter(subject_id__in=list(ids), batch_id=None).update(state="withdrawn")
    for model in (Provenance, Claim):
        model.objects.filter(subject_id__in=list(ids)).delete()
