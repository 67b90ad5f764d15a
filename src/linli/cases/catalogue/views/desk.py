"""Matters at the desk: the list, and one published version to read - conditions, materials, steps, limits, law."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from linli.cases.catalogue.queries import current_definition, get_matter, matters, search
from linli.cases.catalogue.types import Term
from linli.cases.catalogue.views.editor.process import office_names
from linli.foundation.gate import desk
from linli.ui.types import DeskRequest


def term_words(term: Term | None) -> str:
    """A time limit in words."""
    if term is None:
        return ""
    if term.amount == 0:
        return gettext("at once")
    words = {"W": gettext("%(n)s working days"), "N": gettext("%(n)s days"), "M": gettext("%(n)s months"), "H": gettext("%(n)s hours")}
    return words[term.unit] % {"n": term.amount}


@require_GET
@desk("cases.view")
def matter_list(request: DeskRequest) -> HttpResponse:
    """All matters on offer, or those a word finds."""
    text = request.GET.get("q", "").strip()[:60]
    found = search(text) if text else matters()
    rows = [(m, m.current.number, term_words(Term.model_validate(m.current.spec["promised"]))) for m in found if m.current]
    return render(request, "catalogue/desk/matters.html", {"rows": rows, "q": text})


@require_GET
@desk("cases.view")
def matter_page(request: DeskRequest, code: str) -> HttpResponse:
    """The version in force."""
    matter = get_matter(code)
    chosen = current_definition(code)
    spec = chosen.spec
    facts = [
        (gettext("Code"), spec.code),
        (gettext("Version"), str(matter.current.number if matter.current else "")),
        (gettext("By law"), term_words(spec.statutory)),
        (gettext("Promised time limit"), term_words(spec.promised)),
        (gettext("Fee"), spec.fee.standard if spec.fee.charged else gettext("free")),
        (gettext("Published"), matter.current.published_at.strftime("%Y-%m-%d") if matter.current and matter.current.published_at else ""),
        (gettext("Questions"), spec.consult_tel),
    ]
    offices = dict(office_names())
    steps = [(s.name, offices.get(s.office, s.office), s.line, _days(s.days, s.unit), s.people) for s in chosen.process.steps.values()]
    context = {
        "matter": matter,
        "spec": spec,
        "facts": facts,
        "steps": steps,
        "form": chosen.form,
        "older": matter.versions.exclude(state="published").order_by("-number"),
    }
    return render(request, "catalogue/desk/matter.html", context)


def _days(days: float | None, unit: str) -> str:
    return "" if days is None else term_words(Term(amount=int(days), unit=unit))  # type: ignore[arg-type]
