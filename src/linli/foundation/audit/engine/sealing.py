"""Sealing and checking in memory: canonical text of an entry, its keyed digest, the chained MAC of a batch. No database.

A batch keeps one *leaf* per entry - transaction number, sequence number, 16 bytes of a keyed digest - so that a check can name the very
entry that is wrong. The batch's MAC covers its leaves and the MAC of the batch before.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from linli.foundation.audit.types import Fault, FaultKind
from linli.lib.crypto import KeyRing

KEY_ID = "index"  # the signature key is derived from the ring's index secret, which does not rotate
GENESIS = b"\0" * 32  # what the first batch is chained to
POSITION = ("xid", "seq")
CONTENT = (
    "id", "at", "action", "outcome", "actor_kind", "actor_id", "actor_label", "subject_type", "subject_id", "region_path",
    "changes", "notes", "reason", "address", "request_id",
)  # fmt: skip
COLUMNS = (*POSITION, *CONTENT)
_LEAF = struct.Struct(">QQ16s")


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where an entry stands and what it said when it was sealed. ``entry_id`` is known for entries read now, not for stored leaves."""

    xid: int
    seq: int
    mac: bytes
    entry_id: str = ""

    @property
    def position(self) -> tuple[int, int]:
        return (self.xid, self.seq)


@dataclass(frozen=True, slots=True)
class BatchText:
    """Everything of a batch that its MAC covers. A batch without entries begins a new count of transactions (after a restore)."""

    number: int
    previous: bytes
    entries: int
    first: tuple[int, int]
    last: tuple[int, int]
    top_seq: int
    leaves: bytes

    def mac(self, ring: KeyRing) -> bytes:
        """32 bytes."""
        leaves = hashlib.sha256(self.leaves).hexdigest()
        parts = (self.number, self.previous.hex(), self.entries, *self.first, *self.last, self.top_seq, leaves)
        return _mac(ring, "|".join(str(part) for part in parts), "audit.batch")


def leaf_of(ring: KeyRing, row: Sequence[Any]) -> Leaf:
    """The leaf of an entry read as `COLUMNS`."""
    xid, seq, *content = row
    text = json.dumps([_canonical(value) for value in content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Leaf(xid, seq, _mac(ring, text, "audit.entry")[:16], str(content[0]))


def pack(leaves: Iterable[Leaf]) -> bytes:
    return b"".join(_LEAF.pack(leaf.xid, leaf.seq, leaf.mac) for leaf in leaves)


def unpack(data: bytes) -> list[Leaf]:
    """ValueError when the length is not that of whole leaves."""
    if len(data) % _LEAF.size:
        raise ValueError("the leaves of a batch are cut")
    return [Leaf(*parts) for parts in _LEAF.iter_unpack(data)]


def first_difference(batch: int, sealed: Sequence[Leaf], found: Sequence[Leaf]) -> Fault | None:
    """The first entry, in order, that is not as it was sealed; both lists are in order of position."""
    known, present = {leaf.mac for leaf in sealed}, {leaf.mac for leaf in found}
    i = j = 0
    while i < len(sealed) or j < len(found):
        if j == len(found) or (i < len(sealed) and sealed[i].position < found[j].position):
            kind = FaultKind.REORDERED if sealed[i].mac in present else FaultKind.REMOVED
            return Fault(kind, batch, sealed[i].seq)
        if i == len(sealed) or found[j].position < sealed[i].position:
            kind = FaultKind.REORDERED if found[j].mac in known else FaultKind.ADDED
            return Fault(kind, batch, found[j].seq, found[j].entry_id)
        if sealed[i].mac != found[j].mac:
            kind = FaultKind.REORDERED if found[j].mac in known else FaultKind.CHANGED
            return Fault(kind, batch, found[j].seq, found[j].entry_id)
        i, j = i + 1, j + 1
    return None


def _mac(ring: KeyRing, text: str, purpose: str) -> bytes:
    return base64.urlsafe_b64decode(ring.sign(text, purpose) + "=")


def _canonical(value: Any) -> Any:
    """JSON values as they are, moments in UTC to the microsecond, everything else as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if value is None or isinstance(value, (str, int, float, list, dict)):
        return value
    return str(value)
