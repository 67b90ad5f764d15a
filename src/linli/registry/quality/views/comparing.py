"""Comparisons with other databases: order one, read its report, keep the signed file."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.gate import desk
from linli.foundation.regions.queries import in_ranges
from linli.registry.imports.queries import batches
from linli.registry.imports.types import PEOPLE
from linli.registry.people.queries import visible_people
from linli.registry.quality.actions import reconciling
from linli.registry.quality.forms import CompareForm
from linli.registry.quality.models import Comparison
from linli.registry.quality.queries import comparing
from linli.registry.quality.views.desk import RUNS
from linli.ui.engine.refusal import attempt
from linli.ui.types import DeskRequest

ROWS, NEWEST, LISTED = 20, 50, 100
FIELDS = {"name": gettext_lazy("Name"), "sex": gettext_lazy("Sex"), "birth_date": gettext_lazy("Date of birth")}


@never_cache
@require_http_methods(["GET", "POST"])
@desk("quality.run")
def comparison_list(request: DeskRequest) -> HttpResponse:
    """Comparisons, the newest first, and the form that orders one."""
    files = [
        (str(one.pk), f"{one.source.name}: {one.file_name}")
        for one in batches(request.actor).filter(subject=PEOPLE).exclude(state="dropped")[:NEWEST]
    ]
    regions = [(one.code, one.name) for one in in_ranges(request.actor.ranges, *reconciling.LEVELS)]
    form, status, made = CompareForm(request.POST or None, batches=files, regions=regions), 200, list[Comparison]()
    if request.method == "POST":

        def run(said: dict[str, Any]) -> None:
            made.append(reconciling.order_comparison(request.actor, batch_id=UUID(said["batch"]), region=said["region"]))

        status = attempt(form, run)
        if not status:
            messages.success(request, gettext("The databases are being compared. You may leave this page."))
            return HttpResponseRedirect(reverse("quality_desk_comparison", args=[made[0].pk]), status=303)
    page = Paginator(comparing.comparisons(request.actor), ROWS).get_page(request.GET.get("page"))
    rows = [(row, *RUNS[row.state]) for row in page]
    return render(request, "quality/desk/comparisons.html", {"page": page, "rows": rows, "form": form}, status=status)


@never_cache
@require_GET
@desk("quality.run")
def comparison_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The report, whether its signature holds, and the three lists."""
    row = comparing.get_comparison(request.actor, pk)
    lists: dict[str, list[list[str]]] = json.loads(row.lists) if row.lists else {}
    wanted = [UUID(one[0]) for kind in ("ours", "differ") for one in lists.get(kind, [])[:LISTED]]
    seen = {str(key) for key in visible_people(request.actor).filter(pk__in=wanted).values_list("pk", flat=True)}
    names = dict(in_ranges(request.actor.ranges, "community").values_list("code", "name"))
    words, tone = RUNS[row.state]
    context = {
        "row": row,
        "state": words,
        "tone": tone,
        "signed": comparing.signed(row),
        "only_ours": [(one[0] if one[0] in seen else "", *one[1:3]) for one in lists.get("ours", [])[:LISTED]],
        "only_theirs": [tuple(one) for one in lists.get("theirs", [])[:LISTED]],
        "differ": [(one[0] if one[0] in seen else "", *one[1:4], _fields(one[4])) for one in lists.get("differ", [])[:LISTED]],
        "communities": [
            (names.get(code, code) or gettext("not said"), mine, other, mine - other)
            for code, (mine, other) in row.report.get("communities", {}).items()
        ],
    }
    return render(request, "quality/desk/comparison.html", context)


def _fields(names: str) -> str:
    return ", ".join(str(FIELDS.get(name, name)) for name in names.split())


@never_cache
@require_GET
@desk("quality.run")
def report_file(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The numbers with their signature, for the other office's records. Nobody is named in it."""
    row = comparing.get_comparison(request.actor, pk)
    body = json.dumps({"report": row.report, "signature": row.signature}, ensure_ascii=False, sort_keys=True, indent=1)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="comparison-{row.made_at:%Y%m%d}-{str(row.pk)[-6:]}.json"'
    return response
