"""Reading the trail for sealing and for checking it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone

from linli.foundation.audit import policy
from linli.foundation.audit.engine import heads
from linli.foundation.audit.engine.names import job_labels
from linli.foundation.audit.engine.sealing import COLUMNS, GENESIS, BatchText, Leaf, first_difference, leaf_of, unpack
from linli.foundation.audit.models import AuditBatch, AuditEntry
from linli.foundation.audit.types import Fault, FaultKind, Verification
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import keyring
from linli.foundation.types import Actor, ActorKind, system_actor
from linli.lib.errors import NotFound

CHUNK = 2000
MOST_FAULTS = 100


def heads_file() -> Path:
    return Path(settings.STATE_DIR) / "audit" / "heads.log"


def horizon() -> tuple[int, int]:
    """(oldest transaction that may still write, next transaction number): below the first everything is final and visible."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() s")
        xmin, xmax = cursor.fetchone()
    return xmin, xmax


def last_batch() -> AuditBatch | None:
    return AuditBatch.objects.defer("leaves").order_by("-number").first()


def floor() -> int | None:
    """Highest sequence number of the time before the last restore; None when there was none."""
    top: int | None = AuditBatch.objects.filter(entries=0).aggregate(top=Max("top_seq"))["top"]
    return top


def after(xid: int, seq: int, *, above: int | None) -> Any:
    """Entries behind a position in sealing order, as rows of `COLUMNS`; ``above``: the floor."""
    behind = Q(xid__gt=xid) | Q(xid=xid, seq__gt=seq)
    rows = AuditEntry.objects.filter(behind, xid__gte=xid)  # the plain lower bound lets PostgreSQL start in the index
    if above is not None:
        rows = rows.filter(seq__gt=above)
    return rows.order_by("xid", "seq").values_list(*COLUMNS)


def text_of(batch: AuditBatch) -> BatchText:
    return BatchText(
        batch.number,
        bytes(batch.previous),
        batch.entries,
        (batch.first_xid, batch.first_seq),
        (batch.last_xid, batch.last_seq),
        batch.top_seq,
        bytes(batch.leaves),
    )


def verify() -> Verification:
    """Compare every entry with its seal, every seal with the one before, and the seals with the heads outside.

    Sealing may go on meanwhile: heads are read first, batches in one snapshot, entries last, so that newer ones only count as unsealed.
    """
    result = Verification()
    ring = keyring()
    written = heads.read(heads_file(), ring)
    result.notes += written.notes
    with scoped(system_actor("audit.verify")):
        checker = _Checker(result, written)
        for batch in AuditBatch.objects.order_by("number").iterator(chunk_size=20):
            checker.take(batch)
        checker.finish()
    return result


class _Checker:
    """Walks batches and entries side by side."""

    def __init__(self, result: Verification, written: heads.Heads) -> None:
        self.result, self.written, self.ring = result, written, keyring()
        self.number, self.mac, self.last = 0, GENESIS, (0, 0)
        self.marks = list(AuditBatch.objects.filter(entries=0).order_by("number").values_list("top_seq", flat=True))
        self.above: int | None = None
        self.entries = self._entries()
        self.ahead = next(self.entries, None)

    def _entries(self) -> Iterator[Leaf]:
        """Entries between two restores, in order."""
        rows = after(0, 0, above=self.above)
        if self.marks:
            rows = rows.filter(seq__lte=self.marks[0])
        return (leaf_of(self.ring, row) for row in rows.iterator(chunk_size=CHUNK))

    def fault(self, kind: FaultKind, batch: int) -> None:
        self.result.faults.append(Fault(kind, batch))

    def take(self, batch: AuditBatch) -> None:
        if batch.number != self.number + 1:
            self.fault(FaultKind.BATCH_REMOVED, self.number + 1)
        text = text_of(batch)
        follows = batch.number != self.number + 1 or text.previous == self.mac
        if bytes(batch.mac) != text.mac(self.ring) or not follows:
            self.fault(FaultKind.BATCH_CHANGED, batch.number)
        head = self.written.macs.get(batch.number)
        if head is not None and head != bytes(batch.mac).hex():
            self.fault(FaultKind.HEAD_DIFFERS, batch.number)
        self._contents(batch, text)
        self.number, self.mac, self.last = batch.number, bytes(batch.mac), text.last
        self.result.batches += 1
        if batch.entries == 0:
            self._next_epoch(batch)

    def _contents(self, batch: AuditBatch, text: BatchText) -> None:
        found = []
        while self.ahead is not None and self.ahead.position <= text.last:
            found.append(self.ahead)
            self.ahead = next(self.entries, None)
        self.result.entries += len(found)
        try:
            sealed = unpack(text.leaves)
        except ValueError:
            return  # told above: the MAC does not fit
        wrong = first_difference(batch.number, sealed, found)
        if wrong and len(self.result.faults) < MOST_FAULTS:
            self.result.faults.append(wrong)

    def _next_epoch(self, batch: AuditBatch) -> None:
        """A batch without entries: the database was restored on a server that counts transactions from the beginning."""
        if self.ahead is not None:  # stands behind everything sealed before the restore
            self.result.faults.append(Fault(FaultKind.ADDED, batch.number, self.ahead.seq, self.ahead.entry_id))
        self.above = batch.top_seq
        self.marks.pop(0)
        self.entries = self._entries()
        self.ahead = next(self.entries, None)

    def finish(self) -> None:
        while self.ahead is not None:
            self.result.unsealed += 1
            self.ahead = next(self.entries, None)
        if self.written.damaged is not None:
            self.result.notes.append(f"line {self.written.damaged} of {heads_file().name} is not one of ours")
            self.fault(FaultKind.HEADS_DAMAGED, self.number)
        gone = [number for number in self.written.macs if number > self.number]
        if gone:
            self.fault(FaultKind.CUT_OFF, min(gone))
        if self.number and not self.written.macs:
            self.result.notes.append("there is no file of heads: batches cut off at the end would not be noticed")


@dataclass(frozen=True)
class TrailFilter:
    """What the trail may be narrowed by; ``action`` and ``actor`` are beginnings, of a job also of the words it goes by."""

    action: str = ""
    actor: str = ""
    subject: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None


def trail(actor: Actor, wanted: TrailFilter, *, before: int = 0, limit: int = 50) -> list[AuditEntry]:
    """Entries newest first, after a cursor (``before``: a sequence number)."""
    rows = AuditEntry.objects.filter(policy.entries.visible(actor))
    for name, value in (
        ("action__startswith", wanted.action),
        ("subject_id", wanted.subject),
        ("outcome", wanted.outcome),
    ):
        if value:
            rows = rows.filter(**{name: value})
    if wanted.actor:
        rows = rows.filter(
            Q(actor_label__startswith=wanted.actor) | Q(actor_kind=ActorKind.SYSTEM, actor_label__in=job_labels(wanted.actor))
        )
    if wanted.since:
        rows = rows.filter(at__gte=timezone.make_aware(datetime.combine(wanted.since, time.min)))
    if wanted.until:
        rows = rows.filter(at__lt=timezone.make_aware(datetime.combine(wanted.until + timedelta(days=1), time.min)))
    if before:
        rows = rows.filter(seq__lt=before)
    return list(rows.order_by("-seq")[:limit])


def get_entry(actor: Actor, pk: UUID) -> AuditEntry:
    """One entry in the actor's sight; `NotFound` otherwise."""
    entry = AuditEntry.objects.filter(policy.entries.visible(actor), pk=pk).first()
    if entry is None:
        raise NotFound("ENTRY_UNKNOWN", "There is no such entry.")
    return entry


def batches(actor: Actor, *, limit: int = 20) -> list[AuditBatch]:
    """The newest sealed batches."""
    return list(AuditBatch.objects.filter(policy.batches.visible(actor)).defer("leaves").order_by("-number")[:limit])


def unsealed(actor: Actor) -> int:
    """Entries written since the newest seal (counted up to a thousand)."""
    last = last_batch()
    rows = AuditEntry.objects.filter(policy.entries.visible(actor))
    if last is not None:
        rows = rows.filter(Q(xid__gt=last.last_xid) | Q(xid=last.last_xid, seq__gt=last.last_seq), xid__gte=last.last_xid)
    return rows.values("pk")[:1001].count()
