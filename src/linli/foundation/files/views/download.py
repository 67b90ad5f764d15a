"""Downloads: the right type, nothing that a browser could run."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from linli.foundation.files import actions, queries
from linli.foundation.files.models import StoredFile
from linli.foundation.gate import public
from linli.ui.types import DoorRequest

PDF = "application/pdf"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'"
INLINE = {PDF, "image/jpeg", "image/png", "image/webp"}
"""What browsers show by themselves without running anything of it."""


@require_GET
@public  # the getter decides: 404 out of sight
def download(request: DoorRequest, pk: UUID) -> HttpResponseBase:
    """A file in the actor's sight; `?save=1` saves instead of showing."""
    file, content = queries.open_file(request.actor, pk)
    actions.note_opened(request.actor, file, how="download")
    return _response(request, file, content)


@require_GET
@public
def signed(request: DoorRequest, pk: UUID) -> HttpResponseBase:
    """A file by a signed link, bound to the account or the opened case."""
    wanted = request.GET
    file, content = queries.open_signed(
        request.actor,
        pk,
        bound=wanted.get("for", ""),
        until=wanted.get("until", ""),
        signature=wanted.get("sig", ""),
    )
    actions.note_opened(request.actor, file, how="link")
    return _response(request, file, content)


def _response(request: DoorRequest, file: StoredFile, content: BinaryIO) -> HttpResponseBase:
    inline = file.content_type in INLINE and request.GET.get("save") != "1"
    response = FileResponse(content, as_attachment=not inline, filename=file.name, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    # Browsers' PDF viewers do not start in a sandbox; what is typed PDF by its content and sent with nosniff is never run as a page.
    response["Content-Security-Policy"] = POLICY if file.content_type == PDF else f"{POLICY}; sandbox"
    response["Cache-Control"] = "no-store, private"
    return response
