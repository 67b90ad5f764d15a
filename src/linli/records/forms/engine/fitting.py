"""Registers keep the finest code of a standard (21, first marriage; GB/T 2261.2); a form that asks coarser offers its group (20, married)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from linli.lib import codes as national
from linli.records.forms.types import Field, FieldType


def fit(field: Field, value: Any) -> Any:
    """The value as the field offers it: itself, or the nearest group above it in the national table the options are taken from.

    A value that fits nowhere comes back as it is, and the field asks.
    """
    if field.type is not FieldType.CHOICE or not field.options or not isinstance(value, str):
        return value
    return _group(value, tuple(option.value for option in field.options))


@lru_cache(maxsize=4096)
def _group(value: str, offered: tuple[str, ...]) -> str:
    if value in offered:
        return value
    for name in national.table_names():
        table = national.table(name)
        if value in table and all(code in table for code in offered):
            above = next((code for code in _above(table, value) if code in offered), "")
            if above:
                return above
    return value


def _above(table: national.CodeTable, code: str) -> Iterator[str]:
    """The groups a code lies in, nearest first."""
    parent = table.get(code).parent
    while parent is not None:
        yield parent
        parent = table.get(parent).parent
