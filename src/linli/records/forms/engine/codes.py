"""Code tables that fields offer: the standard ones of `linli.lib`, and those that upper floors register (a city's own lists)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from linli.lib import codes as national
from linli.lib.registry import Registry


@dataclass(frozen=True)
class Code:
    """One entry of a code table; `parent` is the code above it in a tree, "" in a flat table."""

    value: str
    label: str
    parent: str = ""


CODE_TABLES: Final[Registry[Callable[[], Sequence[Code]]]] = Registry("code tables of forms")
"""Tables of upper floors by name; called on every use, so that a table kept in the database stays current."""


def code_table(name: str) -> Sequence[Code]:
    """The entries of a table in order; KeyError when nobody knows it."""
    if name in CODE_TABLES:
        return CODE_TABLES.get(name)()
    return tuple(Code(entry.code, entry.label, entry.parent or "") for entry in national.table(name))


def known_table(name: str) -> bool:
    """Whether the table exists."""
    return name in CODE_TABLES or name in national.table_names()
