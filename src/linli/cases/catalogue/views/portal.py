"""What a city offers, for everybody: the list with search, and the guide page of one matter."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from linli.cases.catalogue.models import Matter
from linli.cases.catalogue.queries import current_definition, matters, search
from linli.cases.catalogue.types import Material, MatterSpec, Necessity, Term
from linli.cases.catalogue.views.text import blocks
from linli.foundation.gate import public
from linli.foundation.types import ActorKind
from linli.ui.types import PortalRequest

AUDIENCES = {"resident": gettext_lazy("Residents"), "body": gettext_lazy("Companies and organisations")}
LINES = {
    "MZ": gettext_lazy("Civil affairs"),
    "RS": gettext_lazy("Work and social security"),
    "CL": gettext_lazy("People with disabilities"),
    "GA": gettext_lazy("Household and residence"),
    "ZJ": gettext_lazy("Housing"),
    "ZS": gettext_lazy("General services"),
    "WJ": gettext_lazy("Health"),
    "YB": gettext_lazy("Medical insurance"),
    "TW": gettext_lazy("Veterans"),
    "JY": gettext_lazy("Education"),
}
SUGGESTIONS = 6


def line_name(code: str) -> str:
    """A department line in words; a line a city added itself keeps its code."""
    return str(LINES.get(code, code))


def _filtered(request: PortalRequest) -> tuple[list[Matter], dict[str, str]]:
    chosen = {name: request.GET.get(name, "").strip()[:60] for name in ("q", "audience", "line")}
    found = search(chosen["q"]) if chosen["q"] else matters()
    if chosen["audience"]:
        found = [m for m in found if chosen["audience"] in m.audience]
    if chosen["line"]:
        found = [m for m in found if m.line == chosen["line"]]
    return found, chosen


@require_safe
@public
def matter_list(request: PortalRequest) -> HttpResponse:
    """All matters, narrowed by name, pinyin, initials, audience and line. Everything stands in the address."""
    found, chosen = _filtered(request)
    lines = sorted({m.line for m in matters()})
    context = {
        "matters": [(m, line_name(m.line), m.current.spec.get("summary", "") if m.current else "") for m in found],
        "chosen": chosen,
        "audiences": [(key, label, key == chosen["audience"]) for key, label in AUDIENCES.items()],
        "lines": [(code, line_name(code), code == chosen["line"]) for code in lines],
    }
    return render(request, "catalogue/portal/matters.html", context)


@require_safe
@public
def suggest(request: PortalRequest) -> HttpResponse:
    """Suggestions under the search box while somebody types; without JavaScript the box simply searches."""
    text = request.GET.get("q", "").strip()[:60]
    return render(request, "catalogue/portal/suggest.html", {"matters": search(text)[:SUGGESTIONS] if text else [], "q": text})


@require_safe
@public
def guide(request: PortalRequest, code: str) -> HttpResponse:
    """Everything about one matter: who, what to bring, how long, how much, where, and against what one may appeal."""
    chosen = current_definition(code)
    spec = chosen.spec
    context = {
        "spec": spec,
        "code": code,
        "line": line_name(spec.line),
        "facts": _facts(spec),
        "materials": [(m, _material_note(m)) for m in spec.materials],
        "asked": sum(1 for m in spec.materials if not m.waived),
        "guide": blocks(spec.guide),
        "online": "online" in spec.handle_forms,
        "signed_in": request.actor.kind == ActorKind.CITIZEN,
        "known": request.actor.party_id is not None and spec.eligibility_table is not None,
        "places": _places(spec),
        "calls": _calls(spec),
    }
    return render(request, "catalogue/portal/guide.html", context)


def term_words(term: Term | None) -> str:
    """A time limit in words."""
    if term is None:
        return ""
    if not term.amount:
        return gettext("at once")
    n = term.amount
    return {
        "W": lambda: ngettext("%(n)s working day", "%(n)s working days", n),
        "N": lambda: ngettext("%(n)s day", "%(n)s days", n),
        "M": lambda: ngettext("%(n)s month", "%(n)s months", n),
        "H": lambda: ngettext("%(n)s hour", "%(n)s hours", n),
    }[term.unit]() % {"n": n}


def _facts(spec: MatterSpec) -> list[tuple[str, str]]:
    """The numbers people look for first."""
    fee = spec.fee.standard if spec.fee.charged else gettext("free of charge")
    visits = (
        gettext("none, everything can be done online")
        if not spec.visit_times
        else ngettext("%(n)s visit: %(why)s", "%(n)s visits: %(why)s", spec.visit_times) % {"n": spec.visit_times, "why": spec.visit_reason}
    )
    rows = [
        (gettext("Promised within"), term_words(spec.promised)),
        (gettext("At the latest by law within"), term_words(spec.statutory)),
        (gettext("Fee"), fee),
        (gettext("Visits needed"), visits),
    ]
    if spec.quantity_limit:
        rows.append((gettext("Limit in number"), spec.quantity_limit))
    return rows


def _material_note(material: Material) -> dict[str, str]:
    """How a paper is dealt with: the words of its badge, their tone, and who shares what is not asked for."""
    if material.waived:
        source = gettext("shared by %(office)s") % {"office": material.issuer} if material.issuer else gettext("shared data")
        return {"label": gettext("not needed: shared"), "tone": "success", "source": source}
    if material.necessity == Necessity.LATER:
        n = material.tolerate_days
        return {"label": ngettext("may follow within %(n)s day", "may follow within %(n)s days", n) % {"n": n}, "tone": "info"}
    if material.necessity == Necessity.OPTIONAL:
        return {"label": gettext("if you have it"), "tone": "neutral"}
    if material.when:
        return {"label": gettext("only in some situations"), "tone": "neutral"}
    return {"label": gettext("required"), "tone": "warning"}


def _places(spec: MatterSpec) -> list[tuple[str, Any]]:
    """Where to go and when."""
    rows = ((gettext("Address"), spec.address), (gettext("Office hours"), spec.office_hours))
    return [(label, value) for label, value in rows if value]


def _calls(spec: MatterSpec) -> list[tuple[str, str]]:
    """Whom to call: a telephone calls at a tap."""
    rows = ((gettext("Questions"), spec.consult_tel), (gettext("Complaints"), spec.complaint_tel))
    return [(label, number) for label, number in rows if number]
