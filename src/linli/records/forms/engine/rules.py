"""Cross-field rules of a form, judged once the values they read are there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from linli.records.forms.types import FieldError, Form, Rule

from .expressions import ExpressionError, evaluate, names, needed

Rows = Mapping[str, list[tuple[int, dict[str, Any]]]]


def judge(
    form: Form, values: Mapping[str, Any], rows: Rows, wrong: set[str], today: date
) -> tuple[list[FieldError], dict[str, list[FieldError]]]:
    """Broken rules: those of the whole form, and those beside a field, by path. `wrong` are paths that already have an error."""
    of_form: list[FieldError] = []
    by_path: dict[str, list[FieldError]] = {}
    plain_rows = {key: [row for _, row in found] for key, found in rows.items()}
    for rule in form.rules:
        for number, scope in _scopes(rule, values, rows):
            if _holds(rule, scope, plain_rows, today):
                continue
            path = _path(rule, number, scope, form)
            if path in wrong:
                continue
            error = FieldError(path, "RULE", rule.message, {}, rule.hint)
            if path:
                by_path.setdefault(path, []).append(error)
            else:
                of_form.append(error)
    return of_form, by_path


def _scopes(rule: Rule, values: Mapping[str, Any], rows: Rows) -> list[tuple[int | None, Mapping[str, Any]]]:
    if rule.each is None:
        return [(None, values)]
    return [(number, {**values, **row}) for number, row in rows.get(rule.each, [])]


def _holds(rule: Rule, scope: Mapping[str, Any], rows: Mapping[str, list[dict[str, Any]]], today: date) -> bool:
    """An undecidable rule (a value is missing) holds; one whose values do not fit it does not: it fails closed."""
    if any(scope.get(name) is None for name in needed(rule.expr)):
        return True
    # Fields that are not shown are there as None, so that `filled(x)` can ask about them.
    known = dict.fromkeys(names(rule.expr)) | dict(scope)
    try:
        return bool(evaluate(rule.expr, known, today=today, rows=rows))
    except ExpressionError:
        return False


def _path(rule: Rule, number: int | None, scope: Mapping[str, Any], form: Form) -> str:
    """Where the message goes: beside the field when it is shown, else to the form."""
    if rule.field is None or rule.field not in scope:
        return ""
    section = form.section(rule.each) if rule.each else None
    if section is not None and section.field(rule.field):
        return f"{section.key}-{number}-{rule.field}"
    return rule.field
