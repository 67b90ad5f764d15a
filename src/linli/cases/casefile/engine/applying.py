"""The form a resident fills in: the matter's own form with a page for its papers, and the way back from answers to papers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from linli.cases.catalogue.types import Material, MatterSpec, Necessity
from linli.records.forms.engine import BoundForm
from linli.records.forms.types import Condition, Field, FieldError, FieldType, Form, Section

PAPER: Final = "paper_"
OTHER: Final = f"{PAPER}other"
_ACCEPT: Final = ("application/pdf", "image/jpeg", "image/png")
_MAX_MB: Final = 10
_MOST: Final = 6


def with_papers(
    form: Form, spec: MatterSpec, *, title: str, leave_out: Collection[str] = (), all_optional: bool = False, other: str = ""
) -> Form:
    """The form with one page of attachments before its last one. Papers that a licence or a register proves are not asked for.

    ``leave_out`` names papers that something else proves this time (a registered mandate), ``other`` labels a field for anything else.
    """
    fields = [_field(m, form, all_optional) for m in spec.materials if not m.waived and m.key not in leave_out]
    if other:
        fields.append(Field(key=OTHER, type=FieldType.FILE, label=other, accept=_ACCEPT, max_mb=_MAX_MB, max_count=_MOST))
    if not fields:
        return form
    shared = fields[0].when if all(item.when == fields[0].when for item in fields) else None  # a page that would be empty is left out
    page = Section(key="papers", title=title, fields=tuple(fields), when=shared)
    return form.model_copy(update={"sections": (*form.sections[:-1], page, form.sections[-1])})


def _field(material: Material, form: Form, all_optional: bool) -> Field:
    asked = form.field(material.when) if material.when else None
    when = None
    if asked is not None:
        when = Condition(field=asked.key, equals=True) if asked.type is FieldType.YES_NO else Condition(field=asked.key, filled=True)
    required = material.necessity == Necessity.REQUIRED and material.form != "paper" and not all_optional
    return Field(
        key=f"{PAPER}{material.key}",
        type=FieldType.FILE,
        label=material.name,
        help=material.fill_guide,
        required=required,
        when=when,
        accept=_ACCEPT,
        max_mb=_MAX_MB,
        max_count=_MOST,
        level=material.level,
    )


def file_paths(form: Form) -> list[str]:
    """Names of all attachments outside repeated sections."""
    return [item.key for section in form.sections if section.repeat is None for item in section.fields if item.type is FieldType.FILE]


def split(form: Form, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[UUID]]]:
    """(answers, files by paper key): papers leave the answers, attachments of the form's own questions stay in both."""
    files = {key.removeprefix(PAPER): [UUID(str(one)) for one in values[key]] for key in file_paths(form) if values.get(key)}
    return {key: value for key, value in values.items() if not key.startswith(PAPER)}, files


def with_problems(bound: BoundForm, problems: Mapping[str, FieldError]) -> BoundForm:
    """The form with what was wrong with uploads beside their fields."""
    if not problems:
        return bound
    sections = tuple(
        replace(
            section,
            rows=tuple(
                replace(
                    row, fields=tuple(replace(f, errors=(*f.errors, problems[f.path])) if f.path in problems else f for f in row.fields)
                )
                for row in section.rows
            ),
        )
        for section in bound.sections
    )
    return replace(bound, sections=sections)
