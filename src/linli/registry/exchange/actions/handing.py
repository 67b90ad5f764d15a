"""Files of subscriptions are written by a job, signed, fetched by their program, and taken away when their days are over.

A file is offered whole or not at all: it is written beside the store under a name of its try, and becomes a stored file in the transaction that says it is
ready. A job that dies leaves a lease that runs out; the next one begins anew, and what the first has left is swept away.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording, repeated
from linli.foundation.audit.types import Change
from linli.foundation.files.actions import keep_written, let_go
from linli.foundation.files.engine.proofs import sign_digest, sign_document
from linli.foundation.files.queries import open_file
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import Actor, system_actor
from linli.lib.errors import Conflict, LinliError
from linli.registry.exchange.actions.giving import note_given, notes_of
from linli.registry.exchange.actions.ordering import BUILD
from linli.registry.exchange.engine.cursors import Place
from linli.registry.exchange.engine.manifest import FILE_PROOF
from linli.registry.exchange.engine.writing import MEDIA, WRITERS
from linli.registry.exchange.models import DataFile, Subscription
from linli.registry.exchange.queries import feed
from linli.registry.exchange.queries.catalogue import items_of, terms
from linli.registry.exchange.queries.files import columns_of, folder, get_file, is_outdated, over, place_of, stuck
from linli.registry.exchange.queries.subscriptions import in_use, is_over

log = logging.getLogger(__name__)
JOB: Final = system_actor("exchange.files")
PORTION: Final = 2000
LEASE: Final = timedelta(minutes=3)
MOST_TRIES: Final = 3
TOLD: Final = 20_000
"""People that are noted in one transaction, so that the feed, which waits for the oldest one, never waits long."""


class _OvertakenError(Exception):
    """Another try has taken the file over, or it is no longer wanted."""


@dataclass
class _Written:
    """What the bytes turned out to be. ``people``: 16 bytes each, 19 MB for a city of 1.2 million."""

    rows: int = 0
    size: int = 0
    sha256: str = ""
    began: str = ""
    people: bytearray = field(default_factory=bytearray)

    def portions(self) -> Iterator[set[UUID]]:
        step = 16 * TOLD
        for start in range(0, len(self.people), step):
            part = bytes(self.people[start : start + step])
            yield {UUID(bytes=part[n : n + 16]) for n in range(0, len(part), 16)}


def build(pk: UUID) -> None:
    """Write one file, if it is this job's turn. What goes wrong with the file is on its row; anything else is the next try's."""
    row = _claim(pk)
    if row is None:
        return
    place = place_of(row)
    try:
        use = _use(row)
        written = _write(row, use, place)
        for people in written.portions():
            note_given(use.subscription, people)
        if not offer(JOB, row=row, written=written, place=place):
            raise _OvertakenError
    except _OvertakenError:
        log.info("file %s was taken over by another try", pk)
    except (LinliError, OSError) as error:
        _failed(row, error.code if isinstance(error, LinliError) else "FILE_DISK")
    finally:
        place.unlink(missing_ok=True)


def _claim(pk: UUID) -> DataFile | None:
    now = timezone.now()
    with scoped(JOB):
        row = DataFile.objects.select_for_update().filter(pk=pk, state__in=("waiting", "building")).first()
        if row is None or (row.state == "building" and row.lease_until is not None and row.lease_until >= now):
            return None
        row.state, row.tries, row.lease_until, row.rows = "building", row.tries + 1, now + LEASE, 0
        row.save(update_fields=["state", "tries", "lease_until", "rows"])
    return row


def _use(row: DataFile) -> feed.Use:
    """What the subscription may read now. SUBSCRIPTION_NOT_IN_FORCE when it may nothing."""
    with scoped(JOB):
        sub = Subscription.objects.select_related("resource", "region").get(pk=row.subscription_id)
        if sub.state != "approved" or is_over(sub):
            raise Conflict("SUBSCRIPTION_NOT_IN_FORCE", gettext_noop("This subscription is not in force."))
        return feed.use_of(sub)


def _write(row: DataFile, use: feed.Use, place: Path) -> _Written:
    """The pages of the snapshot, one after the other, each with its own short transaction."""
    with scoped(JOB):
        columns = columns_of(use)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.touch(mode=0o600)
    done, after = _Written(), None
    writer = WRITERS[row.form](place, columns)
    try:
        while True:
            page = feed.records(use, after, limit=PORTION)
            writer.write(page.items)
            done.rows, done.began = done.rows + len(page.items), page.began
            done.people += b"".join(person.bytes for person in page.people)
            _renew(row, done.rows)
            if not page.more:
                break
            after = Place.read(page.next)
    finally:
        writer.close()
    done.size, done.sha256 = place.stat().st_size, _digest(place)
    return done


def _digest(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _renew(row: DataFile, rows: int) -> None:
    with scoped(JOB):
        mine = DataFile.objects.filter(pk=row.pk, tries=row.tries, state="building")
        if not mine.update(lease_until=timezone.now() + LEASE, rows=rows):
            raise _OvertakenError


@action("system", audit="exchange.file_given")
def offer(actor: Actor, *, row: DataFile, written: _Written, place: Path) -> bool:
    """Store, sign and offer a file, with its one entry on the trail: what a page of records leaves, for all of them. False when another try has it."""
    found = DataFile.objects.select_for_update().filter(pk=row.pk, tries=row.tries, state="building").first()
    if found is None:
        repeated()
        return False
    use, now = _use(found), timezone.now()
    sub, record = use.subscription, recording.get()
    if record is not None:
        record.add(Change("exchange.subscription", str(sub.pk), {}, sub.region_path))
        record.notes |= notes_of(use, count=written.rows, form=found.form, sha256=written.sha256)
    about = {"form": found.form, "name": f"{sub.resource.entity}-{now:%Y%m%d%H%M%S}.{found.form}"}
    stored = keep_written(
        written=place,
        name=about["name"],
        content_type=MEDIA[found.form],
        size=written.size,
        sha256=written.sha256,
        owner_id=found.recipient_id,
        level=sub.level,
    )
    found.rows, found.size, found.sha256, found.file_id = written.rows, written.size, written.sha256, stored.pk
    found.fields, found.state, found.ready_at, found.ends_at, found.error = list(use.fields), "ready", now, _ends(sub, now), ""
    found.manifest = {**about, **_manifest(found, use, written)}
    found.signature = sign_document(FILE_PROOF, found.manifest)
    found.file_signature = sign_digest(FILE_PROOF, written.sha256)
    found.save()
    return True


def _ends(sub: Subscription, now: datetime) -> datetime:
    """After the days the packs say, but never later than the subscription itself."""
    last = timezone.make_aware(datetime.combine(sub.until + timedelta(days=1), time.min))
    return min(now + timedelta(days=terms().file_days), last)


def _manifest(row: DataFile, use: feed.Use, written: _Written) -> dict[str, Any]:
    sub, items = use.subscription, {item.name: item for item in items_of(use.subscription.resource_id)}
    return {
        "id": str(row.pk),
        "subscription": str(sub.pk),
        "resource": sub.resource.code,
        "resource_name": sub.resource.name,
        "office": sub.office,
        "purpose": sub.purpose,
        "legal_basis": sub.legal_basis,
        "region": sub.region.code,
        "region_name": sub.region.name,
        "fields": [{"name": n, "title": items[n].title, "type": items[n].type, "level": items[n].level} for n in use.fields],
        "rows": written.rows,
        "size": written.size,
        "sha256": written.sha256,
        "changes_after": written.began,
        "written_at": timezone.localtime(row.ready_at).isoformat(timespec="seconds"),
    }


def _failed(row: DataFile, code: str) -> None:
    with scoped(JOB):
        found = DataFile.objects.select_for_update().filter(pk=row.pk, tries=row.tries, state="building").first()
        if found is not None:
            found.state, found.error = "failed", code[:60]
            found.save(update_fields=["state", "error"])


@action("exchange.read", audit="exchange.file_fetched")
def fetch_file(actor: Actor, *, subscription_id: UUID, file_id: UUID, purpose: str) -> tuple[DataFile, BinaryIO]:
    """The bytes for their program, counted and on the trail. Errors: those of `in_use`, FILE_NOT_READY, FILE_OVER, FILE_OUTDATED, FILE_LOST."""
    sub = in_use(actor, subscription_id, purpose=purpose)
    row = get_file(actor, sub.pk, file_id, lock=True)
    check_ready(row, feed.use_of(sub))
    row.fetched, row.fetched_at = row.fetched + 1, timezone.now()
    row.save(update_fields=["fetched", "fetched_at"])
    with scoped(JOB):
        return row, _opened(row)


def _opened(row: DataFile) -> BinaryIO:
    if row.file_id is None:
        raise Conflict("FILE_OVER", gettext_noop("The days in which this file could be fetched are over."), status=410)
    return open_file(JOB, row.file_id)[1]


def check_ready(row: DataFile, use: feed.Use) -> None:
    """A file that is whole, not over, and holds nothing the subscription may not read any more."""
    again = gettext_noop("Order a new file.")
    if row.state in ("waiting", "building"):
        raise Conflict("FILE_NOT_READY", gettext_noop("The file is being written."), hint=gettext_noop("Ask again in a minute."))
    if row.state == "failed":
        raise Conflict("FILE_FAILED", gettext_noop("The file could not be written (%(code)s)."), data={"code": row.error}, hint=again)
    if row.state == "gone" or row.ends_at is None or row.ends_at <= timezone.now():
        raise Conflict("FILE_OVER", gettext_noop("The days in which this file could be fetched are over."), hint=again, status=410)
    if is_outdated(row, use):
        raise Conflict("FILE_OUTDATED", gettext_noop("This file holds items that are not shared with you any more."), hint=again)


@action("system", audit="exchange.files_removed")
def remove_over(actor: Actor, *, now: datetime, limit: int = 100) -> int:
    """Take away files whose days are over; how many. Call it until 0."""
    gone = over(now, limit)
    for row in gone:
        if row.file_id is not None:
            let_go(row.file_id)
        row.state, row.file_id = "gone", None
        row.save(update_fields=["state", "file_id"])
    record = recording.get()
    if record is not None:
        record.notes["files"] = len(gone)
    if not gone:
        repeated()
    return len(gone)


@action("system", audit="exchange.example_file_ended")
def end_example(actor: Actor, *, file_id: UUID, failed: bool) -> None:
    """Of a synthetic city: a file whose writing broke off for good, or one whose days are over."""
    row = DataFile.objects.select_for_update().get(pk=file_id)
    if failed:
        row.state, row.tries, row.error = "failed", MOST_TRIES, "BROKE_OFF"
    else:
        if row.file_id is not None:
            let_go(row.file_id)
        row.state, row.file_id, row.ends_at = "gone", None, timezone.now()
    row.save(update_fields=["state", "tries", "error", "file_id", "ends_at"])


def take_up(now: datetime) -> int:
    """Files whose job died are begun anew, at most `MOST_TRIES` times; what dead tries left is swept away. How many were queued."""
    with scoped(JOB):
        rows = stuck(now)
        again = [row for row in rows if row.tries < MOST_TRIES]
        for row in rows:
            if row.tries >= MOST_TRIES:
                row.state, row.error = "failed", "BROKE_OFF"
                row.save(update_fields=["state", "error"])
        for row in again:
            put_jobs(BUILD, "default", {"file_id": str(row.pk)}, unhurried=True)
    _sweep()
    return len(again)


def _sweep() -> None:
    """Looked for first and asked about afterwards: a try is on its row before its file is there."""
    found = list(folder().glob("*.part"))
    with scoped(JOB):
        alive = {place_of(row).name for row in DataFile.objects.filter(state="building")}
    for part in found:
        if part.name not in alive:
            part.unlink(missing_ok=True)
