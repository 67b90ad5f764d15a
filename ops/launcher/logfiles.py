"""Logs of supervised children: cut by copying, because the children keep their files open for appending."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

LARGEST = 10 * 1024**2
"""Bytes of a log before it is cut."""
KEPT = 3


def rotate_logs(folder: Path, largest: int = LARGEST, kept: int = KEPT) -> None:
    """`web.log` -> `web.log.1` -> ... -> dropped."""
    for log in folder.glob("*.log"):
        if log.stat().st_size <= largest:
            continue
        for number in range(kept - 1, 0, -1):
            older = log.with_name(f"{log.name}.{number}")
            if older.exists():
                older.rename(log.with_name(f"{log.name}.{number + 1}"))
        shutil.copy2(log, log.with_name(f"{log.name}.1"))
        os.truncate(log, 0)
