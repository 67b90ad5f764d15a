"""Exports on the desk: ask, follow, fetch; approve."""

from __future__ import annotations

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
from linli.foundation.privacy import policy
from linli.foundation.privacy.actions import exports as actions
from linli.foundation.privacy.forms import AskForm, RefuseForm
from linli.foundation.privacy.models import Export
from linli.foundation.privacy.queries import exports as queries
from linli.foundation.regions.queries import by_path, in_ranges
from linli.lib.errors import LinliError, NotFound, Unavailable
from linli.ui.engine.refusal import attempt, words_of
from linli.ui.types import DeskRequest

ROWS, PLACES = 20, 600
STATES: dict[str, tuple[Any, str]] = {
    "waiting": (gettext_lazy("waits for approval"), "warning"),
    "refused": (gettext_lazy("refused"), "danger"),
    "approved": (gettext_lazy("being written"), "info"),
    "ready": (gettext_lazy("ready"), "success"),
    "failed": (gettext_lazy("could not be written"), "danger"),
    "gone": (gettext_lazy("over"), "neutral"),
}


@never_cache
@require_GET
@desk("export.request")
def export_list(request: DeskRequest) -> HttpResponse:
    """One's own exports, and the lists there are."""
    page = Paginator(queries.my_exports(request.actor), ROWS).get_page(request.GET.get("page"))
    waiting = queries.waiting_exports(request.actor).count() if request.actor.may("export.approve") else 0
    context = {
        "page": page,
        "rows": [(one, *STATES[one.state]) for one in page],
        "lists": [(code, one.title) for code, one in queries.exportables_for(request.actor)],
        "waiting": waiting,
        "approves": request.actor.may("export.approve"),
    }
    return render(request, "privacy/desk/exports.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("export.request")
def ask(request: DeskRequest, code: str) -> HttpResponse:
    """Which rows and columns, in full or masked, what for."""
    one = queries.get_exportable(request.actor, code)
    places = [(r.path, r.name) for r in in_ranges(request.actor.ranges, "city", "county", "street", "community")[:PLACES]]
    form = AskForm(request.POST or None, one=one, regions=places, auto_id="export-%s")
    status, made = 200, list[Export]()
    if request.method == "POST":

        def run(said: dict[str, Any]) -> None:
            filters = {name: said[name] for name in ("region", *one.choices()) if said[name]}
            made.append(
                actions.ask(
                    request.actor,
                    exportable=code,
                    columns=said["columns"],
                    filters=filters,
                    full=said["full"] == "1",
                    form=said["form"],
                    purpose=said["purpose"],
                )
            )

        status = attempt(form, run)
        if not status:
            if made[0].state == "approved":  # short and masked: at once
                actions.build(made[0].pk)
            return HttpResponseRedirect(reverse("privacy_desk_export", args=[made[0].pk]), status=303)
    return render(request, "privacy/desk/ask.html", {"form": form, "title": one.title}, status=status)


@never_cache
@require_GET
@desk("export.request")
def export_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    return _page(request, queries.my_export(request.actor, pk))


def _page(request: DeskRequest, export: Export, password: str = "") -> HttpResponse:
    words, tone = STATES[export.state]
    return render(request, "privacy/desk/export.html", {**_about(export), "state": words, "tone": tone, "password": password})


def _about(export: Export) -> dict[str, Any]:
    region = by_path(export.region_path)
    rows = [
        (gettext("Number"), export.number),
        (gettext("What for"), export.purpose),
        (gettext("Place"), region.name if region else "–"),
        (gettext("Columns"), gettext(", ").join(str(one.title) for one in queries.columns_of(export))),
        (gettext("How personal data is shown"), gettext("in full") if export.full else gettext("masked")),
        (gettext("Number of rows"), f"{export.rows:,}"),
        (gettext("Asked for by"), f"{export.orderer} {export.unit}"),
        (gettext("Approved by"), gettext(", ").join(one["name"] for one in export.approvals) or "–"),
    ]
    return {"export": export, "rows": rows, "missing": export.needed - len(export.approvals)}


@never_cache
@require_POST
@desk("export.request")
def password(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The one time the password is shown."""
    try:
        shown = actions.show_password(request.actor, export_id=pk)
    except NotFound:
        raise
    except LinliError as error:
        messages.error(request, words_of(error))
        return HttpResponseRedirect(reverse("privacy_desk_export", args=[pk]), status=303)
    return _page(request, queries.my_export(request.actor, pk), shown)


@never_cache
@require_GET
@desk("export.request")
def fetch(request: DeskRequest, pk: UUID) -> HttpResponse | FileResponse:
    """The file; each time is on the trail."""
    try:
        export, path = actions.fetch(request.actor, export_id=pk)
    except NotFound:
        raise
    except LinliError as error:
        messages.error(request, words_of(error))
        return HttpResponseRedirect(reverse("privacy_desk_export", args=[pk]), status=303)
    try:
        content = path.open("rb")
    except OSError as error:
        raise Unavailable("EXPORT_LOST", "The file of this export is missing.", hint="Order the list again.") from error
    response = FileResponse(content, as_attachment=True, filename=f"{export.number}.zip", content_type="application/zip")
    response["Cache-Control"] = "no-store, private"
    return response


@never_cache
@require_GET
@desk("export.approve")
def queue(request: DeskRequest) -> HttpResponse:
    """What waits for an approval this person may give."""
    page = Paginator(queries.waiting_exports(request.actor), ROWS).get_page(request.GET.get("page"))
    return render(request, "privacy/desk/queue.html", {"page": page})


@never_cache
@require_http_methods(["GET", "POST"])
@desk("export.approve")
def decide(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The form of an order, never its rows; yes, or no with a reason."""
    export = queries.waiting_export(request.actor, pk)
    form = RefuseForm(request.POST if request.POST.get("answer") == "no" else None, auto_id="refuse-%s")
    status = 200
    if request.method == "POST":
        if form.is_bound:
            status = attempt(form, lambda said: actions.refuse(request.actor, export_id=pk, reason=said["reason"]))
        else:
            try:
                actions.approve(request.actor, export_id=pk)
            except LinliError as error:
                messages.error(request, words_of(error))
                status = error.status
            else:
                status = 0
        if not status:
            messages.success(request, gettext("Your decision is noted."))
            return HttpResponseRedirect(reverse("privacy_desk_queue"), status=303)
    context = {**_about(export), "form": form, "may": policy.may_approve(request.actor, export) and export.state == "waiting"}
    return render(request, "privacy/desk/decide.html", context, status=status)
