"""The receipt as a page to print: A4, or 80 mm for a counter printer. It can be printed again; the query code is derived, never stored."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.cases.casefile.engine import qr_svg, query_code
from linli.cases.casefile.queries.cases import definition_for, get_case, materials
from linli.cases.casefile.queries.papers import term_text
from linli.cases.casefile.queries.words import MATERIAL_STATES, STATES, due_words
from linli.foundation.gate import desk
from linli.lib.masking import mask_name
from linli.ui.types import DeskRequest

WIDTHS = ("a4", "80")


@never_cache
@require_GET
@desk("cases.view")
def receipt(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What the visitor takes home."""
    case = get_case(request.actor, pk)
    spec = definition_for(case).spec
    width = request.GET.get("width", "")
    context = {
        "case": case,
        "code": query_code(case.number),
        "qr": qr_svg(settings.SITE_URL.rstrip("/") + reverse("casefile_track") + f"?number={case.number}"),
        "applicant": mask_name(case.applicant),
        "agent": mask_name(case.agent_name) if case.agent_name else "",
        "width": width if width in WIDTHS else "a4",
        "materials": [(m.name, MATERIAL_STATES[m.state][0], m.promised_until) for m in materials(case)],
        "promised": term_text(spec.promised),
        "spec": spec,
        "officer": request.actor.label,
        "now": timezone.localtime(),
    }
    return render(request, "casefile/desk/receipt.html", context)


@never_cache
@require_GET
@desk("cases.submit_counter")
def taken(request: DeskRequest, pk: UUID) -> HttpResponse:
    """After handing in at the counter: number and code to read out, the receipt to print, and on to the next matter or visitor."""
    case = get_case(request.actor, pk)
    context = {"case": case, "code": query_code(case.number), "state": STATES[case.state], "due": due_words(case.due_at, timezone.now())}
    return render(request, "casefile/desk/taken.html", context)
