"""Files of other offices on the desk: bring one, see what would happen, load it, take it back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.gate import desk
from linli.foundation.regions.queries import in_ranges
from linli.lib.errors import LinliError, NotFound
from linli.registry.imports import actions, queries
from linli.registry.imports.engine.subjects import SUBJECTS
from linli.registry.imports.forms import UploadForm
from linli.registry.imports.models import Batch
from linli.registry.imports.queries.downloads import write_verdicts
from linli.registry.imports.types import WORDS_OF, Verdict
from linli.ui.engine.refusal import attempt, words_of
from linli.ui.types import DeskRequest

ROWS, SAMPLE = 20, 50
STATES: dict[str, tuple[Any, str]] = {
    "checking": (gettext_lazy("being checked"), "info"),
    "checked": (gettext_lazy("checked, not loaded"), "warning"),
    "loading": (gettext_lazy("being loaded"), "info"),
    "following": (gettext_lazy("households and deaths being entered"), "info"),
    "loaded": (gettext_lazy("loaded"), "success"),
    "undoing": (gettext_lazy("being taken back"), "info"),
    "undone": (gettext_lazy("taken back"), "neutral"),
    "failed": (gettext_lazy("broke off"), "danger"),
    "dropped": (gettext_lazy("dropped"), "neutral"),
}
RUNNING = ("checking", "loading", "following", "undoing")


@never_cache
@require_GET
@desk("imports.load")
def file_list(request: DeskRequest) -> HttpResponse:
    """Files that were brought, the newest first."""
    page = Paginator(queries.batches(request.actor), ROWS).get_page(request.GET.get("page"))
    rows = [(batch, *STATES[batch.state], _tally(batch)) for batch in page]
    waiting = queries.open_doubts(request.actor).count() if request.actor.may("imports.review") else 0
    return render(request, "imports/desk/files.html", {"page": page, "rows": rows, "waiting": waiting})


@never_cache
@require_http_methods(["GET", "POST"])
@desk("imports.load")
def bring(request: DeskRequest) -> HttpResponse:
    """Bring a file: it is kept and checked at once."""
    layouts = [(one.code, one.name) for one in queries.layouts().values()]
    communities = [(r.code[:12], r.name) for r in in_ranges(request.actor.ranges, "community")]
    form = UploadForm(request.POST or None, request.FILES or None, layouts=layouts, communities=communities, auto_id="file-%s")
    status, made = 200, list[Batch]()
    if request.method == "POST":

        def run(said: dict[str, Any]) -> None:
            made.append(actions.upload(request.actor, name=said["file"].name, **said))

        status = attempt(form, run)
        if not status:
            return HttpResponseRedirect(reverse("imports_desk_file", args=[made[0].pk]), status=303)
    return render(request, "imports/desk/bring.html", {"form": form}, status=status)


@never_cache
@require_GET
@desk("imports.load")
def file_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What would happen, or happened, to the rows of a file. With ``part=state`` only how far it is: nothing (204) as long as nothing has moved."""
    batch = queries.get_batch(request.actor, pk)
    kind = "check" if batch.state in ("checking", "checked", "dropped") else "load"
    done, counts = queries.progress(request.actor, batch, kind)
    part = request.GET.get("part") == "state"
    if part and batch.state in RUNNING and request.GET.get("done") == str(done):
        return HttpResponse(status=204)
    wanted = request.GET.get("verdict", "")
    words, tone = STATES[batch.state]
    context = {
        "batch": batch,
        "layout": queries.layouts().get(batch.mapping.partition("@")[0]),
        "state": words,
        "tone": tone,
        "running": batch.state in RUNNING,
        "done": done,
        "total": sum(batch.counts.values()),
        "tiles": [(verdict, gettext(WORDS_OF[batch.subject][verdict]), counts.get(str(verdict), 0), TONES[verdict]) for verdict in Verdict],
        "nothing": batch.state in ("loaded", "checked") and not sum(counts.get(str(v), 0) for v in Verdict if v is not Verdict.REFUSED),
        "wanted": wanted,
        "sample": _sample(request, batch, kind, wanted),
        "waiting": queries.open_doubts(request.actor, batch.pk).count(),
        "broke_off": actions.broke_off(batch),
        "told": words_of(_refusal(batch)) if batch.error.get("message") else "",
        "tiedto": len(batch.kept),
        "followed": queries.followed(request.actor, batch),
        "page": SUBJECTS.get(batch.subject).page,
    }
    return render(request, "imports/desk/file.html#state" if part else "imports/desk/file.html", context)


TONES = {Verdict.NEW: "info", Verdict.CHANGED: "info", Verdict.SAME: "neutral", Verdict.DOUBTFUL: "warning", Verdict.REFUSED: "danger"}


def _refusal(batch: Batch) -> LinliError:
    return LinliError(batch.error["code"], batch.error["message"], hint=batch.error.get("hint", ""), data=batch.error.get("data") or {})


def _tally(batch: Batch) -> str:
    counts = batch.loaded or batch.counts
    return ", ".join(f"{gettext(WORDS_OF[batch.subject][v])} {counts[str(v)]:,}" for v in Verdict if counts.get(str(v)))


def _sample(request: DeskRequest, batch: Batch, kind: str, wanted: str) -> list[tuple[int, str, str, str | None, list[str]]]:
    """The first rows of a verdict, or those with something to say."""
    rows = queries.verdict_rows(request.actor, batch, kind)
    chosen = (row for row in rows if (row[1] == wanted if wanted else row[3]))
    return [
        (line, gettext(WORDS_OF[batch.subject][verdict]), TONES[verdict], person, [problem.text(gettext) for problem in problems])
        for line, verdict, person, problems in islice(chosen, SAMPLE)
    ]


@never_cache
@require_GET
@desk("imports.load")
def verdict_file(request: DeskRequest, pk: UUID) -> HttpResponse | FileResponse:
    """The office's own file with what became of each row and why."""
    batch = queries.get_batch(request.actor, pk)
    kept = tempfile.NamedTemporaryFile(prefix="linli-verdicts-")  # noqa: SIM115 - closed by the response, which deletes it
    try:
        name = write_verdicts(request.actor, batch, Path(kept.name), gettext)
    except BaseException:
        kept.close()
        raise
    return FileResponse(open(kept.name, "rb"), as_attachment=True, filename=name)


def _step(request: DeskRequest, pk: UUID, run: Callable[..., Batch], said: str) -> HttpResponse:
    try:
        run(request.actor, batch_id=pk)
    except NotFound:
        raise
    except LinliError as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("imports_desk_file", args=[pk]), status=303)


@never_cache
@require_POST
@desk("imports.load")
def load(request: DeskRequest, pk: UUID) -> HttpResponse:
    return _step(request, pk, actions.order_load, gettext("The file is being loaded. You may leave this page."))


@never_cache
@require_POST
@desk("imports.load")
def resume(request: DeskRequest, pk: UUID) -> HttpResponse:
    return _step(request, pk, actions.resume, gettext("The work on the file goes on."))


@never_cache
@require_POST
@desk("imports.load")
def drop(request: DeskRequest, pk: UUID) -> HttpResponse:
    return _step(request, pk, actions.drop, gettext("The file was dropped; nothing of it was written."))


@never_cache
@require_http_methods(["GET", "POST"])
@desk("imports.load")
def undo(request: DeskRequest, pk: UUID) -> HttpResponse:
    """First what cannot be taken back, then the order."""
    if request.method == "POST":
        return _step(request, pk, actions.order_undo, gettext("The file is being taken back. You may leave this page."))
    batch = queries.get_batch(request.actor, pk)
    return render(
        request,
        "imports/desk/undo.html",
        {"batch": batch, "outlook": queries.outlook(request.actor, batch), "page": SUBJECTS.get(batch.subject).page},
    )
