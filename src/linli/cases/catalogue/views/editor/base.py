"""What every page of the editor shares: the sections with their addresses, how a refusal is shown, how a part is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from linli.cases.catalogue.actions import save_part
from linli.cases.catalogue.engine import DraftError, Gap
from linli.cases.catalogue.queries.editing import PUBLISH, Draft, gaps_of
from linli.lib.errors import LinliError
from linli.records.forms.types import FormDefinitionError
from linli.ui.types import DeskRequest

SECTIONS: Final[dict[str, tuple[str | Promise, str]]] = {
    "basics": (gettext_lazy("Basics"), "catalogue_edit_section"),
    "conditions": (gettext_lazy("Conditions and law"), "catalogue_edit_section"),
    "materials": (gettext_lazy("Materials"), "catalogue_edit_section"),
    "form": (gettext_lazy("Form"), "catalogue_edit_form"),
    "process": (gettext_lazy("Process"), "catalogue_edit_process"),
    "decision": (gettext_lazy("Decision table"), "catalogue_edit_decision"),
    "facts": (gettext_lazy("Facts and numbers"), "catalogue_edit_section"),
    "limits": (gettext_lazy("Time limits"), "catalogue_edit_section"),
    "results": (gettext_lazy("Results"), "catalogue_edit_section"),
    "templates": (gettext_lazy("Paper templates"), "catalogue_edit_papers"),
    "effects": (gettext_lazy("Effects"), "catalogue_edit_section"),
    "service": (gettext_lazy("Contact and remedy"), "catalogue_edit_section"),
}
_GAPS: Final = {
    "legal_basis": "conditions",
    "results": "results",
    "consult_tel": "service",
    "complaint_tel": "service",
    "accept_level": "basics",
    "decide_level": "basics",
    "conditions": "conditions",
    "steps_text": "limits",
    "form": "form",
    "step_forms": "form",
    "remedy": "service",
    "papers": "results",
    "materials": "materials",
    "process": "process",
    "facts": "facts",
    "parameters": "facts",
    "effects": "effects",
    "templates": "templates",
}


@dataclass(frozen=True)
class Trouble:
    """A refusal as the page shows it: a sentence, its parts with their places, what to do, the element or field it is about."""

    text: str
    hint: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    field: str = ""
    conflict: bool = False
    differences: tuple[Any, ...] = ()


def section_url(code: str, section: str) -> str:
    """Address of a section's page."""
    name = SECTIONS[section][1]
    return reverse(name, args=[code, section] if name == "catalogue_edit_section" else [code])


def gap_url(code: str, gap: Gap) -> str:
    """Where a gap is filled."""
    return section_url(code, _GAPS.get(gap.field.partition(".")[0], "basics"))


def said(gap: Gap) -> str:
    """A gap in the language of the page."""
    text = gettext(gap.message)
    return text % gap.params if gap.params else text


def trouble_of(error: LinliError) -> Trouble:
    """How a refusal is shown. One that is not about the input - no right, no such thing - is raised again."""
    if error.status in (403, 404):
        raise error
    hint, conflict = error.next_step(gettext), error.status == 409
    if isinstance(error, DraftError):
        return Trouble(gettext("This cannot be saved."), hint, error.problems, error.field or "", conflict)
    if isinstance(error, FormDefinitionError):
        parts = tuple((problem.path, problem.message) for problem in error.problems)
        return Trouble(gettext("The form has mistakes."), hint, parts, parts[0][0] if parts else "", conflict)
    return Trouble(error.text(gettext), hint, (), error.field or "", conflict)


def base_of(request: DeskRequest) -> str:
    """The stamp the page was drawn under."""
    return str(request.POST.get("base") or request.GET.get("base") or "")[:40]


def save(request: DeskRequest, code: str, part: str, values: Mapping[str, Any]) -> Trouble | None:
    """Save a part; None when it is done, else why it is not."""
    try:
        save_part(request.actor, code=code, part=part, values=values, base=base_of(request))
    except LinliError as error:
        return trouble_of(error)
    messages.success(request, gettext("Saved in the draft."))
    return None


def page(request: DeskRequest, template: str, draft: Draft, section: str, context: Mapping[str, Any]) -> HttpResponse:
    """A page of the draft with its list of sections. A page that shows a refusal answers 409 or 422."""
    code = draft.matter.code
    open_gaps = [_GAPS.get(gap.field.partition(".")[0], "basics") for gap in gaps_of(draft)]
    sections = [(key, label, section_url(code, key), key == section, open_gaps.count(key)) for key, (label, _) in SECTIONS.items()]
    trouble = context.get("trouble")
    full = {
        "draft": draft,
        "matter": draft.matter,
        "code": code,
        "sections": sections,
        "section": section,
        "gap_count": len(open_gaps),
        "title": SECTIONS[section][0] if section in SECTIONS else context.get("title", ""),
        "may_publish": request.actor.may(PUBLISH),
        **context,
    }
    return render(request, f"catalogue/editor/{template}", full, status=(409 if trouble.conflict else 422) if trouble else 200)
