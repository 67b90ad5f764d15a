"""National code tables shipped as `data/codes/<name>.csv`: sex, marital, ethnicity, education, kinship, politics, id_type, disability ...

(GB/T 2261.1, 2261.2, 3304, 4658, 4761, 4762; services.md 1.2, 1.4, 1.5.) Labels are Chinese because the standards are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from linli.lib.errors import Invalid
from linli.lib.tables import csv_names, csv_rows

_COLUMNS = ("code", "label", "parent")


@dataclass(frozen=True, slots=True)
class Code:
    """One entry. `parent` is the code of its group or None; `extra` holds further columns, such as `alpha` of ethnicity."""

    code: str
    label: str
    parent: str | None = None
    extra: dict[str, str] = field(default_factory=dict, hash=False)


class CodeTable:
    """The entries of one table, in the standard's order."""

    def __init__(self, name: str, entries: tuple[Code, ...]) -> None:
        self.name = name
        self._by_code = {entry.code: entry for entry in entries}

    def get(self, code: str) -> Code:
        """The entry; KeyError naming table and code."""
        try:
            return self._by_code[code]
        except KeyError:
            raise KeyError(f"code table {self.name!r} has no {code!r}") from None

    def label(self, code: str) -> str:
        return self.get(code).label

    def check(self, code: str, *, field: str | None = None) -> str:
        """The code itself; `Invalid` CODE_UNKNOWN when the table has no such entry."""
        if code not in self._by_code:
            raise Invalid(
                "CODE_UNKNOWN",
                "%(code)s is not in the code table %(table)s.",
                field=field or self.name,
                hint="Choose an entry from the list.",
                data={"code": code, "table": self.name},
            )
        return code

    def code_of(self, label: str) -> str | None:
        """The first code with a label, for imports; None when there is none."""
        return next((entry.code for entry in self._by_code.values() if entry.label == label), None)

    def children(self, code: str) -> tuple[Code, ...]:
        return tuple(entry for entry in self._by_code.values() if entry.parent == code)

    def within(self, code: str, group: str) -> bool:
        """Whether a code is the group itself or below it."""
        current: str | None = code
        while current is not None and current != group:
            current = self.get(current).parent
        return current == group

    def choices(self) -> list[tuple[str, str]]:
        """(code, label) pairs for form fields."""
        return [(entry.code, entry.label) for entry in self._by_code.values()]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Code]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)


@cache
def table(name: str) -> CodeTable:
    """A table by name; KeyError listing the known ones."""
    if name not in table_names():
        raise KeyError(f"no code table {name!r}; there are {', '.join(table_names())}")
    return CodeTable(name, tuple(_entry(row) for row in csv_rows(f"codes/{name}")))


def table_names() -> tuple[str, ...]:
    return csv_names("codes")


def _entry(row: dict[str, str]) -> Code:
    extra = {column: value for column, value in row.items() if column not in _COLUMNS}
    return Code(row["code"], row["label"], row["parent"] or None, extra)
