"""The page on which one section or one question of a matter's form is edited: which entries it has depends on the type of the question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.cases.catalogue.engine import DraftError, parse_yaml, to_yaml
from linli.cases.catalogue.forms.items import Group, Item, Part
from linli.records.forms.types import FieldType
from linli.records.forms.types.definition import ATTRIBUTE_TYPES, DEFAULT_LEVELS

TYPES: Final[dict[FieldType, str | Promise]] = {
    FieldType.TEXT: _("short text"),
    FieldType.LONG_TEXT: _("long text"),
    FieldType.NUMBER: _("number"),
    FieldType.INTEGER: _("whole number"),
    FieldType.MONEY: _("amount of money"),
    FieldType.DATE: _("date"),
    FieldType.MONTH: _("month"),
    FieldType.YES_NO: _("yes or no"),
    FieldType.CHOICE: _("one of several"),
    FieldType.MULTI_CHOICE: _("several of many"),
    FieldType.CODE: _("code table"),
    FieldType.ID_NUMBER: _("ID number"),
    FieldType.ID_DOCUMENT: _("identity document"),
    FieldType.PHONE: _("telephone"),
    FieldType.PERSON_NAME: _("name of a person"),
    FieldType.ADDRESS: _("address"),
    FieldType.BANK_CARD: _("bank card"),
    FieldType.PLATE: _("number plate"),
    FieldType.USCC: _("credit code of an organisation"),
    FieldType.EMAIL: _("mail address"),
    FieldType.FILE: _("files"),
    FieldType.SIGNATURE: _("signature"),
    FieldType.STATEMENT: _("statement to agree to"),
    FieldType.COMPUTED: _("computed"),
}
_OWN: Final[dict[str, Item]] = {
    "options": Item("options", "lines", _("Answers"), help=_("One a line: value | label | help")),
    "codes": Item("codes", "text", _("Code table")),
    "min": Item("min", "text", _("At least"), width="third", help=_("A number; for a date 2026-01-31 or today-18y.")),
    "max": Item("max", "text", _("At most"), width="third"),
    "places": Item("places", "number", _("Decimal places"), width="third", default=2, most=6),
    "unit": Item("unit", "text", _("Unit"), width="third"),
    "min_length": Item("min_length", "number", _("Shortest"), width="third", default=0),
    "max_length": Item("max_length", "number", _("Longest"), width="third", default=None, most=20000),
    "documents": Item("documents", "lines", _("Identity documents accepted"), help=_("One code a line.")),
    "accept": Item("accept", "lines", _("Kinds of file accepted"), help=_("One a line, such as pdf.")),
    "max_mb": Item("max_mb", "number", _("Megabytes a file"), width="third", default=10, most=200),
    "max_count": Item("max_count", "number", _("How many at most"), width="third", default=None, most=50),
    "matches": Item("matches", "text", _("Must equal the field"), width="third"),
    "text": Item("text", "long", _("Text of the statement")),
    "expr": Item("expr", "text", _("Formula"), width="full"),
    "result": Item(
        "result",
        "choice",
        _("Gives"),
        default="number",
        width="third",
        choices=(
            ("number", _("a number")),
            ("integer", _("a whole number")),
            ("money", _("an amount")),
            ("text", _("a text")),
            ("date", _("a date")),
            ("yes_no", _("yes or no")),
        ),
    ),
}
_WHEN: Final = Item("when", "long", _("Shown only when"), help=_("As YAML, such as: field: has_agent / equals: true. Empty: always."))
SECTION: Final[tuple[Part, ...]] = (
    Group(
        "section_itself",
        _("Section"),
        items=(
            Item("key", "text", _("Key"), required=True, help=_("Small letters, digits, _.")),
            Item("title", "text", _("Title"), required=True),
            Item("help", "long", _("Help")),
            Item("repeated", "yes_no", _("Filled in several times"), default=False),
            Item("repeat_label", "text", _("What one of them is called")),
            Item("repeat_source", "text", _("Known entries come from"), help=_("household.members")),
            Item("repeat_min", "number", _("At least"), default=0, most=50),
            Item("repeat_max", "number", _("At most"), default=20, most=50),
            _WHEN,
        ),
    ),
)


def question_parts(kind: FieldType) -> tuple[Part, ...]:
    """What is asked about a question of this type."""
    own = tuple(item for name, item in _OWN.items() if kind in ATTRIBUTE_TYPES[name])
    common = (
        Item("key", "text", _("Key"), required=True, width="third", help=_("Small letters, digits, _.")),
        Item(
            "type",
            "choice",
            _("Type"),
            required=True,
            width="third",
            choices=tuple((t.value, label) for t, label in TYPES.items()),
            help=_("After another type is chosen and saved, its own entries appear."),
        ),
        Item(
            "width",
            "choice",
            _("Width"),
            default="full",
            width="third",
            choices=(("full", _("full")), ("half", _("half")), ("third", _("a third"))),
        ),
        Item("label", "text", _("Label"), required=True, width="full"),
        Item("help", "long", _("Help")),
        Item("required", "yes_no", _("Must be answered"), default=False, width="third"),
        Item("editable", "yes_no", _("A known answer may be corrected"), default=True, width="third"),
        Item(
            "level",
            "number",
            _("Sensitivity (1 to 5)"),
            default=0,
            most=5,
            width="third",
            help=_("0: that of the type, %(level)s.") % {"level": DEFAULT_LEVELS.get(kind, 2)},
        ),
        Item("source", "text", _("Where the answer may be known"), width="full", help=_("person.name, mandate.agent_name")),
    )
    groups = [Group("question_itself", _("Question"), items=common)]
    if own:
        groups.append(Group("own", _("Of this type"), items=own))
    return (*groups, Group("condition", _("Condition"), items=(_WHEN,)))


def question_values(field: Mapping[str, Any]) -> dict[str, Any]:
    """A field of a definition as its page shows it."""
    values = {key: value for key, value in field.items() if key not in ("options", "when")}
    values["options"] = [" | ".join(part for part in (o["value"], o["label"], o.get("help", "")) if part) for o in field.get("options", [])]
    values["when"] = _when_text(field)
    values |= {name: str(values[name]) for name in ("min", "max") if name in values}
    return {"editable": True, "required": False, **values}


def question_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The field a page says, what is only default left out. Attributes that do not belong to a newly chosen type are dropped."""
    kind = FieldType(values["type"])
    field = {key: value for key, value in values.items() if key not in ATTRIBUTE_TYPES or kind in ATTRIBUTE_TYPES[key]}
    for name, default in (("editable", True), ("required", False), ("level", 0), ("width", "full")):
        if field.get(name) == default:
            field.pop(name)
    if field.get("options"):
        field["options"] = [_option(line) for line in field["options"]]
    for name in ("min", "max"):
        if field.get(name):
            field[name] = _bound(str(field[name]))
    condition = _condition(values)
    field.pop("when", None)
    field = {key: value for key, value in field.items() if value not in ("", None, [], {})}
    return _completed({**field, **({"when": condition} if condition else {})})


def _completed(field: dict[str, Any]) -> dict[str, Any]:
    """A type chosen a moment ago starts with something valid in the entries it cannot do without; the author then changes them."""
    needs: dict[str, dict[str, Any]] = {FieldType.STATEMENT: {"text": field.get("label", "")}, FieldType.COMPUTED: {"expr": "0"}}
    if field["type"] in (FieldType.CHOICE, FieldType.MULTI_CHOICE) and not field.get("options") and not field.get("codes"):
        field["options"] = [{"value": "1", "label": "1"}]
    for name, value in needs.get(field["type"], {}).items():
        field.setdefault(name, value)
    return field


def _option(line: str) -> dict[str, str]:
    value, _bar, rest = line.partition("|")
    label, _bar, help_text = rest.partition("|")
    found = {"value": value.strip(), "label": label.strip() or value.strip()}
    return {**found, "help": help_text.strip()} if help_text.strip() else found


def _bound(text: str) -> int | str:
    return int(text) if text.lstrip("-").isdecimal() else text


def _when_text(part: Mapping[str, Any]) -> str:
    return to_yaml(part["when"]).strip() if part.get("when") else ""


def _condition(values: Mapping[str, Any]) -> dict[str, Any]:
    text = str(values.get("when") or "").strip()
    try:
        return parse_yaml(text) if text else {}
    except DraftError as error:
        raise DraftError([(f"when: {path}".rstrip(": "), said) for path, said in error.problems]) from error


def section_values(section: Mapping[str, Any]) -> dict[str, Any]:
    """A section of a definition as its page shows it."""
    repeat = section.get("repeat") or {}
    return {
        "key": section["key"],
        "title": section["title"],
        "help": section.get("help", ""),
        "repeated": bool(section.get("repeat")),
        "repeat_label": repeat.get("label", ""),
        "repeat_source": repeat.get("source", ""),
        "repeat_min": repeat.get("min", 0),
        "repeat_max": repeat.get("max", 20),
        "when": _when_text(section),
    }


def section_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The section's own attributes as a definition has them."""
    section: dict[str, Any] = {"key": values["key"], "title": values["title"]}
    if values.get("help"):
        section["help"] = values["help"]
    if values.get("repeated"):
        section["repeat"] = {
            "min": values.get("repeat_min") or 0,
            "max": values.get("repeat_max") or 20,
            "label": values.get("repeat_label") or "",
            "source": values.get("repeat_source") or "",
        }
    if condition := _condition(values):
        section["when"] = condition
    return section
