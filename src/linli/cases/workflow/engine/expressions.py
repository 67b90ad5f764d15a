"""The expression language of conditions and scripts: comparisons, arithmetic, a few functions. Nothing else.

A text is parsed by Python's own parser, every node is held against a list of allowed ones, and only then simpleeval computes it.
There is no way to name an attribute of a Python object, so there is no way out. Scripts are lines of `name = expression`.
"""

from __future__ import annotations

import ast
import keyword
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from simpleeval import DEFAULT_OPERATORS, EvalWithCompoundTypes  # type: ignore[import-untyped, unused-ignore]

MAX_SOURCE = 2_000
MAX_NUMBER = 10**30
MAX_TEXT = 10_000
MAX_DEPTH = 40


class ExpressionError(Exception):
    """The text is not in the language, or cannot be computed with the facts at hand. Says why in plain words."""


def _round(value: float, digits: int = 0) -> float:
    """Python's own would compute a power of ten as large as asked."""
    if not -15 <= digits <= 15:
        raise ExpressionError("round takes at most 15 digits")
    return round(value, digits) if digits else round(value)


def _remainder(left: float, right: float) -> float:
    """Numbers only: with a text on the left, % would be formatting, and a width in it could ask for any amount of memory."""
    if not isinstance(left, (int, float)):
        raise ExpressionError("% needs numbers")
    return left % right


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": len,
    "min": min,
    "max": max,
    "abs": abs,
    "round": _round,
    "int": int,
    "float": float,
    "str": str,
}
RESERVED = frozenset({"outcome", "steps", "True", "False", "None", *FUNCTIONS})

_OPERATORS = (
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Not, ast.USub, ast.UAdd),
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot),
)
_NODES = (
    *(ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.BinOp, ast.UnaryOp, ast.Compare, ast.IfExp),
    *(ast.Constant, ast.Name, ast.Load, ast.Tuple, ast.List, ast.Subscript, ast.Attribute, ast.Call),
    *_OPERATORS,
)


class _Evaluator(EvalWithCompoundTypes):  # type: ignore[misc]
    """simpleeval with dictionary keys as the only attributes."""

    def _eval_attribute(self, node: ast.Attribute) -> Any:
        value = self._eval(node.value)
        if not isinstance(value, dict) or node.attr not in value:
            raise ExpressionError(f"there is no {node.attr}")
        return value[node.attr]


def check_expression(source: str) -> None:
    """Raise ExpressionError unless the text is an expression of the language."""
    _parse(source)


def check_script(source: str) -> None:
    """Raise ExpressionError unless the text is lines of `name = expression`."""
    _assignments(source)


def evaluate(source: str, names: Mapping[str, Any]) -> Any:
    """The value of an expression. An unknown name, a wrong type or a value past the limits raises ExpressionError."""
    body = _parse(source)
    operators = {op: DEFAULT_OPERATORS[op] for op in _OPERATORS} | {ast.Mod: _remainder}
    evaluator = _Evaluator(operators=operators, functions=FUNCTIONS, names={**names, **_CONSTANTS})
    try:
        return _bounded(evaluator.eval(source, previously_parsed=body))
    except ExpressionError:
        raise
    except Exception as error:  # simpleeval passes on whatever the operators raise; all of it means "cannot be computed"
        raise ExpressionError(str(error) or type(error).__name__) from error


def execute(source: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """Run a script and give the names it set, in order. Later lines see what earlier lines set."""
    seen = dict(names)
    written: dict[str, Any] = {}
    for name, expression in _assignments(source):
        seen[name] = written[name] = evaluate(expression, seen)
    return written


def outcome_literals(source: str) -> set[str]:
    """Texts that an expression compares `outcome` with; a mistyped one would silently take the default path."""
    found: set[str] = set()
    for node in ast.walk(_parse(source)):
        if isinstance(node, ast.Compare) and any(isinstance(n, ast.Name) and n.id == "outcome" for n in (node.left, *node.comparators)):
            for side in (node.left, *node.comparators):
                parts = side.elts if isinstance(side, (ast.Tuple, ast.List)) else [side]
                found |= {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return found


_CONSTANTS: dict[str, Any] = {"true": True, "false": False}


@lru_cache(maxsize=2_000)
def _parse(source: str) -> ast.expr:
    text = source.strip()
    if not text:
        raise ExpressionError("it is empty")
    if len(text) > MAX_SOURCE:
        raise ExpressionError(f"it is longer than {MAX_SOURCE} characters")
    try:
        body = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError("it is not an expression") from error
    _check(body, 0)
    return body


def _check(node: ast.AST, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ExpressionError("it is nested too deeply")
    if not isinstance(node, _NODES):
        raise ExpressionError(f"{type(node).__name__} is not allowed")
    if isinstance(node, ast.Constant) and not isinstance(node.value, (str, int, float, bool, type(None))):
        raise ExpressionError("this kind of value is not allowed")
    if isinstance(node, ast.Name) and node.id.startswith("_"):
        raise ExpressionError("names must not begin with an underscore")
    if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
        raise ExpressionError("names must not begin with an underscore")
    if isinstance(node, ast.Call) and (not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords):
        raise ExpressionError("only these functions may be called: " + ", ".join(sorted(FUNCTIONS)))
    for child in ast.iter_child_nodes(node):
        _check(child, depth + 1)


@lru_cache(maxsize=500)
def _assignments(source: str) -> tuple[tuple[str, str], ...]:
    lines = []
    for line in source.strip().splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, sign, expression = text.partition("=")
        name = name.strip()
        if not sign or expression.startswith("=") or not name.isidentifier() or keyword.iskeyword(name):
            raise ExpressionError("a script is lines of: name = expression")
        if name.startswith("_") or name in RESERVED:
            raise ExpressionError(f"{name} must not be set by a script")
        _parse(expression)
        lines.append((name, expression))
    if not lines:
        raise ExpressionError("it is empty")
    return tuple(lines)


def _bounded(value: Any) -> Any:
    """Values live in the state of a case: numbers and texts stay within limits, so a loop cannot make them grow."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        if not -MAX_NUMBER < value < MAX_NUMBER:
            raise ExpressionError("the number is too large")
        return value
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise ExpressionError("the text is too long")
        return value
    if isinstance(value, (list, tuple)) and len(value) <= MAX_TEXT:
        return [_bounded(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _bounded(item) for key, item in value.items()}
    raise ExpressionError("this kind of value is not allowed")
