"""Writing and sealing the trail. Writing is called by `@action` and by the named foreign writers' hooks, hardly ever by hand."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Max

from linli.foundation.audit import queries
from linli.foundation.audit.engine import heads
from linli.foundation.audit.engine.sealing import GENESIS, KEY_ID, BatchText, Leaf, leaf_of, pack
from linli.foundation.audit.models import AuditBatch, AuditEntry
from linli.foundation.audit.types import Change, Outcome, Recording
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import keyring
from linli.foundation.types import Actor, system_actor

LARGEST = 5000  # entries a batch
MOST_LATE = 3  # batches a new file of heads may take over without saying so


def write(actor: Actor, record: Recording, outcome: Outcome, reason: str = "") -> None:
    """Append one entry to the trail in the current transaction."""
    first = record.changes[0] if record.changes else None
    AuditEntry(
        action=record.name,
        outcome=outcome,
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        actor_label=actor.label[:80],
        subject_type=first.subject_type if first else record.notes.get("subject_type", ""),
        subject_id=first.subject_id if first else str(record.notes.get("subject_id", "")),
        region_path=first.region_path if first else "",
        changes=[{"type": c.subject_type, "id": c.subject_id, "fields": c.fields} for c in record.changes],
        notes=record.notes,
        reason=reason[:300],
        address=actor.address,
        request_id=actor.request_id,
    ).save(force_insert=True)


def write_alone(actor: Actor, record: Recording, outcome: Outcome, reason: str) -> None:
    """Append an entry in a transaction of its own: for refused and failed attempts, after the rollback."""
    record.changes = []  # what was rolled back did not happen
    with scoped(actor):
        write(actor, record, outcome, reason)


def note(
    actor: Actor, name: str, *, outcome: Outcome = Outcome.DONE, reason: str = "", subject: Change | None = None, **notes: Any
) -> None:
    """One line about something that is not an action of ours (a sign-in, a page that showed a full ID number)."""
    record = Recording(name, notes=notes)
    if subject:
        record.changes.append(subject)
    with scoped(actor):
        write(actor, record, outcome, reason)


def seal(limit: int = LARGEST) -> int:
    """Seal what is final: batches of at most ``limit`` entries until nothing is left; returns how many entries were sealed.

    Entries are final below the oldest running transaction; a transaction that stays open holds sealing back and loses nothing. One sealer
    at a time; another one goes away with 0. The heads are written outside after the commit.
    """
    sealed = 0
    while True:
        with scoped(system_actor("audit.seal")):
            count, more = _seal_once(limit) if _mine() else (0, False)
        sealed += count
        if not more:
            break
    publish_heads()
    return sealed


def publish_heads() -> None:
    """Bring the file of heads up to the last committed batch."""
    ring = keyring()
    with heads.locked(queries.heads_file()) as descriptor:
        written = heads.read(queries.heads_file(), ring)
        with scoped(system_actor("audit.seal")):
            rows = list(AuditBatch.objects.filter(number__gt=written.last).order_by("number").values_list("number", "mac"))
        lines = [heads.Line(heads.HEAD, number, bytes(mac).hex()) for number, mac in rows]
        if len(lines) > MOST_LATE and not written.last:
            lines.insert(0, heads.Line(heads.STARTED, lines[-1].number))
            del lines[1:]
        if lines:
            heads.append(descriptor, lines, ring)


def declare_restored(reason: str) -> int:
    """After a restore: heads of batches the backup does not hold are void from now on. Returns the last batch that is there."""
    with scoped(system_actor("audit.restored")):
        last = queries.last_batch()
        number = last.number if last else 0
    ring = keyring()
    with heads.locked(queries.heads_file()) as descriptor:
        heads.append(descriptor, [heads.Line(heads.RESTORED, number, note=reason)], ring)
    return number


def _mine() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('linli.audit.seal'))")
        return bool(cursor.fetchone()[0])


def _seal_once(limit: int) -> tuple[int, bool]:
    """Write one batch; how many entries it holds, and whether there may be more."""
    final, following = queries.horizon()
    last = queries.last_batch()
    position = (last.last_xid, last.last_seq) if last else (0, 0)
    rows = queries.after(*position, above=queries.floor())
    restored = last is not None and position[0] >= following
    found = list(rows[:limit] if restored else rows.filter(xid__lt=final)[:limit])
    if found:
        ring = keyring()
        _add_batch(last, [leaf_of(ring, row) for row in found])
    elif restored:
        _begin_anew(last)
    return len(found), restored or len(found) == limit


def _add_batch(last: AuditBatch | None, leaves: list[Leaf]) -> None:
    _store(last, len(leaves), leaves[0].position, leaves[-1].position, max(leaf.seq for leaf in leaves), pack(leaves))


def _begin_anew(last: AuditBatch | None) -> None:
    """This server's transaction numbers begin below those sealed: a backup was restored. Sequence numbers went on, so they divide."""
    top = AuditBatch.objects.aggregate(top=Max("top_seq"))["top"] or 0
    _store(last, 0, (0, 0), (0, 0), top, b"")


def _store(last: AuditBatch | None, entries: int, first: tuple[int, int], end: tuple[int, int], top_seq: int, leaves: bytes) -> None:
    text = BatchText(last.number + 1 if last else 1, bytes(last.mac) if last else GENESIS, entries, first, end, top_seq, leaves)
    AuditBatch.objects.create(
        number=text.number,
        first_xid=first[0],
        first_seq=first[1],
        last_xid=end[0],
        last_seq=end[1],
        top_seq=top_seq,
        entries=entries,
        previous=text.previous,
        leaves=leaves,
        mac=text.mac(keyring()),
        key_id=KEY_ID,
    )
