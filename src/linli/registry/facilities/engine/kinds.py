"""The tree of kinds and the layout of codes, as the packs have them (codes/facility_kinds.yaml; the last pack wins)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from linli.lib.componentcode import Layout
from linli.lib.errors import Invalid
from linli.registry.facilities.types import Kind

FILE = "codes/facility_kinds.yaml"


@lru_cache(maxsize=1)
def _read(folders: tuple[Path, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for folder in folders:
        if (folder / FILE).exists():
            found = yaml.safe_load((folder / FILE).read_text(encoding="utf-8"))
    return found


def _tables() -> dict[str, Any]:
    return _read(tuple(Path(settings.PACKS_DIR) / name for name in settings.PACKS))


def layout() -> Layout:
    """How the city divides its codes."""
    parts = _tables().get("code", {})
    return Layout(int(parts.get("county", 6)), int(parts.get("class", 2)), int(parts.get("kind", 2)), int(parts.get("serial", 6)))


def classes() -> dict[str, str]:
    """Code -> words of the classes."""
    return {str(one["code"]): str(one["label"]) for one in _tables().get("classes", [])}


def kinds() -> dict[str, Kind]:
    """All kinds by code, in the order of the tree."""
    found = {}
    for group in _tables().get("classes", []):
        for one in group["kinds"]:
            code = f"{group['code']}{one['code']}"
            found[code] = Kind(code, str(one["label"]), str(group["label"]), bool(group["component"]), bool(one.get("closed")))
    return found


def words_of(code: str) -> str:
    """A kind in words; one the tree does not have as it is."""
    kind = kinds().get(code)
    return kind.label if kind else code


def read_kind(code: str) -> Kind:
    """A kind that facilities may be given; `Invalid` KIND_UNKNOWN."""
    kind = kinds().get(code)
    if kind is None or kind.closed:
        raise Invalid("KIND_UNKNOWN", "There is no such kind of facility.", field="kind", hint="Choose an entry from the list.")
    return kind


def target() -> int:
    """The share of confirmed ownership that is aimed at, in percent."""
    return int(_tables().get("confirmed_target", 98))


def grouped() -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices of a form: class -> kinds that may be given."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind in kinds().values():
        if not kind.closed:
            found.setdefault(kind.group, []).append((kind.code, kind.label))
    return list(found.items())
