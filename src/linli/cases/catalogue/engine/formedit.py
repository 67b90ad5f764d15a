"""Changes to a form definition as the desk makes them: sections and fields are added, moved, replaced and removed by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from linli.lib.errors import NotFound

Definition = dict[str, Any]


def _index(items: Sequence[Definition], key: str) -> int:
    for number, item in enumerate(items):
        if item.get("key") == key:
            return number
    raise NotFound("FORM_PART", "The form has no such part any more.", hint="Go back to the form's overview.")


def _list(form: Definition, section: str, field: str | None) -> list[Definition]:
    """The list that holds the part: the sections, or the fields of one."""
    sections: list[Definition] = form.setdefault("sections", [])
    if field is None:
        return sections
    fields: list[Definition] = sections[_index(sections, section)].setdefault("fields", [])
    return fields


def _changed(form: Definition, section: str, field: str | None, change: Callable[[list[Definition], int], None]) -> Definition:
    copy = deepcopy(form)
    items = _list(copy, section, field)
    change(items, _index(items, field or section))
    return copy


def part(form: Definition, section: str, field: str | None = None) -> Definition:
    """A section or field of the definition; NotFound otherwise."""
    items = _list(form, section, field)
    return items[_index(items, field or section)]


def move(form: Definition, section: str, field: str | None, step: int) -> Definition:
    """One place up (-1) or down (+1); at the end nothing changes."""

    def change(items: list[Definition], at: int) -> None:
        to = at + step
        if 0 <= to < len(items):
            items[at], items[to] = items[to], items[at]

    return _changed(form, section, field, change)


def remove(form: Definition, section: str, field: str | None) -> Definition:
    """Without the section or field."""
    return _changed(form, section, field, lambda items, at: items.__delitem__(at))


def replace(form: Definition, section: str, field: str | None, value: Definition) -> Definition:
    """With the section's own attributes (its fields stay) or the whole field replaced."""

    def change(items: list[Definition], at: int) -> None:
        kept = {"fields": items[at].get("fields", [])} if field is None else {}
        items[at] = {**value, **kept}

    return _changed(form, section, field, change)


def add(form: Definition, section: str | None, value: Definition) -> Definition:
    """A section at the end of the form, or a field at the end of a section."""
    copy = deepcopy(form)
    _list(copy, section or "", None if section is None else "").append(value)
    return copy
