"""A resident's form begun and not sent, as the pages of the form need it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.cases.casefile import policy
from linli.cases.casefile.models import Draft
from linli.foundation.files.models import StoredFile
from linli.foundation.types import Actor

NOBODY = UUID(int=0)
"""Stands where nobody is signed in: no row has it."""


@dataclass(frozen=True)
class SavedDraft:
    """What was kept. ``key`` will be the submission's, ``region`` the community somebody named whom the register does not know."""

    id: UUID | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    region: str = ""
    step: int = 0
    saved_at: datetime | None = None

    @property
    def stored(self) -> bool:
        return self.id is not None

    def but(self, **changes: Any) -> SavedDraft:
        return replace(self, **changes)


def saved_draft(actor: Actor, matter_code: str, party_id: UUID | None) -> SavedDraft:
    """The draft of this matter and person, or an empty one."""
    rows = Draft.objects.filter(policy.drafts.visible(actor), user_id=actor.user_id or NOBODY)
    row = rows.filter(matter_code=matter_code, party_id=party_id).first()
    if row is None:
        return SavedDraft()
    data = json.loads(row.data or "{}")
    return SavedDraft(
        row.id, dict(data.get("answers") or {}), str(data.get("key") or ""), str(data.get("region") or ""), row.step, row.updated_at
    )


def files_in_drafts(ids: Collection[UUID]) -> set[UUID]:
    """Which of these uploads a form that was begun still names. Reads with the caller's (a job's) rights."""
    owners = StoredFile.objects.filter(pk__in=ids).values("owner_id")
    kept: set[UUID] = set()
    for row in Draft.objects.filter(user_id__in=owners).iterator(chunk_size=200):
        kept |= {one for one in ids if str(one) in row.data}
    return kept
