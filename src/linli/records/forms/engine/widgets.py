"""A question as a page shows it: its control or its known value, label, help, notes about what is wrong, and where a value comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from linli.lib.idcard import age
from linli.records.forms.types import FieldError, FieldType, FileInfo, Form, Prefilled, Section

from .bound import BoundField, BoundForm
from .controls import Control, controls
from .expressions import full_months, names, row_reads
from .kinds import kind_of
from .plain import OPEN_LEVEL

_GROUPED = {FieldType.ID_DOCUMENT, FieldType.SIGNATURE}


@dataclass(frozen=True)
class Note:
    """What is wrong and what to do about it, in the reader's language."""

    text: str
    hint: str


@dataclass(frozen=True)
class Widget:
    """Everything a template needs to show one question."""

    path: str
    label: str
    help: str
    required: bool
    width: str
    state: str
    type: str
    unit: str
    text: str
    display: str
    source: str
    controls: tuple[Control, ...]
    notes: tuple[Note, ...]
    files: tuple[FileInfo, ...]
    grouped: bool
    described_by: str
    focus: str


@dataclass(frozen=True)
class View:
    """How a form is shown: whose data it is, whether private values are open, whether errors are shown, where changes are posted."""

    own_data: bool
    reveal: bool
    judged: bool
    refresh_url: str
    watched: frozenset[str]
    autofocus: str = ""


def watched_fields(form: Form) -> frozenset[str]:
    """Keys of fields on which a condition or a computed value hangs: changing one refreshes the page."""
    found: set[str] = set()
    for section in form.sections:
        found |= section.when.fields() if section.when else frozenset()
        for item in section.fields:
            found |= item.when.fields() if item.when else frozenset()
            if item.type is FieldType.COMPUTED:
                found |= names(item.expr) | {field for _, field in row_reads(item.expr)}
    return frozenset(found)


def source_line(prefilled: Prefilled, today: date) -> str:
    """Who says so and how old it is."""
    if prefilled.as_of is None:
        return gettext("From %(source)s") % {"source": prefilled.source_label}
    return gettext("From %(source)s, as of %(date)s · %(age)s") % {
        "source": prefilled.source_label,
        "date": date_format(prefilled.as_of, "DATE_FORMAT"),
        "age": age_text(prefilled.as_of, today),
    }


def age_text(as_of: date, today: date) -> str:
    """How long ago a day is, in the largest unit that fits."""
    if as_of >= today:
        return gettext("today")
    years, months, days = age(as_of, today), full_months(as_of, today), (today - as_of).days
    if years:
        return ngettext("%(count)s year ago", "%(count)s years ago", years) % {"count": years}
    if months:
        return ngettext("%(count)s month ago", "%(count)s months ago", months) % {"count": months}
    return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}


def notes(errors: Iterable[FieldError]) -> tuple[Note, ...]:
    """Errors in the reader's language."""
    return tuple(Note(error.text(gettext), error.next_step(gettext)) for error in errors)


def widget(item: BoundField, bound: BoundForm, view: View) -> Widget:
    """One question for the template."""
    private = item.prefilled is not None and item.prefilled.private
    hidden = (private or not view.reveal) and item.spec.sensitivity > OPEN_LEVEL
    if item.prefilled is not None and hidden and item.state in ("asked", "correcting") and item.path not in bound.answers.raw:
        # Opening a masked value for correction, or asking for one that would not pass, must not reveal it: start from an empty input.
        item = replace(item, raw=None, value=None)
    own = controls(item, own_data=view.own_data) if item.state in ("asked", "correcting") else ()
    shown_notes = notes(item.errors) if view.judged else ()
    ids = [f"{prefix}-{item.path}" for prefix, there in (("h", item.spec.help), ("s", item.prefilled), ("e", shown_notes)) if there]
    described = " ".join(ids)
    own = tuple(_finished(control, item, view, described, bool(shown_notes)) for control in own)
    return Widget(
        path=item.path,
        label=item.spec.label,
        help=item.spec.help,
        required=item.spec.required,
        width=item.spec.width,
        state=item.state,
        type=item.spec.type.value,
        unit=item.spec.unit if item.spec.type is not FieldType.MONEY else item.spec.unit or gettext("yuan"),
        text=item.spec.text,
        display=_display(item, hidden),
        source=source_line(item.prefilled, bound.today) if item.prefilled else "",
        controls=own,
        notes=shown_notes,
        files=_attached(item, bound),
        grouped=item.spec.type in _GROUPED or any(control.tag in ("radios", "checkboxes") for control in own),
        described_by=described,
        focus=own[0].focus if own else f"w-{item.path}",
    )


def _display(item: BoundField, hidden: bool) -> str:
    value = item.known_value if item.state == "locked" else item.value
    if value is None:
        return ""
    kind = kind_of(item.spec.type)
    return kind.mask(item.spec, value) if hidden else kind.show(item.spec, value)


def _attached(item: BoundField, bound: BoundForm) -> tuple[FileInfo, ...]:
    if item.spec.type is not FieldType.FILE or not isinstance(item.raw, list):
        return ()
    return tuple(
        bound.files.get(file_id) or FileInfo(file_id, file_id, 0, "") for file_id in item.raw if isinstance(file_id, str) and file_id
    )


def _finished(control: Control, item: BoundField, view: View, described: str, wrong: bool) -> Control:
    attrs = dict(control.attrs)
    if control.tag not in ("radios", "checkboxes"):
        # A group carries these on its fieldset.
        attrs |= {"aria-describedby": described} if described else {}
        attrs |= {"aria-invalid": "true"} if wrong else {}
        attrs |= {"aria-required": "true"} if item.spec.required else {}
    first = control.id.removeprefix("f-") in (item.path, f"{item.path}__type", f"{item.path}__name")
    if view.refresh_url and item.spec.key in view.watched:
        attrs |= {
            "hx-post": view.refresh_url,
            "hx-trigger": "change",
            "hx-target": "closest form",
            "hx-swap": "outerHTML",
            "hx-vals": '{"_refresh": "1"}',
            "hx-sync": "closest form:replace",  # an answer changed at once after another must not be undone by the older page
        }
    return replace(control, attrs=tuple(attrs.items()), autofocus=first and view.autofocus == item.path)


def row_title(section: Section, position: int, own: Iterable[Widget] = ()) -> str:
    """What one entry of a repeating section is called; of a person, also her name where it is known."""
    label = (section.repeat.label if section.repeat else "") or section.title
    title = gettext("%(name)s %(number)s") % {"name": label, "number": position}
    person = next((one.display for one in own if one.type == FieldType.PERSON_NAME and one.display), "")
    return f"{title} · {person}" if person else title


def said_once(own: list[Widget]) -> tuple[list[Widget], str]:
    """The known answers of a row mostly come from one source: then it stands once above the row instead of beside each of them."""
    known = [one for one in own if one.state in ("known", "locked")]
    sources = {one.source for one in known}
    if len(known) < 2 or len(sources) != 1:
        return own, ""
    return [replace(one, source="") if one in known else one for one in own], sources.pop()


def summary(bound: BoundForm, widgets: dict[str, Any], shown: set[str]) -> list[dict[str, str]]:
    """The lines of the error summary: each with a link to its control when that is on the page."""
    lines = []
    for error in bound.errors:
        target = widgets[error.path].focus if error.path in widgets else f"sec-{error.path}" if error.path in shown else ""
        found, text = bound.field(error.path), error.text(gettext)
        label = found.spec.label if found and found.spec.label not in text else ""
        row = row_of(bound, found) if found is not None and found.row is not None else ""
        lines.append({"target": target, "label": " ".join(p for p in (row, label) if p), "text": text, "hint": error.next_step(gettext)})
    return lines


def row_of(bound: BoundForm, item: BoundField) -> str:
    """Which entry of its repeating section a question belongs to, as the page counts them."""
    rows = next((section.rows for section in bound.sections if section.spec.key == item.section.key), ())
    position = next((position for position, row in enumerate(rows, start=1) if row.number == item.row), 0)
    return row_title(item.section, position)
