"""Trying a draft as a resident and as the offices would meet it. No case is made."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases.catalogue.queries.editing import get_draft
from linli.cases.catalogue.queries.trying import Walk, limits, walk
from linli.cases.catalogue.views.editor.base import page, trouble_of
from linli.cases.catalogue.views.editor.decision import fact_value
from linli.cases.catalogue.views.editor.process import office_names
from linli.cases.workflow.engine import load_spec
from linli.foundation.gate import desk
from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import by_code
from linli.lib.errors import LinliError
from linli.records.forms.engine import bind, load_form, plain, render_form, turn
from linli.ui.types import DeskRequest

COMMUNITIES = 600


@require_http_methods(["GET", "POST"])
@desk("catalogue.edit")
def try_form(request: DeskRequest, code: str) -> HttpResponse:
    """The form as the portal draws and judges it; what is typed goes nowhere. Files are not taken."""
    draft = get_draft(request.actor, code)
    form = load_form(draft.spec.step_forms.get(request.GET.get("step", ""), draft.spec.form))
    bound = bind(form, request.POST if request.method == "POST" else None)
    html = render_form(bound, door="portal", request=request, submit_label=gettext("Check the answers"))
    lines = plain(form, bound.values(), reveal=True) if bound.ok else []
    context = {
        "form_html": html,
        "passed": bound.ok,
        "lines": lines,
        "title": gettext("Try the form"),
        "next": turn(bound) if bound.sections else "",
    }
    return page(request, "try_form.html", draft, "try-form", context)


@require_safe
@desk("catalogue.edit")
def try_process(request: DeskRequest, code: str) -> HttpResponse:
    """Walk the process from a community: who would have it, until when, and what follows each answer. The way stands in the address."""
    draft = get_draft(request.actor, code)
    communities = list(Region.objects.filter(level="community", valid_to=None).order_by("path").values_list("code", "name")[:COMMUNITIES])
    chosen = request.GET.get("community", communities[0][0] if communities else "")[:20]
    path = [(e, o) for e, _, o in (part.partition("~") for part in request.GET.getlist("turn")[:100]) if o]
    day, facts_text = _day(request.GET.get("day", "")), request.GET.get("facts", "")[:2000]
    here: Walk | None = None
    trouble = None
    try:
        here = walk(load_spec(draft.spec.process_xml), region=by_code(chosen), day=day, facts=_facts(facts_text), path=path)
        trouble = trouble_of(here.refused) if here.refused else None
    except LinliError as error:
        trouble = None if error.code == "REGION_UNKNOWN" else trouble_of(error)
    kept = [("community", chosen), ("day", day.isoformat()), ("facts", facts_text), *(("turn", f"{e}~{o}") for e, o in path)]
    context: dict[str, Any] = {
        "here": here,
        "communities": communities,
        "chosen": chosen,
        "day": day,
        "facts_text": facts_text,
        "trouble": trouble,
        "limits": limits(draft.spec, day),
        "steps": _choices(here, kept) if here else [],
        "timers": _timers(here, kept) if here else [],
        "title": gettext("Walk the process"),
        "back": f"?{urlencode(kept[:-1])}" if path else "",
        "offices": dict(office_names()),
    }
    return page(request, "try_process.html", draft, "try-process", context)


def _choices(here: Walk, kept: list[tuple[str, str]]) -> list[Any]:
    return [(s, [(o, f"?{urlencode([*kept, ('turn', f'{s.spec.id}~{o}')])}") for o in s.outcomes]) for s in here.steps]


def _timers(here: Walk, kept: list[tuple[str, str]]) -> list[Any]:
    return [(t, f"?{urlencode([*kept, ('turn', f'{t.spec.id}~!')])}") for t in here.timers]


def _facts(text: str) -> dict[str, Any]:
    """Lines of `name = value`."""
    pairs = [line.partition("=") for line in text.splitlines() if "=" in line]
    return {name.strip(): fact_value(value) for name, _, value in pairs}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
