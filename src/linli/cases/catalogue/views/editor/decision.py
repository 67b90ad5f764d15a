"""The decision table: rows and cells on the page, the whole document as JSON, and trying it with facts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases.catalogue.engine import DraftError, tables
from linli.cases.catalogue.engine.difference import compare
from linli.cases.catalogue.engine.packing import TABLE_FILE, in_order
from linli.cases.catalogue.queries.editing import Draft, get_draft
from linli.cases.catalogue.queries.trying import judge
from linli.cases.catalogue.views.editor.base import Trouble, base_of, page, save, trouble_of
from linli.foundation.gate import desk
from linli.lib.errors import LinliError
from linli.ui.types import DeskRequest

MAX_JSON = 500_000
CITY = "360500000000"


@require_http_methods(["GET", "POST"])
@desk("catalogue.edit")
def decision(request: DeskRequest, code: str) -> HttpResponse:
    """The tables. Every button saves the cells with what it does; a refusal shows them again as they were typed."""
    draft = get_draft(request.actor, code)
    jdm = draft.spec.eligibility_table
    if request.method == "GET":
        return _page(request, draft, jdm, draft.stamp("decision"))
    try:
        jdm = _asked(request, jdm)
    except LinliError as error:
        return _page(request, draft, draft.spec.eligibility_table, base_of(request), trouble_of(error))
    trouble = save(request, code, "decision", {"eligibility": TABLE_FILE if jdm else "", "eligibility_table": jdm})
    if trouble is None:
        return HttpResponseRedirect(request.path)
    if trouble.conflict:
        draft = get_draft(request.actor, code)
        trouble = replace(trouble, differences=tuple(compare(draft.spec.eligibility_table or {}, jdm or {})))
        return _page(request, draft, jdm, draft.stamp("decision"), trouble)
    return _page(request, draft, jdm, base_of(request), trouble)


def _asked(request: DeskRequest, jdm: dict[str, Any] | None) -> dict[str, Any] | None:
    """The document after what was typed and pressed."""
    how, _bar, rest = str(request.POST.get("op", "save"))[:200].partition("|")
    if how == "begin":
        posted = {name: str(request.POST.get(name, "")).strip()[:80] for name in ("check", "name", "fact", "sentence")}
        if not all(posted.values()):
            raise DraftError([("", gettext("fill in all four entries"))])
        return tables.blank_table(posted["check"], posted["name"], posted["fact"], posted["sentence"].replace("'", "").replace("\\", ""))
    if how == "drop" or jdm is None:
        return None
    cells = {name.removeprefix("cell|"): str(value) for name, value in request.POST.items() if name.startswith("cell|")}
    jdm = tables.with_cells(jdm, cells)
    if how in ("add", "remove", "up", "down"):
        table, _bar, number = rest.rpartition("|")
        jdm = tables.row_changed(jdm, table, int(number) if number.lstrip("-").isdecimal() else -1, how)
    return jdm


def _page(request: DeskRequest, draft: Draft, jdm: dict[str, Any] | None, stamp: str, trouble: Trouble | None = None) -> HttpResponse:
    context = {
        "tables": tables.tables(jdm) if jdm else [],
        "formulas": tables.formulas(jdm) if jdm else [],
        "has_table": jdm is not None,
        "stamp": stamp,
        "trouble": trouble,
        "tab": "table",
    }
    return page(request, "decision.html", draft, "decision", context)


@require_http_methods(["GET", "POST"])
@desk("catalogue.edit")
def as_json(request: DeskRequest, code: str) -> HttpResponse:
    """The whole document as JSON."""
    draft = get_draft(request.actor, code)
    stamp, trouble = draft.stamp("decision"), None
    text = json.dumps(in_order(draft.spec.eligibility_table or {}), ensure_ascii=False, indent=1)
    if request.method == "POST":
        text, stamp = str(request.POST.get("text", "")), base_of(request)
        try:
            jdm = _parsed(text)
            trouble = save(request, code, "decision", {"eligibility": TABLE_FILE if jdm else "", "eligibility_table": jdm or None})
            if trouble is None:
                return HttpResponseRedirect(request.path)
            if trouble.conflict:
                now = get_draft(request.actor, code)
                stamp, trouble = now.stamp("decision"), replace(trouble, differences=tuple(compare(now.spec.eligibility_table or {}, jdm)))
        except LinliError as error:
            trouble = trouble_of(error)
    context = {
        "text": text,
        "stamp": stamp,
        "trouble": trouble,
        "tab": "text",
        "rows": 30,
        "label": gettext("The decision document as JSON"),
    }
    return page(request, "text.html", draft, "decision", context)


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > MAX_JSON:
        raise DraftError([("", gettext("the text is too long"))])
    try:
        value = json.loads(text or "{}", parse_constant=lambda name: _no_constant(name))
    except json.JSONDecodeError as error:
        raise DraftError([(gettext("line %(n)s") % {"n": error.lineno}, error.msg)]) from error
    except RecursionError as error:
        raise DraftError([("", gettext("the text is nested too deeply"))]) from error
    if not isinstance(value, dict):
        raise DraftError([("", gettext("the document is an object with nodes and edges"))])
    return value


def _no_constant(name: str) -> None:
    raise DraftError([("", gettext("%(name)s is not a number") % {"name": name})])


@require_safe
@desk("catalogue.edit")
def try_table(request: DeskRequest, code: str) -> HttpResponse:
    """Facts in, verdict out: which row of each table hit, and why. Everything stands in the address."""
    draft = get_draft(request.actor, code)
    facts = [(fact, request.GET.get(f"fact-{fact.key}", "")[:200]) for fact in draft.spec.facts]
    day = _day(request.GET.get("day", ""))
    division = request.GET.get("division", CITY)[:12]
    verdict, trouble = None, None
    if request.GET:
        try:
            verdict = judge(draft.spec, {fact.key: fact_value(text) for fact, text in facts}, day=day, division=division)
        except LinliError as error:
            trouble = trouble_of(error)
        except ValueError as error:  # two policy numbers valid on the same day
            trouble = Trouble(str(error))
    context = {
        "facts": facts,
        "day": day,
        "division": division,
        "verdict": verdict,
        "trouble": trouble,
        "title": gettext("Try the decision table"),
        "back": reverse("catalogue_edit_decision", args=[code]),
    }
    return page(request, "try_decision.html", draft, "try-decision", context)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


def fact_value(text: str) -> Any:
    """What somebody typed as a fact: true, false, a number, a list, else the text; nothing is "not known"."""
    text = text.strip()
    if not text:
        return None
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return text
