"""Packs: the city as data. An app registers how its part of a pack is loaded and exported; the `packs` command walks the registry."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from linli.foundation.types import Actor
from linli.lib.errors import Invalid
from linli.lib.registry import Registry


@dataclass
class LoadReport:
    """What loading one part of a pack did. Loading twice adds and changes nothing."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)

    def compare(self, row: object | None, values: Mapping[str, Any]) -> list[str] | None:
        """Count one row: None when it is new, else the names of the attributes that differ (an empty list: nothing to write)."""
        if row is None:
            self.added += 1
            return None
        names = [name for name, value in values.items() if getattr(row, name) != value]
        if names:
            self.changed += 1
        else:
            self.unchanged += 1
        return names

    @property
    def wrote(self) -> bool:
        return bool(self.added or self.changed)

    def as_json(self) -> dict[str, Any]:
        return {"added": self.added, "changed": self.changed, "unchanged": self.unchanged, "notes": self.notes}


Load = Callable[[Path, Actor], LoadReport]
Export = Callable[[Path, Actor], None]


@dataclass(frozen=True)
class PackLoader:
    """``order`` is the place in the walk: regions 10, units 20, roles 30, calendar 40, sources 50, messages 60, matters 70."""

    load: Load
    order: int
    export: Export | None = None


PACK_LOADERS: Registry[PackLoader] = Registry("pack loader")


def pack_loader(name: str, load: Load, *, order: int, export: Export | None = None) -> None:
    """Register how a part of every pack is read (from an app's declarations). ``load`` itself skips a pack that lacks the part."""
    PACK_LOADERS.register(name, PackLoader(load, order, export))


def loaders_in_order() -> list[tuple[str, PackLoader]]:
    """By ``order``; equal ones in order of registration."""
    return sorted(PACK_LOADERS.items(), key=lambda item: item[1].order)


def pack_error(path: Path, line: int, problem: str) -> Invalid:
    """An error that names file and line; ``line`` 0 when the problem is the whole file's."""
    where = f"{path.parent.name}/{path.name}" + (f" line {line}" if line else "")
    return Invalid(
        "PACK_INVALID",
        "%(where)s: %(problem)s",
        hint="Correct the file and load the pack again.",
        data={"where": where, "problem": problem},
    )


def read_csv(path: Path, required: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Rows with their line numbers; `Invalid` PACK_INVALID when a column is missing or a row has too many or too few."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in required if name not in (reader.fieldnames or ())]
        if missing:
            raise pack_error(path, 1, f"missing columns {', '.join(missing)}")
        rows = []
        for row in reader:
            if None in row or None in row.values():
                raise pack_error(path, reader.line_num, "another number of columns than the heading")
            rows.append((reader.line_num, {key: value.strip() for key, value in row.items()}))
    return rows


def read_yaml(path: Path) -> dict[str, Any]:
    """A mapping; `Invalid` PACK_INVALID with the line of the syntax error."""
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise pack_error(path, mark.line + 1 if mark else 0, str(getattr(error, "problem", error))) from error
    if not isinstance(value, dict):
        raise pack_error(path, 1, "expected a mapping")
    return value
