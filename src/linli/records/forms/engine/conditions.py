"""Whether a section or field is asked: the condition tree against the values given so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from linli.records.forms.types import Condition


def holds(condition: Condition | None, values: Mapping[str, Any]) -> bool:
    """True when there is no condition or it is met. An empty or hidden field (None) fails every test except `filled: false`."""
    if condition is None:
        return True
    if condition.all is not None:
        return all(holds(child, values) for child in condition.all)
    if condition.any is not None:
        return any(holds(child, values) for child in condition.any)
    if condition.not_ is not None:
        return not holds(condition.not_, values)
    return _test(condition, values.get(condition.field or ""))


def _test(condition: Condition, value: Any) -> bool:
    filled = value not in (None, "", [], {})
    if condition.filled is not None:
        return filled == condition.filled
    if not filled:
        return False
    if condition.equals is not None:
        return _equal(value, condition.equals)
    if condition.in_ is not None:
        return any(_equal(value, wanted) for wanted in condition.in_)
    if condition.gt is not None:
        return _ordered(value, condition.gt) > 0
    return condition.lt is not None and _ordered(value, condition.lt) < 0


def _equal(value: Any, wanted: Any) -> bool:
    """A multiple choice equals any of its ticked values, an identity document its number, a list of files its length."""
    if isinstance(value, list):
        return any(_equal(item, wanted) for item in value)
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return _ordered(value, wanted) == 0


def _ordered(value: Any, wanted: Any) -> int:
    """-1, 0 or 1 like a comparison; things that cannot be compared as numbers or dates are compared as text."""
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        try:
            number = Decimal(str(wanted))
        except InvalidOperation:
            return 1
        return (value > number) - (value < number)
    left, right = str(value), str(wanted)
    return (left > right) - (left < right)
