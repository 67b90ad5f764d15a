"""The built front end: which files an entry needs, read from Vite's manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from django.conf import settings

from linli.lib.remembered import remembered


class AssetsNotBuiltError(RuntimeError):
    """The front end has not been built, or has no such entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Files of one entry, as paths below the build folder. Styles of shared chunks come before the entry's own."""

    styles: tuple[str, ...]
    scripts: tuple[str, ...]


Manifest: TypeAlias = "dict[str, dict[str, object]]"


@lru_cache(maxsize=4)
def _read(path: Path, modified_ns: int) -> Manifest:
    manifest: Manifest = json.loads(path.read_text(encoding="utf-8"))
    return manifest


@remembered(seconds=1)
def manifest() -> Manifest:
    """The manifest; raises `AssetsNotBuiltError` when there is none. A rebuilt front end is noticed by the file's time."""
    path = Path(settings.FRONTEND_MANIFEST)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise AssetsNotBuiltError(f"{path} is missing: run `npm ci && npm run build` in frontend/") from error


def _names(chunk: dict[str, object], key: str) -> list[str]:
    value = chunk.get(key, [])
    return [str(name) for name in value] if isinstance(value, list) else []


def entry(name: str) -> Entry:
    """Files of the entry `name`; raises `AssetsNotBuiltError` for a name that Vite does not build."""
    chunks = manifest()
    start = f"src/{name}.ts"
    if start not in chunks:
        raise AssetsNotBuiltError(f"vite.config.ts has no entry {name!r}")
    seen: list[str] = []

    def walk(key: str) -> None:
        if key in seen:
            return
        for imported in _names(chunks[key], "imports"):
            walk(imported)
        seen.append(key)

    walk(start)
    styles = dict.fromkeys(style for key in seen for style in _names(chunks[key], "css"))
    return Entry(styles=tuple(styles), scripts=(str(chunks[start]["file"]),))


def sprite_file() -> str:
    """Path of the icon sprite below the build folder."""
    return str(manifest()["sprite.svg"]["file"])
