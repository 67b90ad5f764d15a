"""Taking files in, giving them to a case, removing them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_noop

from linli.foundation.accounts.models import Mandate
from linli.foundation.actions.actions import action, require
from linli.foundation.audit.actions import note
from linli.foundation.audit.engine import recording
from linli.foundation.audit.types import Change
from linli.foundation.files import policy, queries
from linli.foundation.files.engine import (
    KEEPERS,
    TABLES,
    TYPES,
    accepts,
    clean_name,
    extension_fits,
    link,
    path_of,
    receive,
    remove,
    scan,
    table_type,
    take_over,
)
from linli.foundation.files.models import StoredFile
from linli.foundation.files.types import Received, ScanState
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import current
from linli.foundation.types import Actor, Level, system_actor
from linli.lib.errors import Invalid, Refused
from linli.lib.uuid7 import uuid7

_CHUNK = 64 * 1024
KEEP_UNTAKEN = timedelta(days=30)  # as long as a draft
PICTURES_AND_PAPERS = tuple(TYPES)


@action("files.upload", audit="files.stored")
def store(
    actor: Actor,
    *,
    upload: File[Any] | IO[bytes],
    name: str,
    party_id: UUID | None = None,
    case_id: UUID | None = None,
    region_path: str = "",
    line: str = "",
    level: int = Level.PERSONAL,
    accept: tuple[str, ...] = (),
    max_bytes: int | None = None,
) -> StoredFile:
    """Keep a file. ``accept`` are media types (`image/*` too; empty: every type known for certain), ``max_bytes`` the field's limit.
    Errors: FILE_TOO_LARGE, FILE_EMPTY, FILE_TYPE, FILE_INFECTED, SCAN_UNAVAILABLE, FILE_DISK; then nothing stays, neither row nor bytes.
    """
    file_id, most = uuid7(), min(max_bytes or settings.UPLOAD_MAX_BYTES, settings.UPLOAD_MAX_BYTES)
    received = receive(file_id, _chunks(upload), max_bytes=most, told_size=upload.size if isinstance(upload, File) else None)
    try:
        _check_type(name, received, accept)
        file = StoredFile(
            id=file_id,
            name=clean_name(name, received.content_type),
            size=received.size,
            sha256=received.sha256,
            content_type=received.content_type,
            scan=_scanned(file_id),
            owner_id=actor.user_id,
            party_id=party_id,
            case_id=case_id,
            region_path=region_path,
            line=line,
            level=level,
        )
        file.save(force_insert=True)
    except BaseException:
        remove(file_id)
        raise
    _forget_if_rolled_back(file_id)
    return file


@action("files.upload", audit="files.table_stored")
def store_table(actor: Actor, *, upload: File[Any] | IO[bytes], name: str, max_bytes: int) -> StoredFile:
    """Keep a table of another office, whose bytes only its reader can judge: workbooks, text, Parquet. Seen by whoever brought it and by jobs.

    Errors: FILE_TOO_LARGE, FILE_EMPTY, FILE_TYPE for programs, pictures and papers, FILE_INFECTED, SCAN_UNAVAILABLE, FILE_DISK; then nothing stays.
    """
    file_id = uuid7()
    received = receive(file_id, _chunks(upload), max_bytes=max_bytes, told_size=upload.size if isinstance(upload, File) else None)
    try:
        kind = table_type(name, received.content_type)
        if kind is None:
            raise Invalid(
                "FILE_TYPE",
                gettext_noop("This is not a table that can be read."),
                field="file",
                hint=gettext_noop("Accepted: %(accepted)s."),
                data={"accepted": ", ".join(ending.lstrip(".") for ending in TABLES)},
            )
        file = StoredFile(
            id=file_id,
            name=clean_name(name, kind),
            size=received.size,
            sha256=received.sha256,
            content_type=kind,
            scan=_scanned(file_id),
            owner_id=actor.user_id,
        )
        file.save(force_insert=True)
    except BaseException:
        remove(file_id)
        raise
    _forget_if_rolled_back(file_id)
    return file


def _scanned(file_id: UUID) -> ScanState:
    """What the virus scanner says; FILE_INFECTED, SCAN_UNAVAILABLE."""
    found = scan(path_of(file_id))
    if found.state is ScanState.INFECTED:
        raise Refused(
            "FILE_INFECTED",
            gettext_noop("This file carries harmful software (%(what)s) and was not kept."),
            field="file",
            hint=gettext_noop("Have your device checked, then send a clean file."),
            data={"what": found.signature[:60]},
        )
    return found.state


def _chunks(upload: File[Any] | IO[bytes]) -> Iterable[bytes]:
    if isinstance(upload, File):
        return upload.chunks(_CHUNK)
    return _read(upload)


def _read(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _check_type(name: str, received: Received, accept: tuple[str, ...]) -> None:
    """The content must be wanted, and the name must not say something else (an .exe called .pdf)."""
    if not accepts(received.content_type, accept):
        raise Invalid(
            "FILE_TYPE",
            gettext_noop("This kind of file is not accepted here."),
            field="file",
            hint=gettext_noop("Accepted: %(accepted)s."),
            data={"accepted": _endings(accept or PICTURES_AND_PAPERS)},
        )
    if not extension_fits(name, received.content_type):
        raise Invalid(
            "FILE_TYPE",
            gettext_noop("The content of this file is not what its name says."),
            field="file",
            hint=gettext_noop("Save it again in the format you want to send."),
            data={},
        )


def _endings(accept: Collection[str]) -> str:
    wanted = [kind for kind in TYPES if accepts(kind, tuple(accept))]
    return ", ".join(TYPES[kind][0].lstrip(".") for kind in wanted) or ", ".join(accept)


def _forget_if_rolled_back(file_id: UUID) -> None:
    """Bytes know no rollback: when the transaction is over and the row is not there, they go."""
    scope = current.get()

    def look() -> None:
        with scoped(system_actor("files.tidy")):
            kept = StoredFile.objects.filter(pk=file_id).exists()
        if not kept:
            remove(file_id)

    if scope is not None:
        scope.afterwards.append(look)


@dataclass(frozen=True)
class Share:
    """One more owner of known bytes: the case, and what decides who sees it."""

    source: StoredFile
    name: str
    case_id: UUID
    party_id: UUID | None
    region_path: str
    line: str
    level: int


@action("files.upload", audit="files.shared")
def share(actor: Actor, *, wanted: Sequence[Share]) -> list[StoredFile]:
    """Files of the same bytes for many cases, in the order asked for; each has its own row, rights and name, and none costs disk."""
    files = [
        StoredFile(
            id=uuid7(),
            name=clean_name(one.name, one.source.content_type),
            size=one.source.size,
            sha256=one.source.sha256,
            content_type=one.source.content_type,
            scan=one.source.scan,
            case_id=one.case_id,
            party_id=one.party_id,
            region_path=one.region_path,
            line=one.line,
            level=one.level,
        )
        for one in wanted
    ]
    for one, file in zip(wanted, files, strict=True):
        link(one.source.id, file.id)
    StoredFile.objects.bulk_create(files, batch_size=1000)
    record = recording.get()
    if record is not None:
        record.notes["files"] = len(files)
    return files


@action("files.upload", audit="files.attached")
def attach(
    actor: Actor,
    *,
    file_ids: Collection[UUID],
    case_id: UUID,
    party_id: UUID | None,
    region_path: str,
    line: str = "",
    level: int = Level.PERSONAL,
) -> list[StoredFile]:
    """Give uploads of a draft to a case: from now on they are seen by whoever sees the case. All or none.

    Only one's own uploads that no other case has (FILE_NOT_YOURS); 404 for files out of sight.
    """
    files = [queries.get_file(actor, pk, lock=True) for pk in sorted(set(file_ids))]
    for file in files:
        require(policy.can_attach(actor, file, case_id), gettext_noop("This file belongs to something else."), code="FILE_NOT_YOURS")
    with scoped(system_actor("files.attach")):
        for file in files:
            file.case_id, file.party_id, file.region_path, file.line, file.level = case_id, party_id, region_path, line, level
            file.owner_id = file.owner_id if policy.keeps_owner(actor) else None
            file.save(update_fields=["case_id", "party_id", "region_path", "line", "level", "owner_id"])
    return files


@action("files.upload", audit="files.removed")
def remove_file(actor: Actor, *, file_id: UUID) -> None:
    """Take back an upload that no case has yet. The bytes go when the transaction has committed."""
    file = queries.get_file(actor, file_id, lock=True)
    require(policy.can_remove(actor, file), gettext_noop("A file of a case stays with the case."), code="FILE_IN_CASE")
    file.delete()
    file.id = file_id
    _forget_if_rolled_back(file_id)


@action("system", audit="files.untaken_removed")
def remove_untaken(actor: Actor, *, now: datetime, limit: int = 500) -> int:
    """Remove uploads of more than 30 days ago that no case took, no draft names and no mandate rests on; how many. Call it until 0."""
    old = StoredFile.objects.filter(case_id=None, owner_id__isnull=False, created_at__lt=now - KEEP_UNTAKEN)
    evidence = Mandate.objects.exclude(evidence_file=None).values("evidence_file")
    ids = set(old.exclude(pk__in=evidence).order_by("id").values_list("pk", flat=True))
    for keeper in KEEPERS.values():
        ids -= keeper(ids) if ids else set()
    gone = sorted(ids)[:limit]
    for file_id in gone:
        StoredFile.objects.filter(pk=file_id).delete()
        _forget_if_rolled_back(file_id)
    record = recording.get()
    if record is not None:
        record.notes["files"] = len(gone)
    return len(gone)


def keep_written(*, written: Path, name: str, content_type: str, size: int, sha256: str, owner_id: UUID, level: int) -> StoredFile:
    """Take over a file that a job of ours has written; inside the job's action, whose rollback takes the bytes away again. Seen by its owner and by jobs."""
    file = StoredFile(id=uuid7(), name=name, content_type=content_type, size=size, sha256=sha256, scan=ScanState.OFF, owner_id=owner_id)
    file.level = level
    take_over(written, file.id)
    _forget_if_rolled_back(file.id)
    file.save(force_insert=True)
    return file


def let_go(file_id: UUID) -> None:
    """The end of a file whose time is over; inside a job's action. The bytes go when the transaction has committed."""
    StoredFile.objects.filter(pk=file_id).delete()
    _forget_if_rolled_back(file_id)


def note_opened(actor: Actor, file: StoredFile, *, how: str) -> None:
    """Opening something sensitive (level 4 and 5) is on the trail."""
    if file.level >= Level.SENSITIVE:
        note(actor, "files.opened", subject=Change("files.storedfile", str(file.id), {}, file.region_path), how=how, level=int(file.level))
