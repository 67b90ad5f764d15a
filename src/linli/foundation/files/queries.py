"""Reading stored files."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from linli.foundation.files import policy
from linli.foundation.files.engine import path_of, signature_of, signature_ok
from linli.foundation.files.models import StoredFile
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import NotFound, Unavailable


def get_file(actor: Actor, pk: UUID, *, lock: bool = False) -> StoredFile:
    """One file in the actor's sight; `NotFound` for any other."""
    rows = StoredFile.objects.filter(policy.files.visible(actor), pk=pk)
    file = (rows.select_for_update() if lock else rows).first()
    if file is None:
        raise _unknown()
    return file


def files_of(actor: Actor, *, ids: Collection[UUID] = (), case_id: UUID | None = None) -> list[StoredFile]:
    """Those of some files, or of a case, that the actor may see; oldest first."""
    rows = StoredFile.objects.filter(policy.files.visible(actor))
    rows = rows.filter(case_id=case_id) if case_id else rows.filter(pk__in=ids)
    return list(rows.order_by("created_at", "id"))


def path_on_disk(file: StoredFile) -> Path:
    """Where the bytes are; for jobs that hand a file to another program."""
    return path_of(file.id)


def open_file(actor: Actor, pk: UUID) -> tuple[StoredFile, BinaryIO]:
    """The row and its open bytes. FILE_LOST when the disk does not have them."""
    return _opened(get_file(actor, pk))


def _opened(file: StoredFile) -> tuple[StoredFile, BinaryIO]:
    try:
        return file, path_of(file.id).open("rb")
    except OSError as error:
        raise Unavailable(
            "FILE_LOST", "The content of this file is missing.", hint="Tell the operator; it may be in the last backup."
        ) from error


def sign_link(file_id: UUID, *, seconds: int, user_id: UUID | None = None, case_id: UUID | None = None) -> dict[str, str]:
    """Query parameters of a link that opens one file for a while, for one account or whoever has opened one case.

    The caller has asked its own policy first: the link itself is the right.
    """
    if (user_id is None) == (case_id is None):
        raise ValueError("a link is bound to an account or to a case")
    bound, until = (f"user:{user_id}" if user_id else f"case:{case_id}"), int(time.time()) + seconds
    return {"for": bound, "until": str(until), "sig": signature_of(file_id, bound, until)}


def open_signed(actor: Actor, pk: UUID, *, bound: str, until: str, signature: str) -> tuple[StoredFile, BinaryIO]:
    """What a signed link opens; `NotFound` when it is forged, over, or in somebody else's hands."""
    mine = {f"user:{actor.user_id}"} if actor.user_id else set()
    mine |= {f"case:{actor.case_id}"} if actor.case_id else set()
    if (
        bound not in mine
        or not until.isascii()
        or not until.isdigit()
        or len(until) > 12
        or not signature_ok(pk, bound, int(until), signature, time.time())
    ):
        raise _unknown()
    with scoped(system_actor("files.signed_link")):
        file = StoredFile.objects.filter(pk=pk).first()
    if file is None:
        raise _unknown()
    return _opened(file)


def _unknown() -> NotFound:
    return NotFound("FILE_UNKNOWN", "There is no such file.")
