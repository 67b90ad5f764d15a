"""The inputs of a page: which HTML control asks for which kind of answer, with its value and attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.translation import gettext

from linli.records.forms.types import FieldType

from .bound import BoundField
from .codes import Code
from .kinds.choices import choices_of
from .kinds.identity import documents_of

Tag = Literal["input", "textarea", "select", "radios", "checkboxes", "tick", "files"]
MOST_RADIOS: Final = 6
"""More options than this are a drop-down list."""

_INPUT: Final[dict[FieldType, dict[str, str]]] = {
    FieldType.NUMBER: {"inputmode": "decimal"},
    FieldType.INTEGER: {"inputmode": "numeric"},
    FieldType.MONEY: {"inputmode": "decimal"},
    FieldType.PHONE: {"type": "tel", "inputmode": "tel", "autocomplete": "tel"},
    FieldType.EMAIL: {"type": "email", "inputmode": "email", "autocomplete": "email"},
    FieldType.PERSON_NAME: {"autocomplete": "name"},
    FieldType.ADDRESS: {"autocomplete": "street-address"},
    FieldType.BANK_CARD: {"inputmode": "numeric"},
    FieldType.ID_NUMBER: {"autocapitalize": "characters", "spellcheck": "false"},
    FieldType.PLATE: {"autocapitalize": "characters", "spellcheck": "false"},
    FieldType.USCC: {"autocapitalize": "characters", "spellcheck": "false"},
}


@dataclass(frozen=True)
class Choice:
    """One option of a control."""

    id: str
    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class Control:
    """One HTML control. `label` is set when the control has its own label below the question's legend."""

    tag: Tag
    id: str
    name: str
    label: str = ""
    value: str = ""
    attrs: tuple[tuple[str, str], ...] = ()
    choices: tuple[Choice, ...] = ()
    groups: tuple[tuple[str, tuple[Choice, ...]], ...] = ()
    autofocus: bool = False

    @property
    def focus(self) -> str:
        """The id a link to this control goes to."""
        return self.choices[0].id if self.tag in ("radios", "checkboxes") and self.choices else self.id


def text_of_raw(raw: Any) -> str:
    """What an input shows for a raw answer."""
    if raw is None or isinstance(raw, (Mapping, list)):
        return ""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return str(raw)


def controls(item: BoundField, *, own_data: bool) -> tuple[Control, ...]:
    """The controls of a question. `own_data`: the person fills in her own data, so the browser may help (`autocomplete`)."""
    spec, name, html_id = item.spec, item.path, f"f-{item.path}"
    match spec.type:
        case FieldType.ID_DOCUMENT:
            return _document(item)
        case FieldType.SIGNATURE:
            return _signature(item)
        case FieldType.STATEMENT:
            ticked = text_of_raw(item.raw).lower() in ("true", "on", "yes", "1")
            return (Control("tick", html_id, name, choices=(Choice(html_id, "true", spec.label, ticked),)),)
        case FieldType.YES_NO:
            pairs = [Code("true", gettext("Yes")), Code("false", gettext("No"))]
            return (Control("radios", html_id, name, choices=_choices(item, pairs)),)
        case FieldType.CHOICE | FieldType.CODE:
            return (_one_of(item),)
        case FieldType.MULTI_CHOICE:
            return (Control("checkboxes", html_id, name, choices=_choices(item, choices_of(spec))),)
        case FieldType.FILE:
            return (_files(item),)
        case FieldType.LONG_TEXT:
            return (Control("textarea", html_id, name, value=text_of_raw(item.raw), attrs=(("rows", "4"),)),)
        case _:
            dated = spec.type in (FieldType.DATE, FieldType.MONTH) and item.value is not None
            value = text_of_raw(item.json if dated else item.raw)
            return (Control("input", html_id, name, value=value, attrs=tuple(_attributes(item, own_data).items())),)


def _attributes(item: BoundField, own_data: bool) -> dict[str, str]:
    spec = item.spec
    attrs = {"type": "text"} | _INPUT.get(spec.type, {})
    if spec.type in (FieldType.DATE, FieldType.MONTH):
        raw = text_of_raw(item.raw)
        # A browser empties a date input whose value is not ISO; what the person typed must stay to be corrected.
        if not raw or item.value is not None:
            attrs["type"] = spec.type.value
    if not own_data or item.row is not None or "autocomplete" not in attrs:
        attrs["autocomplete"] = "off"
    if spec.max_length is not None:
        attrs["maxlength"] = str(spec.max_length)
    return attrs


def _choices(item: BoundField, codes: Sequence[Code]) -> tuple[Choice, ...]:
    chosen = {text_of_raw(value) for value in item.raw} if isinstance(item.raw, list) else {text_of_raw(item.raw)}
    return tuple(Choice(f"f-{item.path}--{index}", code.value, code.label, code.value in chosen) for index, code in enumerate(codes))


def _one_of(item: BoundField) -> Control:
    codes = choices_of(item.spec)
    html_id = f"f-{item.path}"
    if any(code.parent for code in codes):
        chosen = text_of_raw(item.raw)
        return Control("select", html_id, item.path, groups=_groups(item.path, codes, chosen))
    tag: Tag = "radios" if len(codes) <= MOST_RADIOS else "select"
    return Control(tag, html_id, item.path, choices=_choices(item, codes))


def _groups(path: str, codes: Sequence[Code], chosen: str) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """A tree as groups by its top entries; deeper levels are indented below them. Every entry can be chosen, the top ones too."""
    by_parent: dict[str, list[Code]] = {}
    for code in codes:
        by_parent.setdefault(code.parent, []).append(code)

    def below(code: Code, depth: int) -> list[tuple[Code, int]]:
        """An entry and everything under it, with depths."""
        return [(code, depth)] + [found for child in by_parent.get(code.value, []) for found in below(child, depth + 1)]

    return tuple(
        (top.label, tuple(Choice("", c.value, "\u2003" * max(0, depth - 1) + c.label, c.value == chosen) for c, depth in below(top, 0)))
        for top in by_parent.get("", [])
    )


def _part(item: BoundField, part: str) -> str:
    return text_of_raw(item.raw.get(part)) if isinstance(item.raw, Mapping) else ""


def _document(item: BoundField) -> tuple[Control, ...]:
    name, html_id = item.path, f"f-{item.path}"
    chosen = _part(item, "type")
    codes = documents_of(item.spec)
    kinds = tuple(Choice("", code.value, code.label, code.value == (chosen or codes[0].value)) for code in codes)
    number = (("type", "text"), ("autocomplete", "off"), ("autocapitalize", "characters"), ("spellcheck", "false"))
    return (
        Control("select", f"{html_id}__type", f"{name}__type", gettext("Kind of document"), choices=kinds),
        Control("input", f"{html_id}__number", f"{name}__number", gettext("Number"), _part(item, "number"), number),
    )


def _signature(item: BoundField) -> tuple[Control, ...]:
    name, html_id = item.path, f"f-{item.path}"
    ticked = _part(item, "agreed").lower() in ("true", "on", "yes", "1")
    attrs = (("type", "text"), ("autocomplete", "off"))
    text = gettext("I confirm that this is my signature.")
    return (
        Control("input", f"{html_id}__name", f"{name}__name", gettext("Full name"), _part(item, "name"), attrs),
        Control("tick", f"{html_id}__agreed", f"{name}__agreed", choices=(Choice(f"{html_id}__agreed", "true", text, ticked),)),
    )


def _files(item: BoundField) -> Control:
    attrs = [("accept", ",".join(item.spec.accept))] if item.spec.accept else []
    if (item.spec.max_count or 1) > 1:
        attrs.append(("multiple", "multiple"))
    return Control("files", f"f-{item.path}", f"{item.path}__upload", attrs=tuple(attrs))
