"""The form of a matter: its sections and questions as a list to order, a page for each, and the whole as text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases.catalogue.engine import formedit, parse_yaml, to_yaml
from linli.cases.catalogue.engine.difference import compare
from linli.cases.catalogue.engine.packing import in_order
from linli.cases.catalogue.forms.items import definition, to_answers, to_values
from linli.cases.catalogue.forms.questions import SECTION, TYPES, question_of, question_parts, question_values, section_of, section_values
from linli.cases.catalogue.queries.editing import Draft, get_draft
from linli.cases.catalogue.views.editor.base import Trouble, base_of, page, save, trouble_of
from linli.cases.workflow.engine import load_spec
from linli.foundation.gate import desk
from linli.lib.errors import LinliError
from linli.records.forms.engine import bind, load_form, render_form
from linli.records.forms.types import FieldType
from linli.ui.types import DeskRequest

Form = dict[str, Any]


@require_http_methods(["GET"])
@desk("catalogue.edit")
def overview(request: DeskRequest, code: str) -> HttpResponse:
    """Sections and questions in their order."""
    return _overview(request, get_draft(request.actor, code))


def _overview(request: DeskRequest, draft: Draft, trouble: Trouble | None = None) -> HttpResponse:
    form = draft.spec.form
    parts = [(s, [(f, TYPES[FieldType(f["type"])]) for f in s["fields"]]) for s in form.get("sections", [])]
    context = {
        "parts": parts,
        "rules": form.get("rules", []),
        "stamp": draft.stamp("form"),
        "trouble": trouble,
        "tab": "list",
        "step_names": _step_names(draft),
    }
    return page(request, "form.html", draft, "form", context)


@require_POST
@desk("catalogue.edit")
def change(request: DeskRequest, code: str) -> HttpResponse:
    """Move, remove or add a part: `op` is `up|section|field`, `down|...`, `remove|...`, `add|section` or `add`."""
    draft = get_draft(request.actor, code)
    how, _bar, rest = str(request.POST.get("op", ""))[:120].partition("|")
    section, _bar, field = rest.partition("|")
    form, opened = draft.spec.form, reverse("catalogue_edit_form", args=[code])
    try:
        if how == "add":
            form, opened = _added(code, form, section)
        elif how == "remove":
            form = formedit.remove(form, section, field or None)
        elif how in ("up", "down"):
            form = formedit.move(form, section, field or None, -1 if how == "up" else 1)
        else:
            raise Http404
    except LinliError as error:
        return _overview(request, draft, trouble_of(error))
    trouble = save(request, code, "form", {"form": form})
    return _overview(request, get_draft(request.actor, code), trouble) if trouble else HttpResponseRedirect(opened)


def _added(code: str, form: Form, section: str) -> tuple[Form, str]:
    """The form with a new question (or a new section with one), and the page where it is written."""
    taken = {s["key"] for s in form["sections"]} | {f["key"] for s in form["sections"] for f in s["fields"]}
    key = next(f"question_{n}" for n in range(1, len(taken) + 2) if f"question_{n}" not in taken)
    question = {"key": key, "type": "text", "label": gettext("New question")}
    if section:
        return formedit.add(form, section, question), reverse("catalogue_edit_question", args=[code, section, key])
    own = next(f"section_{n}" for n in range(1, len(taken) + 2) if f"section_{n}" not in taken)
    new = formedit.add(form, None, {"key": own, "title": gettext("New section"), "fields": [question]})
    return new, reverse("catalogue_edit_form_section", args=[code, own])


@require_http_methods(["GET", "POST"])
@desk("catalogue.edit")
def form_section(request: DeskRequest, code: str, section: str) -> HttpResponse:
    """One section's own attributes."""
    return _part(request, code, section, None)


@require_http_methods(["GET", "POST"])
@desk("catalogue.edit")
def question(request: DeskRequest, code: str, section: str, field: str) -> HttpResponse:
    """One question."""
    return _part(request, code, section, field)


def _part(request: DeskRequest, code: str, section: str, field: str | None) -> HttpResponse:
    draft = get_draft(request.actor, code)
    part = formedit.part(draft.spec.form, section, field)
    shown = question_values(part) if field else section_values(part)
    parts = question_parts(FieldType(part["type"])) if field else SECTION
    form = load_form(definition(parts))
    bound = bind(form, request.POST) if request.method == "POST" else bind(form, None, draft=to_answers(parts, shown))
    stamp, trouble = base_of(request) or draft.stamp("form"), None
    if bound.ok:
        try:
            values = to_values(parts, bound.clean())
            new = question_of(values) if field else section_of(values)
            trouble = save(request, code, "form", {"form": formedit.replace(draft.spec.form, section, field, new)})
        except LinliError as error:
            trouble = trouble_of(error)
        if trouble is None:
            name, args = (
                ("catalogue_edit_question", [code, section, new["key"]]) if field else ("catalogue_edit_form_section", [code, new["key"]])
            )
            return HttpResponseRedirect(reverse(name, args=args))
        if trouble.conflict:
            draft = get_draft(request.actor, code)
            stamp, trouble = draft.stamp("form"), replace(trouble, differences=tuple(compare(shown, values)))
    html = render_form(
        bound, door="desk", request=request, action=f"?{urlencode({'base': stamp})}", submit_label=gettext("Save"), reveal=True
    )
    context = {
        "form_html": html,
        "trouble": trouble,
        "part": part,
        "is_question": field is not None,
        "tab": "part",
        "step_names": _step_names(draft),
    }
    return page(request, "form_part.html", draft, "form", context)


@require_http_methods(["GET", "POST"])
@desk("catalogue.edit")
def as_text(request: DeskRequest, code: str) -> HttpResponse:
    """The whole form as YAML; with `?step=` the form of a step, which a first save makes and saving nothing takes away."""
    draft, name = get_draft(request.actor, code), request.GET.get("step", "")[:40]
    part, found = ("step_forms", draft.spec.step_forms.get(name, {})) if name else ("form", draft.spec.form)
    text, stamp, trouble = to_yaml(in_order(found)) if found else "", draft.stamp(part), None
    if request.method == "POST":
        text, stamp = str(request.POST.get("text", "")), base_of(request)
        try:
            values = _one_text(draft, name, text)
            trouble = save(request, code, part, values)
        except LinliError as error:
            trouble = trouble_of(error)
        if trouble is None:
            return HttpResponseRedirect(request.get_full_path())
        if trouble.conflict:
            now = get_draft(request.actor, code)
            stamp, trouble = now.stamp(part), replace(trouble, differences=tuple(compare(now.values(part), values)))
    context = {
        "text": text,
        "stamp": stamp,
        "trouble": trouble,
        "tab": name or "text",
        "step_names": _step_names(draft),
        "rows": min(40, text.count("\n") + 3),
        "label": gettext("The form of the step “%(name)s” as YAML") % {"name": name} if name else gettext("The form as YAML"),
    }
    return page(request, "text.html", draft, "form", context)


def _one_text(draft: Draft, name: str, text: str) -> dict[str, Any]:
    """What a text stands for: the form itself, or all forms of steps with this one put in its place."""
    if not name:
        return {"form": parse_yaml(text)}
    others = {key: form for key, form in draft.spec.step_forms.items() if key != name}
    return {"step_forms": {**others, **({name: parse_yaml(text)} if text.strip() else {})}}


def _step_names(draft: Draft) -> list[str]:
    """Forms of steps: those the matter has, and those its process asks for."""
    asked = {step.form for step in load_spec(draft.spec.process_xml).steps.values() if step.form}
    return sorted(asked | draft.spec.step_forms.keys())
