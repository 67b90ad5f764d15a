"""The safe expression language of rules and computed fields.

Comparisons, arithmetic, and/or/not, `a if b else c` and a short list of functions.

An expression is checked once, when the form is loaded: anything but the listed syntax, functions and the form's own fields is refused
there, so that an author (or an attacker with an author's rights) cannot reach Python through it. simpleeval then evaluates it under its
own limits.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, cast

from simpleeval import DEFAULT_OPERATORS, SimpleEval  # type: ignore[import-untyped, unused-ignore]

from linli.lib.idcard import age

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
MAX_LENGTH: Final = 500
MAX_NODES: Final = 120
_SYNTAX: Final = (
    ast.Expression,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.USub,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.FloorDiv,
    ast.Mod,
    ast.Compare,
    ast.Eq,
    ast.NotEq,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.IfExp,
    ast.Call,
    ast.Name,
    ast.Load,
    ast.Constant,
)
_OPERATORS: Final = {kind: function for kind, function in DEFAULT_OPERATORS.items() if issubclass(kind, _SYNTAX)}


class ExpressionError(ValueError):
    """An expression that may not be used, with the reason in plain English."""


def full_months(start: date, end: date) -> int:
    """Completed calendar months from `start` to `end`; a start on a day the last month lacks counts at that month's end."""
    last_day = (end + timedelta(days=1)).day == 1
    reached = end.day >= start.day or last_day
    return (end.year - start.year) * 12 + end.month - start.month - (0 if reached else 1)


def _filled(value: Any) -> bool:
    return value is not None and value not in ("", [], {})


def _round(value: Decimal | int, places: int = 0) -> Decimal:
    return round(Decimal(value), max(0, min(int(places), 6)))


class _Rows:
    """The functions that look into a repeating section, given its rows as they stand."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def count(self, section: str) -> int:
        """How many rows there are."""
        return len(self.rows.get(section, []))

    def total(self, section: str, field: str) -> Decimal:
        """Sum of a number field over the rows; open ones count as nothing."""
        values = (row.get(field) for row in self.rows.get(section, []))
        return sum((Decimal(value) for value in values if isinstance(value, (int, Decimal))), Decimal(0))

    def any_row(self, section: str, field: str, value: Any) -> bool:
        """Whether some row has this value."""
        return any(row.get(field) == value for row in self.rows.get(section, []))


FUNCTIONS: Final[dict[str, tuple[int, int]]] = {
    "filled": (1, 1),
    "age": (1, 1),
    "today": (0, 0),
    "days": (2, 2),
    "months": (2, 2),
    "years": (2, 2),
    "length": (1, 1),
    "abs": (1, 1),
    "min": (2, 5),
    "max": (2, 5),
    "round": (1, 2),
    "count": (1, 1),
    "total": (2, 2),
    "any_row": (3, 3),
    "has": (2, 2),
    "birth_date": (1, 1),
    "sex": (1, 1),
}
"""Name to smallest and largest number of arguments. `days/months/years(a, b)` count from a to b.

`has(m, "x")` looks into a multiple choice.
"""
_ROW_FUNCTIONS: Final = frozenset({"count", "total", "any_row"})


def _functions(today: date, rows: Rows) -> dict[str, Callable[..., Any]]:
    reader = _Rows(rows)
    return {
        "filled": _filled,
        "age": lambda born: age(born, today),
        "today": lambda: today,
        "days": lambda start, end: (end - start).days,
        "months": full_months,
        "years": age,
        "length": len,
        "abs": abs,
        "min": min,
        "max": max,
        "round": _round,
        "count": reader.count,
        "total": reader.total,
        "any_row": reader.any_row,
        "has": lambda values, value: value in values,
        "birth_date": _birth_date,
        "sex": lambda number: "1" if int(number[16]) % 2 else "2",
    }


def _birth_date(number: str) -> date:
    """Birth date inside an 18-digit ID number (GB 11643-1999, positions 7 to 14)."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


@lru_cache(maxsize=2048)
def parse(expr: str) -> ast.Expression:
    """The syntax tree of an expression; raises ExpressionError for anything outside the language."""
    if len(expr) > MAX_LENGTH:
        raise ExpressionError(f"an expression has at most {MAX_LENGTH} characters")
    try:
        tree = ast.parse(expr.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError("this is not an expression") from error
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES:
        raise ExpressionError("the expression is too long; split it into several rules")
    for node in nodes:
        _check(node)
    return tree


def _check(node: ast.AST) -> None:
    if not isinstance(node, _SYNTAX):
        raise ExpressionError(f"{type(node).__name__} is not part of the expression language")
    if isinstance(node, ast.Constant) and not isinstance(node.value, (str, int, float, bool, type(None))):
        raise ExpressionError("only texts, numbers and yes/no may be written out")
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and abs(node.value) > 10**15:
        raise ExpressionError("the number is too large")
    if isinstance(node, ast.Name) and node.id.startswith("_"):
        raise ExpressionError(f"{node.id} is not a field")
    if isinstance(node, ast.Call):
        _check_call(node)


def _check_call(node: ast.Call) -> None:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        raise ExpressionError(f"only these functions may be called: {', '.join(sorted(FUNCTIONS))}")
    fewest, most = FUNCTIONS[node.func.id]
    if node.keywords or not fewest <= len(node.args) <= most:
        raise ExpressionError(f"{node.func.id}() takes {fewest} to {most} plain arguments")
    fixed = node.args[: 1 if node.func.id == "count" else 2] if node.func.id in _ROW_FUNCTIONS else []
    if any(not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)) for argument in fixed):
        raise ExpressionError(f"{node.func.id}() takes the section and the field as quoted names")


def names(expr: str) -> frozenset[str]:
    """The field names an expression reads."""
    tree = parse(expr)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called)


def needed(expr: str) -> frozenset[str]:
    """The names that must have a value before the expression says anything: all but those only asked for with `filled(...)`."""
    tree = parse(expr)
    asked: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "filled":
            asked.update(id(argument) for argument in node.args)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called and id(n) not in asked)


def row_reads(expr: str) -> list[tuple[str, str]]:
    """(section, field) pairs that count/total/any_row look at; the field is "" for count."""
    found = []
    for node in ast.walk(parse(expr)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ROW_FUNCTIONS:
            texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            found.append((str(texts[0]), str(texts[1]) if node.func.id != "count" else ""))
    return found


def evaluate(expr: str, values: Mapping[str, Any], *, today: date, rows: Rows | None = None) -> Any:
    """The value of a checked expression. Raises ExpressionError when the values do not fit it (a date minus a text, a division by zero)."""
    tree = _decimal_tree(expr)
    try:
        engine = SimpleEval(operators=_SAFE_OPERATORS, functions=_functions(today, rows or {}), names=dict(values))
        return engine.eval(expr.strip(), previously_parsed=tree)
    except Exception as error:  # simpleeval, operators and date arithmetic raise many kinds; none may surface as a crash of the page
        raise ExpressionError(f"{type(error).__name__}: {error}") from error


def _divide(left: Any, right: Any) -> Decimal:
    """Division of money and counts stays decimal."""
    return Decimal(left) / Decimal(right)


def _modulo(left: Any, right: Any) -> Any:
    """Remainder of numbers only: on a text `%` would be formatting, which can ask for gigabytes."""
    if not isinstance(left, (int, Decimal)):
        raise TypeError("% is for numbers")
    return left % right


_SAFE_OPERATORS: Final = _OPERATORS | {ast.Div: _divide, ast.Mod: _modulo}


class _Exact(ast.NodeTransformer):
    """Written-out fractions as Decimal, because Decimal and float do not mix."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.copy_location(ast.Constant(cast(Any, Decimal(str(node.value)))), node) if isinstance(node.value, float) else node


@lru_cache(maxsize=2048)
def _decimal_tree(expr: str) -> ast.expr:
    parse(expr)
    body: ast.expr = _Exact().visit(ast.parse(expr.strip(), mode="eval")).body
    return body
