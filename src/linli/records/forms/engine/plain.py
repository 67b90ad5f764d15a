"""A stored answer set as lines to read or print, masked by sensitivity."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from linli.lib.errors import LinliError
from linli.records.forms.types import Field, FieldType, FileInfo, Form, PlainLine

from .fitting import fit
from .kinds import Reading, kind_of
from .kinds.files import names_of

OPEN_LEVEL: Final = 2
"""Answers above this level are masked unless revealed: level 3 is personal data (community.md §13.2)."""


def plain(
    form: Form,
    data: Mapping[str, Any],
    *,
    reveal: bool = False,
    level: int = OPEN_LEVEL,
    files: Mapping[str, FileInfo] | None = None,
    private: Collection[str] = (),
) -> list[PlainLine]:
    """Lines of what `BoundForm.clean` returned. Questions that were not shown or left open have no line.

    Without `reveal` answers more sensitive than `level` are masked, and with it those whose path is `private`. With `files` attachments are
    named instead of counted.
    """
    lines: list[PlainLine] = []

    def line(item: Field, raw: Any, path: str, title: str) -> PlainLine:
        """One answer under the title of its section or row."""
        return _line(item, raw, path, title, item.sensitivity > level and (not reveal or path in private), files)

    for section in form.sections:
        if section.repeat is None:
            lines.extend(line(item, data.get(item.key), item.key, section.title) for item in section.fields)
            continue
        rows = data.get(section.key)
        for number, row in enumerate(rows if isinstance(rows, list) else []):
            title = f"{section.repeat.label or section.title} {number + 1}"
            lines.extend(line(item, row.get(item.key), f"{section.key}-{number}-{item.key}", title) for item in section.fields)
    return [one for one in lines if one.value]


def _line(item: Field, raw: Any, path: str, title: str, masked: bool, files: Mapping[str, FileInfo] | None) -> PlainLine:
    text = "" if kind_of(item.type).blank(raw) else shown(item, raw, masked=masked)
    if text and item.type is FieldType.FILE and files is not None and not masked:
        text = names_of(list(raw), dict(files)) or text
    return PlainLine(title, item.label, text, path, masked and bool(text))


def shown(item: Field, raw: Any, *, masked: bool) -> str:
    """One stored JSON value for a person. What the form of today would refuse (a bound has moved) is shown all the same."""
    kind = kind_of(item.type)
    value: Any = raw
    if item.type is not FieldType.FILE:
        free = item.model_copy(update={"min": None, "max": None, "matches": None, "min_length": 0})
        try:
            value = kind.read(free, _revived(item, raw), Reading(date.max))
        except LinliError:
            return "****" if masked else _unreadable(raw)
    return kind.mask(item, value) if masked else kind.show(item, value)


def _revived(item: Field, raw: Any) -> Any:
    """Computed dates and decimals lie as text, a code perhaps finer than the form asks; everything else is read back by its own kind."""
    if item.type is FieldType.COMPUTED and isinstance(raw, str):
        if item.result == "date":
            return date.fromisoformat(raw)
        if item.result in ("number", "money"):
            return Decimal(raw)
    return fit(item, raw)


def _unreadable(raw: Any) -> str:
    return ", ".join(str(value) for value in raw.values()) if isinstance(raw, Mapping) else str(raw)
