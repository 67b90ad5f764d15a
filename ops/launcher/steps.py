"""Set-up steps that are skipped when nothing they read has changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launcher.console import Console

IGNORED = {".venv", "node_modules", "dist", "__pycache__", ".git", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


@dataclass
class Step:
    """One resumable step.

    `fingerprint` sums up its inputs; `stamp` is the file that remembers the fingerprint of the last success (None: run every
    time); `outputs` must exist for a skip. The stamp is removed before the step runs, so a killed step runs again.
    """

    title: str
    run: Callable[[], None]
    fingerprint: Callable[[], str] = field(default=lambda: "")
    stamp: Path | None = None
    outputs: Sequence[Path] = ()

    def is_done(self) -> bool:
        return (
            self.stamp is not None
            and self.stamp.is_file()
            and self.stamp.read_text(encoding="utf-8") == self.fingerprint()
            and all(path.exists() for path in self.outputs)
        )

    def perform(self) -> None:
        if self.stamp is not None:
            self.stamp.unlink(missing_ok=True)
        self.run()
        if self.stamp is not None:
            self.stamp.parent.mkdir(parents=True, exist_ok=True)
            half = self.stamp.with_name(self.stamp.name + ".new")
            half.write_text(self.fingerprint(), encoding="utf-8")
            half.rename(self.stamp)


def run_steps(steps: Iterable[Step], console: Console) -> None:
    """Run the steps in order, skipping finished ones."""
    planned = list(steps)
    console.total, console.number = len(planned), 0
    for step in planned:
        if step.is_done():
            console.skipped(step.title)
            continue
        with console.step(step.title):
            step.perform()


def hash_files(paths: Iterable[Path], extra: Sequence[str] = ()) -> str:
    """Digest of names and contents. A missing file counts as such, so its arrival changes the digest."""
    total = hashlib.sha256(json.dumps(list(extra)).encode())
    for path in sorted(paths):
        total.update(os.fsencode(path) + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"-")
    return total.hexdigest()


def files_below(folder: Path, *suffixes: str) -> list[Path]:
    """Files below a folder with one of the suffixes (all when none is given), without caches and built folders."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in IGNORED]
        found += [Path(place) / name for name in names if not suffixes or name.endswith(suffixes)]
    return found
