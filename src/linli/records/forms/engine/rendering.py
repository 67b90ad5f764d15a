"""Rendering a bound form on the server, for the portal and the desk, from the same definition. Everything works without JavaScript."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, Literal

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from linli.records.forms.types import FieldType
from linli.ui.types import DoorRequest

from .bound import BoundForm, BoundSection
from .plain import plain
from .steps import REVIEW, steps
from .widgets import View, Widget, notes, row_title, said_once, summary, watched_fields, widget

Door = Literal["portal", "desk"]
_CSS: Final[dict[str, dict[str, str]]] = {
    "portal": {
        "field": "field ui-field",
        "wrong": "field--wrong ui-field-wrong",
        "label": "field__label form-label",
        "help": "field__help form-hint",
        "error": "field__error ui-error",
        "input": "input form-control",
        "select": "input form-select",
        "choice": "field__choice ui-choice",
        "tick": "field__tick form-check-input",
        "button": "button button--quiet btn",
        "primary": "button button--primary btn btn-primary",
        "half": "field--half",
        "third": "field--third",
        "full": "",
        "invalid": "input--invalid",
        "grid": "form-grid",
    },
    "desk": {
        "field": "ui-field mb-3",
        "wrong": "ui-field-wrong",
        "label": "form-label",
        "help": "form-hint",
        "error": "invalid-feedback d-block",
        "input": "form-control",
        "select": "form-select",
        "choice": "form-check",
        "tick": "form-check-input",
        "button": "btn btn-sm",
        "primary": "btn btn-primary",
        "half": "col-md-6",
        "third": "col-md-4",
        "full": "col-12",
        "invalid": "is-invalid",
        "grid": "row",
    },
}


def render_form(
    bound: BoundForm,
    *,
    door: Door,
    request: DoorRequest | None = None,
    action: str = "",
    refresh_url: str = "",
    step: str | None = None,
    submit_label: str = "",
    submit_hotkey: str = "",
    reveal: bool | None = None,
) -> SafeString:
    """The form as HTML.

    `step` shows one section with "Step 2 of 4", or the review page (`steps.REVIEW`); None shows everything on one page. `refresh_url` takes
    the htmx posts that follow a change on which other questions hang; it answers with `render_form` again. `reveal` opens known private
    values (default: on the portal, where people see their own; on the desk they are masked). `submit_hotkey` presses the last button from
    anywhere on a page of the desk. Pass `request` for the CSRF token.
    """
    judged = _judged(bound, step)
    view = View(door == "portal", door == "portal" if reveal is None else reveal, judged, refresh_url, watched_fields(bound.form))
    shown = [section for section in bound.sections if step is None or section.spec.key == step]
    if judged:
        wrong = next((item.path for section in shown for item in section.fields if item.errors), "")
        view = replace(view, autofocus=wrong)
    sections, widgets = _sections(shown, bound, view)
    context: dict[str, Any] = {
        "bound": bound,
        "css": _CSS[door],
        "door": door,
        "action": action,
        "sections": sections,
        "step": step or "",
        "judged": judged,
        "submit_label": submit_label or gettext("Submit"),
        "submit_hotkey": submit_hotkey,
        "multipart": any(item.type is FieldType.FILE for section in bound.form.sections for item in section.fields),
        "summary": summary(_only(bound, shown, step), widgets, {section.spec.key for section in shown}) if judged else [],
    }
    if step is not None:
        context |= _step_context(bound, step, view)
    return render_to_string("forms/form.html", context, request=request)


def _judged(bound: BoundForm, step: str | None) -> bool:
    """Whether to show what is wrong: not on a first visit, nor while rows are added or known values opened."""
    if not bound.submitted:
        return False
    if bound.command is None or step == REVIEW:
        return True
    if bound.command.kind == "refresh":
        return bound.answers.judged
    return bound.command.kind == "step" and not bound.command.target.startswith("prev") and step in bound.answers.seen


def _only(bound: BoundForm, shown: list[BoundSection], step: str | None) -> BoundForm:
    """The form with only what is on the page, so that the summary speaks of nothing else; the review page speaks of everything."""
    if step is None or step == REVIEW:
        return bound
    return replace(bound, sections=tuple(shown), form_errors=())


def _sections(shown: list[BoundSection], bound: BoundForm, view: View) -> tuple[list[dict[str, Any]], dict[str, Widget]]:
    widgets: dict[str, Widget] = {}
    sections = []
    for section in shown:
        rows = []
        for position, row in enumerate(section.rows, start=1):
            own = [widget(item, bound, view) for item in row.fields]
            title = row_title(section.spec, position, own) if section.spec.repeat else ""
            own, source = said_once(own) if section.spec.repeat else (own, "")
            widgets.update({item.path: item for item in own})
            rows.append({"number": row.number, "title": title, "source": source, "widgets": own})
        repeat = section.spec.repeat
        sections.append(
            {
                "spec": section.spec,
                "rows": rows,
                "notes": notes(section.errors) if view.judged else (),
                "can_add": repeat is not None and len(rows) < repeat.max,
                "can_remove": repeat is not None and len(rows) > repeat.min,
                "row_label": (repeat.label or section.spec.title) if repeat else "",
            }
        )
    return sections, widgets


def _private(bound: BoundForm) -> set[str]:
    """Paths of known answers about somebody else, as stored answers count rows: by position."""
    return {
        item.path if row.number is None else f"{section.spec.key}-{position}-{item.spec.key}"
        for section in bound.sections
        for position, row in enumerate(section.rows)
        for item in row.fields
        if item.prefilled is not None and item.prefilled.private and item.state != "correcting"
    }


def _step_context(bound: BoundForm, step: str, view: View) -> dict[str, Any]:
    found = steps(bound, step, review_title=gettext("Check your answers"))
    current = next((one for one in found if one.key == step), found[0])
    review: list[dict[str, Any]] = []
    if step == REVIEW:
        lines = plain(bound.form, bound.values(), reveal=view.reveal, files=bound.files, private=_private(bound))
        for section in bound.sections:
            keys = {item.path for item in section.fields}
            prefix = f"{section.spec.key}-"
            own = [line for line in lines if (line.path.startswith(prefix) if section.spec.repeat else line.path in keys)]
            review.append(
                {"key": section.spec.key, "title": section.spec.title, "lines": own, "wrong": bool(bound.errors_in(section.spec.key))}
            )
    return {"steps": found, "current": current, "first": current.index == 1, "review": review, "is_review": step == REVIEW}
