"""Forms begun and not sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from linli.cases.casefile.models import Draft
from linli.foundation.actions.actions import action
from linli.foundation.types import Actor

KEEP_DRAFTS = timedelta(days=30)


@action("cases.draft", audit="cases.draft_saved")
def save_draft(actor: Actor, *, matter_code: str, version_id: UUID, party_id: UUID | None, data: Mapping[str, Any], step: int = 0) -> Draft:
    """Keep what was typed so far, one draft a matter and person."""
    row = Draft.objects.filter(user_id=actor.account, matter_code=matter_code, party_id=party_id).first()
    draft = row or Draft(user_id=actor.account, matter_code=matter_code, party_id=party_id)
    draft.version_id, draft.data, draft.step = version_id, json.dumps(dict(data), ensure_ascii=False), step
    draft.save()
    return draft


@action("cases.draft", audit="cases.draft_discarded")
def discard_draft(actor: Actor, *, draft_id: UUID) -> None:
    Draft.objects.filter(pk=draft_id, user_id=actor.account).delete()


@action("system", audit="cases.old_drafts_removed")
def remove_old_drafts(actor: Actor, *, now: datetime) -> int:
    """Drafts nobody touched for 30 days go; how many."""
    return Draft.objects.filter(updated_at__lt=now - KEEP_DRAFTS).delete()[0]
