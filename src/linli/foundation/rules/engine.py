"""Decision tables that say who may have what, and why: an adapter to zen-engine (GoRules JDM).

Convention: a condition is a table writing `checks.<key>.passed` (true, false or null for "not known") and `checks.<key>.text` (the
sentence a resident reads); `checks.<key>.severity` is `block` unless the table says `notice`. Everything else a table writes is a
value, such as an amount. A cell that cannot be computed gives null, an expression node that cannot be computed stops the evaluation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import zen

from linli.lib.errors import Invalid

_WRITES_CHECK: Final = re.compile(r"checks\.[a-z0-9_]+\.passed")


class EligibilityError(Invalid):
    """A decision table is malformed, or could not be evaluated with these facts."""


@dataclass(frozen=True)
class Reason:
    """One condition and how it came out. `row` is the id of the table row that hit, `facts` what that row looked at."""

    key: str
    passed: bool | None
    text: str
    severity: str = "block"
    table: str = ""
    row: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """The outcome. `passed` needs every blocking condition met; an unknown one leaves it open, which a person then decides."""

    passed: bool
    reasons: tuple[Reason, ...]
    values: Mapping[str, Any]
    trace: Mapping[str, Any]

    @property
    def undetermined(self) -> bool:
        """Nothing speaks against it, but something is not known."""
        blocking = [reason.passed for reason in self.reasons if reason.severity == "block"]
        return None in blocking and False not in blocking

    @property
    def failed(self) -> tuple[Reason, ...]:
        """The conditions that speak against it, in table order."""
        return tuple(reason for reason in self.reasons if reason.passed is False and reason.severity == "block")


def check_table(jdm: Mapping[str, Any]) -> None:
    """Raise EligibilityError naming the node and row of the first mistake."""
    _decision(_canonical(jdm))


def evaluate(jdm: Mapping[str, Any], facts: Mapping[str, Any]) -> Verdict:
    """Judge the facts. A fact that is not known is passed as None. Amounts come back as Decimal, whole numbers as int.

    Raises EligibilityError for a malformed table or facts that its expressions cannot work with.
    """
    decision = _decision(_canonical(jdm))
    try:
        answer = decision.evaluate(_plain(facts), {"trace": True})
    except RuntimeError as error:
        raise EligibilityError(
            "ELIGIBILITY_FAILED", "The decision table could not be evaluated: %(why)s", data={"why": _first_line(error)}
        ) from error
    result = dict(answer["result"])
    checks = result.pop("checks", {})
    reasons = tuple(reason for node in jdm["nodes"] for reason in _reasons(node, checks, answer["trace"].get(node["id"], {})))
    passed = bool(reasons) and all(reason.passed is True for reason in reasons if reason.severity == "block")
    return Verdict(passed=passed, reasons=reasons, values=_exact(result), trace=answer["trace"])


def value_labels(jdm: Mapping[str, Any]) -> dict[str, str]:
    """What the tables call the values they write: field -> the column's name, in the pack's language."""
    columns = (column for node in jdm.get("nodes", []) for column in (node.get("content") or {}).get("outputs", []))
    return {column["field"]: column["name"] for column in columns if column.get("name") and not column["field"].startswith("checks.")}


def _canonical(jdm: Mapping[str, Any]) -> str:
    return json.dumps(jdm, ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=256)
def _decision(text: str) -> zen.ZenDecision:
    """Parse, check and keep a table; the cache is by content, so an edited table is a new entry."""
    jdm = json.loads(text)
    for node in jdm.get("nodes", []):
        _check_node(node)
    try:
        decision = zen.ZenEngine().create_decision(text)
        decision.validate()
    except RuntimeError as error:
        raise EligibilityError("ELIGIBILITY_TABLE", "The decision table is malformed: %(why)s", data={"why": _first_line(error)}) from error
    return decision


def _check_node(node: Mapping[str, Any]) -> None:
    content = node.get("content") or {}
    if node.get("type") == "functionNode":
        raise _mistake(node, "", "scripts are not allowed; use tables and expressions")
    if node.get("type") == "expressionNode":
        for expression in content.get("expressions", []):
            _compile(node, expression.get("key", ""), expression.get("value", ""), unary=False)
    if node.get("type") != "decisionTableNode":
        return
    for rule in content.get("rules", []):
        for column in content.get("inputs", []):
            _compile(node, rule.get("_id", ""), rule.get(column["id"], ""), unary=bool(column.get("field")))
        for column in content.get("outputs", []):
            _compile(node, rule.get("_id", ""), rule.get(column["id"], ""), unary=False)


def _compile(node: Mapping[str, Any], place: str, source: str, *, unary: bool) -> None:
    if not source.strip():
        return
    # validate_expression and validate_unary_expression are swapped in zen-engine 2.1; the compilers are right
    try:
        zen.compile_unary_expression(source) if unary else zen.compile_expression(source)
    except RuntimeError as error:
        raise _mistake(node, place, f"{source!r}: {_first_line(error)}") from error


def _mistake(node: Mapping[str, Any], place: str, why: str) -> EligibilityError:
    return EligibilityError(
        "ELIGIBILITY_TABLE",
        "The decision table is malformed at %(node)s, row %(row)s: %(why)s",
        hint="Correct the row and load the table again.",
        data={"node": node.get("name", "?"), "row": place or "-", "why": why},
    )


def _first_line(error: Exception) -> str:
    """zen appends a native stack trace; only its first line says anything."""
    return str(error).split("\n\nStack backtrace", 1)[0].replace("\n", " ")[:300]


def _plain(value: Any) -> Any:
    """Facts as JSON: Decimal becomes a number, a date its ISO text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _exact(value: Any) -> Any:
    """Numbers back from the engine: whole ones as int, others as Decimal of their shortest text, so that money never stays binary."""
    if isinstance(value, dict):
        return {key: _exact(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_exact(entry) for entry in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else Decimal(repr(value))
    return value


def _reasons(node: Mapping[str, Any], checks: Mapping[str, Any], step: Mapping[str, Any]) -> list[Reason]:
    """The conditions a table writes, each with the row that hit.

    A table of which no row hit wrote nothing; its conditions then come out as unknown, so that a surprising fact never passes silently.
    """
    content = node.get("content") or {}
    keys = [column["field"].split(".")[1] for column in content.get("outputs", []) if _WRITES_CHECK.fullmatch(column.get("field", ""))]
    data = step.get("traceData")
    hit = data if isinstance(data, dict) and "rule" in data else {}
    return [_reason(key, checks.get(key, {}) if hit else {}, str(node.get("name", "")), hit) for key in keys]


def _reason(key: str, check: Mapping[str, Any], table: str, hit: Mapping[str, Any]) -> Reason:
    passed = check.get("passed")
    return Reason(
        key=key,
        passed=passed if isinstance(passed, bool) else None,
        text=str(check.get("text") or ""),
        severity=str(check.get("severity") or "block"),
        table=table,
        row=str(hit.get("rule", {}).get("_id", "")),
        facts=hit.get("reference_map", {}),
    )
