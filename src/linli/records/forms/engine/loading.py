"""Loading a form definition: shape by pydantic, then everything that spans several fields, with one report of all mistakes."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from linli.records.forms.types import Condition, Field, FieldType, Form, FormDefinitionError, Problem, Section

from . import expressions
from .codes import code_table, known_table
from .expressions import ExpressionError
from .kinds.dates import bound_day

_RESERVED = frozenset({"csrfmiddlewaretoken", "review", *(word.lower() for word in keyword.kwlist)})
"""Names that a page or the expression language needs for itself."""


def load_form(data: Mapping[str, Any]) -> Form:
    """The form a definition describes; raises FormDefinitionError listing every mistake with its place."""
    try:
        form = Form.model_validate(data)
    except ValidationError as error:
        raise FormDefinitionError([Problem(_place(data, item["loc"]), _said(item)) for item in error.errors()]) from error
    check = _Check(form)
    check.run()
    if check.problems:
        raise FormDefinitionError(check.problems)
    return form


def _said(item: Any) -> str:
    return str(item["msg"]).removeprefix("Value error, ")


def _place(data: Any, location: tuple[int | str, ...]) -> str:
    """`sections.applicant.fields.name.type` rather than positions, as far as the keys can be read."""
    parts: list[str] = []
    here: Any = data
    for step in location:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        key = here.get("key") if isinstance(step, int) and isinstance(here, Mapping) else None
        parts.append(str(key) if isinstance(key, str) else str(step))
    return ".".join(parts) or "form"


@dataclass
class _Check:
    """One pass in page order: whatever looks at a value must come after it."""

    form: Form
    problems: list[Problem] = field(default_factory=list)
    before: dict[str, Field] = field(default_factory=dict)
    sections_before: dict[str, Section] = field(default_factory=dict)

    def run(self) -> None:
        """Fill `problems`."""
        seen: set[str] = set()
        for section in self.form.sections:
            place = f"sections.{section.key}"
            self._unique(seen, section.key, place)
            if section.key in _RESERVED:
                self.problems.append(Problem(place, f"{section.key} is a reserved word; choose another key"))
            self._condition(section.when, self.before, f"{place}.when")
            own: dict[str, Field] = {}
            for item in section.fields:
                where = f"{place}.fields.{item.key}"
                if section.repeat is None:
                    self._unique(seen, item.key, where)
                elif item.key in own:
                    self.problems.append(Problem(where, "the key occurs twice"))
                if item.key in _RESERVED:
                    self.problems.append(Problem(where, f"{item.key} is a reserved word; choose another key"))
                self._field(item, self.before | own, where)
                own[item.key] = item
            if section.repeat is None:
                self.before.update(own)
            self.sections_before[section.key] = section
        self._rules()

    def _unique(self, seen: set[str], key: str, place: str) -> None:
        if key in seen:
            self.problems.append(Problem(place, "the key occurs twice"))
        seen.add(key)

    def _field(self, item: Field, known: Mapping[str, Field], place: str) -> None:
        self._condition(item.when, known, f"{place}.when")
        if item.codes and not known_table(item.codes):
            self.problems.append(Problem(f"{place}.codes", f"there is no code table {item.codes}"))
        if item.documents:
            missing = sorted(set(item.documents) - {code.value for code in code_table("id_type")})
            if missing:
                self.problems.append(Problem(f"{place}.documents", f"unknown kinds of document: {', '.join(missing)}"))
        if item.matches and (item.matches not in known or known[item.matches].type is not FieldType.PERSON_NAME):
            self.problems.append(Problem(f"{place}.matches", f"{item.matches} is not a name asked before"))
        if item.type is FieldType.COMPUTED:
            self._expression(item.expr, known, f"{place}.expr")
        if isinstance(item.min, str) or isinstance(item.max, str):
            self._dates(item, place)
        elif item.min is not None and item.max is not None and item.min > item.max:
            self.problems.append(Problem(place, "min is larger than max"))

    def _dates(self, item: Field, place: str) -> None:
        try:
            for bound in (item.min, item.max):
                bound_day(bound, date(2000, 1, 1))
        except ValueError:
            self.problems.append(Problem(place, "min or max is no day that exists"))

    def _condition(self, condition: Condition | None, known: Mapping[str, Field], place: str) -> None:
        for name in sorted(condition.fields() if condition else ()):
            if name not in known:
                self.problems.append(Problem(place, f"{name} is not a field asked before"))

    def _expression(self, expr: str, known: Mapping[str, Any], place: str) -> None:
        try:
            names = expressions.names(expr)
            reads = expressions.row_reads(expr)
        except ExpressionError as error:
            self.problems.append(Problem(place, str(error)))
            return
        self.problems.extend(Problem(place, f"{name} is not a field asked before") for name in sorted(names - known.keys()))
        for section_key, field_key in reads:
            section = self.sections_before.get(section_key)
            if section is None or section.repeat is None:
                self.problems.append(Problem(place, f"{section_key} is not a repeating section asked before"))
            elif field_key and section.field(field_key) is None:
                self.problems.append(Problem(place, f"{section_key} has no field {field_key}"))

    def _rules(self) -> None:
        for number, rule in enumerate(self.form.rules, start=1):
            place = f"rules.{number}"
            known = dict(self.before)
            if rule.each is not None:
                section = self.form.section(rule.each)
                if section is None or section.repeat is None:
                    self.problems.append(Problem(f"{place}.each", f"{rule.each} is not a repeating section"))
                    continue
                known.update({item.key: item for item in section.fields})
            self._expression(rule.expr, known, f"{place}.expr")
            if rule.field is not None and rule.field not in known:
                self.problems.append(Problem(f"{place}.field", f"the form has no field {rule.field}"))
