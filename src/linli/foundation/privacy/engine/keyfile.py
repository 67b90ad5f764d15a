"""Writing the key file: one rename, the former file kept beside it, as readable as it was."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from linli.lib.crypto import KeyRing

MOST_OPEN = 0o640
"""The service's group may read it, nobody else; a file that was closed further stays so."""


def next_name(ring: KeyRing) -> str:
    """k2 after k1; a number that was never taken in this ring."""
    numbers = [int(name[1:]) for name in ring.key_ids if name[:1] == "k" and name[1:].isdigit()]
    return f"k{max(numbers, default=0) + 1}"


def write_ring(path: Path, ring: KeyRing, now: datetime) -> Path:
    """Put the ring in the place of the old one; returns the name the old file has now, which backups from before still need. OSError: nothing was changed."""
    before, kept = path.stat(), path.with_name(f"{path.name}.{now:%Y%m%dT%H%M%S%f}")
    half = path.with_name(f"{path.name}.new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(ring.to_json() + "\n")
        file.flush()
        os.fsync(file.fileno())
    if (before.st_uid, before.st_gid) != (half.stat().st_uid, half.stat().st_gid):
        os.chown(half, before.st_uid, before.st_gid)
    half.chmod(before.st_mode & MOST_OPEN)
    os.link(path, kept)
    half.replace(path)
    return kept
