"""What changed between two definitions of a form: shown to the editor before publishing, and to a clerk when an old case is opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linli.records.forms.types import Change, Field, Form, Section


def diff(old: Form, new: Form) -> list[Change]:
    """Changes in the order of the new form, removals last. Paths are `section`, `section.field` or `rules`; values are JSON-safe."""
    changes: list[Change] = []
    before = {section.key: section for section in old.sections}
    after = {section.key: section for section in new.sections}
    for key, section in after.items():
        if key in before:
            changes.extend(_section(before[key], section))
        else:
            changes.append(Change(key, "added", new=section.title))
    changes.extend(_moved("", list(before), list(after)))
    changes.extend(Change(key, "removed", old=section.title) for key, section in before.items() if key not in after)
    if old.rules != new.rules:
        changes.append(Change("rules", "changed", [rule.expr for rule in old.rules], [rule.expr for rule in new.rules]))
    return changes


def _section(old: Section, new: Section) -> list[Change]:
    changes = _attributes(new.key, old, new, leave={"key", "fields"})
    before = {item.key: item for item in old.fields}
    after = {item.key: item for item in new.fields}
    for key, item in after.items():
        path = f"{new.key}.{key}"
        changes.extend(_attributes(path, before[key], item, leave={"key"}) if key in before else [Change(path, "added", new=item.label)])
    changes.extend(_moved(f"{new.key}.", list(before), list(after)))
    changes.extend(Change(f"{new.key}.{key}", "removed", old=item.label) for key, item in before.items() if key not in after)
    return changes


def _attributes(path: str, old: Section | Field, new: Section | Field, *, leave: set[str]) -> list[Change]:
    left: dict[str, Any] = old.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=leave)
    right: dict[str, Any] = new.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=leave)
    names = sorted(left.keys() | right.keys())
    return [Change(f"{path}:{name}", "changed", left.get(name), right.get(name)) for name in names if left.get(name) != right.get(name)]


def _moved(prefix: str, before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """Items that stand in another order among those both have."""
    common_before = [key for key in before if key in after]
    common_after = [key for key in after if key in before]
    return [
        Change(f"{prefix}{key}", "moved", common_before.index(key) + 1, position)
        for position, key in enumerate(common_after, start=1)
        if common_before.index(key) + 1 != position
    ]
