"""The file of heads: the MAC of every batch, one JSON line each, outside the database.

Whoever owns the database can cut off the newest batches without breaking the chain; against this file the cut shows. Lines are signed,
only ever appended, and forced to the disk. It belongs on another machine as well (docs/operations.md: ship `audit/heads.log`).
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linli.lib.crypto import KeyRing

HEAD = "head"  # batch `number` was sealed with this MAC
STARTED = "started"  # the file begins after batch `number`: it was lost, or came later than the first batches
RESTORED = "restored"  # the operator restored a backup whose last batch is `number`; later heads above this line are void
_PURPOSE = "audit.head"


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    number: int
    mac: str = ""
    note: str = ""


class Heads:
    """What the file says: the MAC each batch must have, and what an operator should know."""

    def __init__(self) -> None:
        self.macs: dict[int, str] = {}
        self.last = 0
        self.notes: list[str] = []
        self.damaged: int | None = None  # number of the first line that is not ours

    def take(self, line: Line) -> None:
        if line.kind == RESTORED:
            self.macs = {number: mac for number, mac in self.macs.items() if number <= line.number}
            self.notes.append(f"a backup was restored that ended with batch {line.number}: {line.note}")
        elif line.kind == STARTED:
            self.notes.append(f"this file of heads begins after batch {line.number}")
        else:
            self.macs[line.number] = line.mac
        self.last = line.number


def read(path: Path, ring: KeyRing) -> Heads:
    """All lines of the file; an empty result when there is none. A half line at the end (power cut) is left out: it is written again."""
    heads = Heads()
    if not path.exists():
        return heads
    text = path.read_text(encoding="utf-8", errors="replace")
    for count, raw in enumerate(text.split("\n")[:-1], start=1):
        line = _parse(raw, ring)
        if line is None:
            heads.damaged = count
            return heads
        heads.take(line)
    return heads


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """The file open for appending, one process at a time; a half line left by a power cut is cut away. Yields its descriptor."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        data = os.pread(descriptor, 4096, max(0, os.fstat(descriptor).st_size - 4096))
        if data and not data.endswith(b"\n"):
            os.ftruncate(descriptor, os.fstat(descriptor).st_size - (len(data) - data.rfind(b"\n") - 1))
        yield descriptor
    finally:
        os.close(descriptor)


def append(descriptor: int, lines: Iterable[Line], ring: KeyRing) -> None:
    """Write lines and wait until the disk has them."""
    data = "".join(_text(line, ring) for line in lines).encode()
    while data:
        data = data[os.write(descriptor, data) :]
    os.fsync(descriptor)


def _text(line: Line, ring: KeyRing) -> str:
    body: dict[str, Any] = {"kind": line.kind, "number": line.number, "mac": line.mac, "note": line.note}
    return json.dumps(body | {"sig": ring.sign(_signed(line), _PURPOSE)}) + "\n"


def _parse(raw: str, ring: KeyRing) -> Line | None:
    try:
        body = json.loads(raw)
        line = Line(str(body["kind"]), int(body["number"]), str(body["mac"]), str(body["note"]))
        return line if ring.verify(_signed(line), str(body["sig"]), _PURPOSE) else None
    except (ValueError, KeyError, TypeError):
        return None


def _signed(line: Line) -> str:
    return json.dumps([line.kind, line.number, line.mac, line.note])
