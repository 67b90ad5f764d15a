"""Attachments of a page: what was sent is stored at once, what is wrong with it is said beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from linli.cases.casefile.engine.applying import file_paths
from linli.foundation.files.actions import store
from linli.foundation.files.queries import files_of
from linli.foundation.types import Actor
from linli.lib.errors import LinliError
from linli.records.forms.engine import upload_fields
from linli.records.forms.types import FieldError, FileInfo, Form
from linli.ui.types import PortalRequest

MEGABYTE = 1024 * 1024


def take_in(request: PortalRequest, form: Form) -> tuple[dict[str, FieldError], dict[str, list[FileInfo]]]:
    """Store the files of this page. (problems by path, stored files by path); one bad file does not lose the others."""
    problems: dict[str, FieldError] = {}
    stored: dict[str, list[FileInfo]] = {}
    for name, (path, field) in upload_fields(form, request.FILES).items():
        for upload in request.FILES.getlist(name):
            if not upload.name:
                continue
            try:
                row = store(
                    request.actor,
                    upload=upload,
                    name=upload.name,
                    accept=field.accept,
                    max_bytes=field.max_mb * MEGABYTE,
                    level=field.sensitivity,
                )
            except LinliError as error:
                problems[path] = FieldError(path, error.code, error.message, error.data, error.hint)
            else:
                stored.setdefault(path, []).append(FileInfo(str(row.id), row.name, row.size, row.content_type))
    return problems, stored


def known_files(actor: Actor, form: Form, draft: Mapping[str, Any] | None, posted: Any) -> dict[str, FileInfo]:
    """The stored files that a draft or a posted page names and the actor may see, by id."""
    named: set[UUID] = set()
    for path in file_paths(form):
        values = [*((draft or {}).get(path) or []), *(posted.getlist(path) if posted is not None else [])]
        named |= {one for one in map(_as_id, values) if one is not None}
    if not named:
        return {}
    return {str(row.id): FileInfo(str(row.id), row.name, row.size, row.content_type) for row in files_of(actor, ids=named)}


def _as_id(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
