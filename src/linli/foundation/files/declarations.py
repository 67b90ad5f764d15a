"""What files registers: it keeps the papers that accounts asks for (a guardian's, a legal representative's)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.base import File

from linli.foundation.accounts.engine import PAPERS
from linli.foundation.files.actions import store
from linli.foundation.types import Actor


def keep_paper(actor: Actor, upload: File[Any], party_id: UUID, region_path: str, level: int) -> UUID:
    """A photo, scan or PDF; `LinliError` as `store`."""
    file = store(
        actor,
        upload=upload,
        name=upload.name or "paper",
        party_id=party_id,
        region_path=region_path,
        level=level,
        accept=("image/*", "application/pdf"),
    )
    return file.id


PAPERS.register("files", keep_paper)
