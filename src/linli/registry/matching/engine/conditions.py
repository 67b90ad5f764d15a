"""Conditions on two records that are said once and hold in two places: as SQL over columns ending in _l and _r, and in Python.

Every condition is symmetric. In Python an empty column (None) makes a condition false, as NULL does in a CASE of SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from linli.registry.matching.engine.features import Features

Holds = Callable[[Features, Features], bool]


@dataclass(frozen=True)
class Condition:
    sql: str
    holds: Holds


def same(column: str) -> Condition:
    get = attrgetter(column)

    def holds(a: Features, b: Features) -> bool:
        value = get(a)
        return value is not None and value == get(b)

    return Condition(f"{column}_l = {column}_r", holds)


def crosswise(one: str, other: str) -> Condition:
    """One record's column equals another column of the other record."""
    first, second = attrgetter(one), attrgetter(other)

    def holds(a: Features, b: Features) -> bool:
        left, right = first(a), first(b)
        return (left is not None and left == second(b)) or (right is not None and right == second(a))

    return Condition(f"(coalesce({one}_l = {other}_r, false) or coalesce({one}_r = {other}_l, false))", holds)


def shared(column: str) -> Condition:
    """The two lists have an element in common."""
    get = attrgetter(column)

    def holds(a: Features, b: Features) -> bool:
        return _meet(get(a), get(b))

    return Condition(f"list_has_any({column}_l, {column}_r)", holds)


def shared_crosswise(one: str, other: str) -> Condition:
    """One record's list has an element in common with another list of the other record."""
    first, second = attrgetter(one), attrgetter(other)

    def holds(a: Features, b: Features) -> bool:
        return _meet(first(a), second(b)) or _meet(first(b), second(a))

    return Condition(f"(list_has_any({one}_l, {other}_r) or list_has_any({one}_r, {other}_l))", holds)


def listed(column: str, in_list: str) -> Condition:
    """One record's column is among the elements of the other record's list."""
    value, several = attrgetter(column), attrgetter(in_list)

    def holds(a: Features, b: Features) -> bool:
        return value(a) in several(b) or value(b) in several(a)

    return Condition(
        f"(coalesce(list_contains({in_list}_r, {column}_l), false) or coalesce(list_contains({in_list}_l, {column}_r), false))", holds
    )


def both(flag: str) -> Condition:
    get = attrgetter(flag)
    return Condition(f"({flag}_l and {flag}_r)", lambda a, b: bool(get(a) and get(b)))


def not_apart(column: str) -> Condition:
    """Equal, or not said by one of them."""
    get = attrgetter(column)

    def holds(a: Features, b: Features) -> bool:
        left, right = get(a), get(b)
        return left is None or right is None or left == right

    return Condition(f"coalesce({column}_l = {column}_r, true)", holds)


def edits(column: str, most: int) -> Condition:
    """At most so many insertions, deletions, changes and swaps of neighbours."""
    get = attrgetter(column)

    def holds(a: Features, b: Features) -> bool:
        left, right = get(a), get(b)
        return left is not None and right is not None and within(left, right, most)

    return Condition(f"damerau_levenshtein({column}_l, {column}_r) <= {most}", holds)


def overlap(column: str, numerator: int, denominator: int) -> Condition:
    """The lists (without repetitions) share at least this part of their elements (Dice coefficient)."""
    get = attrgetter(column)

    def holds(a: Features, b: Features) -> bool:
        left, right = get(a), get(b)
        together = len(left) + len(right)
        return together > 0 and 2 * denominator * len(set(left) & set(right)) >= numerator * together

    together = f"(len({column}_l) + len({column}_r))"
    common = f"len(list_intersect({column}_l, {column}_r))"
    return Condition(f"({together} > 0 and {2 * denominator} * {common} >= {numerator} * {together})", holds)


def all_of(*conditions: Condition) -> Condition:
    parts = [condition.holds for condition in conditions]
    return Condition("(" + " and ".join(one.sql for one in conditions) + ")", lambda a, b: all(holds(a, b) for holds in parts))


def any_of(*conditions: Condition) -> Condition:
    """Each part is made false where it says nothing, so that a NULL does not swallow the others."""
    parts = [condition.holds for condition in conditions]
    return Condition(
        "(" + " or ".join(f"coalesce({one.sql}, false)" for one in conditions) + ")", lambda a, b: any(holds(a, b) for holds in parts)
    )


def _meet(left: Sequence[str], right: Sequence[str]) -> bool:
    return any(item in right for item in left)


def within(left: str, right: str, most: int) -> bool:
    """Whether the Damerau-Levenshtein distance over UTF-8 bytes (as DuckDB counts it) is at most ``most``."""
    if left == right:
        return True
    one, other = left.encode(), right.encode()
    return abs(len(one) - len(other)) <= most and _distance(one, other) <= most


def _distance(one: bytes, other: bytes) -> int:
    """Unrestricted: a swapped pair may be edited again (the algorithm of Lowrance and Wagner)."""
    last_row: dict[int, int] = {}
    far = len(one) + len(other)
    table = [[far] * (len(other) + 2) for _ in range(len(one) + 2)]
    for i in range(len(one) + 1):
        table[i + 1][1] = i
    for j in range(len(other) + 1):
        table[1][j + 1] = j
    for i, a in enumerate(one, 1):
        last_column = 0
        for j, b in enumerate(other, 1):
            swap_row, swap_column = last_row.get(b, 0), last_column
            same_byte = a == b
            if same_byte:
                last_column = j
            table[i + 1][j + 1] = min(
                table[i][j] + (not same_byte),
                table[i + 1][j] + 1,
                table[i][j + 1] + 1,
                table[swap_row][swap_column] + (i - swap_row - 1) + 1 + (j - swap_column - 1),
            )
        last_row[a] = i
    return table[-1][-1]
