"""Correction notes: what offices said that did not win, as a list and as a file for them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.gate import desk
from linli.registry.imports.queries import corrections as queries
from linli.registry.sources.actions import mark_sent
from linli.registry.sources.queries import sources
from linli.ui.types import DeskRequest

PAGE, MOST = 50, 5000
WORDS = {"open": (gettext_lazy("not sent yet"), "warning"), "sent": (gettext_lazy("sent"), "info")}


@never_cache
@require_GET
@desk("imports.load")
def offices(request: DeskRequest) -> HttpResponse:
    """Who has how many notes."""
    return render(request, "imports/desk/corrections.html", {"rows": queries.offices_with_notes(request.actor)})


@never_cache
@require_GET
@desk("imports.load")
def notes(request: DeskRequest, source: str) -> HttpResponse:
    """The notes that wait with one office."""
    page = Paginator(queries.notes_to(request.actor, source), PAGE).get_page(request.GET.get("page"))
    rows = [(note, *WORDS[note.state]) for note in queries.as_notes(list(page.object_list))]
    return render(
        request, "imports/desk/notes.html", {"source": _name(source), "code": source, "rows": rows, "page": page, "page_obj": page}
    )


def _name(code: str) -> str:
    name = next((row.name for row in sources().values() if row.code == code), "")
    if not name:
        raise Http404
    return name


@never_cache
@require_POST
@desk("imports.load")
def note_file(request: DeskRequest, source: str) -> FileResponse:
    """All that waits as a workbook; with that it is sent."""
    found = queries.as_notes(list(queries.notes_to(request.actor, source)[:MOST]))
    name = f"{gettext('Correction notes')}-{_name(source)}-{timezone.localdate():%Y%m%d}.xlsx"
    kept = tempfile.NamedTemporaryFile(prefix="linli-notes-")  # noqa: SIM115 - closed by the response, which deletes it
    try:
        queries.write_notes(found, Path(kept.name))
        mark_sent(request.actor, source=source, ids=[note.id for note in found])
    except BaseException:
        kept.close()
        raise
    return FileResponse(open(kept.name, "rb"), as_attachment=True, filename=name)
