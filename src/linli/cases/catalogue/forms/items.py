"""Entries of the editor's sections, and how each is asked and read: one entry is one or two questions of a form definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext

from linli.cases.catalogue.engine import DraftError

Kind = Literal["text", "long", "lines", "number", "yes_no", "choice", "many", "term", "date", "pairs", "value"]
Choices = Sequence[tuple[str, "str | Promise"]]
UNITS: tuple[str, ...] = ("W", "N", "M", "H")


@dataclass(frozen=True)
class Item:
    """One name of the specification. `group` is the name of the object it lies in (`fee`, `remedy`)."""

    key: str
    kind: Kind
    label: str | Promise
    choices: Choices = ()
    help: str | Promise = ""
    required: bool = False
    width: Literal["full", "half", "third"] = "half"
    group: str = ""
    most: int = 1000
    default: Any = ""
    """What an answer left open stands for."""

    @property
    def name(self) -> str:
        """The key of its (first) question."""
        return f"{self.group}_{self.key}" if self.group else self.key


@dataclass(frozen=True)
class Rows:
    """A list of objects: asked as a repeating section."""

    key: str
    label: str | Promise
    one: str | Promise
    items: tuple[Item, ...]
    help: str | Promise = ""


@dataclass(frozen=True)
class Group:
    """A titled part of a page. `optional` names objects that are left out when none of their questions is answered."""

    key: str
    label: str | Promise
    items: tuple[Item, ...]
    help: str | Promise = ""
    optional: tuple[str, ...] = ()


Part = Group | Rows


def questions(item: Item) -> list[dict[str, Any]]:
    """The questions of an entry, as a form definition has them."""
    base: dict[str, Any] = {
        "key": item.name,
        "label": str(item.label),
        "help": str(item.help),
        "required": item.required,
        "width": item.width,
    }
    if item.kind == "term":
        names = {"W": gettext("working days"), "N": gettext("days"), "M": gettext("months"), "H": gettext("hours")}
        unit = {
            "key": f"{item.name}_unit",
            "label": gettext("unit"),
            "type": "choice",
            "required": item.required,
            "width": item.width,
            "options": [{"value": key, "label": names[key]} for key in UNITS],
        }
        return [{**base, "type": "integer", "min": 0, "max": 1000}, unit]
    shapes: dict[str, dict[str, Any]] = {
        "text": {"type": "text", "max_length": 300},
        "value": {"type": "text", "max_length": 100},
        "long": {"type": "long_text", "max_length": 20000, "width": "full"},
        "lines": {"type": "long_text", "max_length": 20000, "width": "full"},
        "pairs": {"type": "long_text", "max_length": 20000, "width": "full"},
        "number": {"type": "integer", "min": 0, "max": item.most},
        "yes_no": {"type": "yes_no"},
        "date": {"type": "date"},
        "choice": {"type": "choice"},
        "many": {"type": "multi_choice"},
    }
    shape = shapes[item.kind]
    if item.kind in ("choice", "many"):
        shape["options"] = [{"value": value, "label": str(label)} for value, label in item.choices]
    return [{**base, **shape}]


def encode(item: Item, value: Any) -> dict[str, Any]:
    """Answers for what the specification says (JSON-safe)."""
    if item.kind == "term":
        return {} if value is None else {item.name: value["amount"], f"{item.name}_unit": value["unit"]}
    if value is None:
        return {}
    if item.kind == "lines":
        return {item.name: "\n".join(value)}
    if item.kind == "pairs":
        return {item.name: "\n".join(f"{name} = {entry}" for name, entry in value.items())}
    if item.kind == "value":
        return {item.name: {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)}
    if item.kind == "choice":
        return {item.name: str(value)} if value != "" else {}
    return {item.name: value}


def decode(item: Item, answers: Mapping[str, Any]) -> Any:
    """What an entry's answers say; an answer left open is the entry's default."""
    value = answers.get(item.name)
    if item.kind == "term":
        return None if value is None else {"amount": int(value), "unit": answers.get(f"{item.name}_unit") or "W"}
    if item.kind == "lines":
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]
    if item.kind == "pairs":
        return _pairs(item, str(value or ""))
    if item.kind == "many":
        return list(value or [])
    if item.kind == "value" and value in ("true", "false"):
        return value == "true"
    if value is None or value == "":
        return item.default
    return int(value) if item.kind == "number" or (item.kind == "choice" and isinstance(item.default, int)) else value


def _pairs(item: Item, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), 1):
        name, separator, value = line.partition("=")
        if not separator or not name.strip() or not value.strip():
            raise DraftError([(f"{item.name}, {number}", gettext("write each line as: name = value"))])
        found[name.strip()] = value.strip()
    return found


def definition(parts: Sequence[Part]) -> dict[str, Any]:
    """The form definition of a page."""
    sections = []
    for part in parts:
        fields = [question for item in part.items for question in questions(item)]
        section: dict[str, Any] = {"key": part.key, "title": str(part.label), "help": str(part.help), "fields": fields}
        if isinstance(part, Rows):
            section["repeat"] = {"min": 0, "max": 50, "label": str(part.one)}
        sections.append(section)
    return {"sections": sections}


def to_answers(parts: Sequence[Part], values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers a page starts with."""
    answers: dict[str, Any] = {}
    for part in parts:
        if isinstance(part, Rows):
            answers[part.key] = [
                {name: a for item in part.items for name, a in encode(item, row.get(item.key)).items()}
                for row in values.get(part.key) or []
            ]
            continue
        for item in part.items:
            place = values.get(item.group) or {} if item.group else values
            answers |= encode(item, place.get(item.key))
    return answers


def to_values(parts: Sequence[Part], answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the page says, by names of the specification. Raises DraftError for a list that cannot be read."""
    values: dict[str, Any] = {}
    for part in parts:
        if isinstance(part, Rows):
            values[part.key] = [{item.key: decode(item, row) for item in part.items} for row in answers.get(part.key) or []]
            continue
        for item in part.items:
            if item.group:
                values.setdefault(item.group, {})[item.key] = decode(item, answers)
            else:
                values[item.key] = decode(item, answers)
        for group in part.optional:
            own = [item for item in part.items if item.group == group]
            if all(answers.get(item.name) in (None, "") for item in own):
                values[group] = None
    return values
