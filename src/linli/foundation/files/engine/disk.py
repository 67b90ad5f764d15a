"""Bytes on disk: written while hashed, named by id, never by what a user said."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_noop

from linli.foundation.files.engine.content import sniff
from linli.foundation.files.types import Received
from linli.lib.errors import Invalid, Unavailable

MEGABYTE = 1024 * 1024


def path_of(file_id: UUID) -> Path:
    """MEDIA_ROOT/ab/cd/<id>; the folders come from the random end of the id, so that they fill evenly."""
    name = file_id.hex
    return Path(settings.MEDIA_ROOT) / name[-2:] / name[-4:-2] / name


def receive(file_id: UUID, chunks: Iterable[bytes], *, max_bytes: int, told_size: int | None) -> Received:
    """Write a stream and say what it is. Nothing stays on disk after an error: FILE_TOO_LARGE (with both sizes), FILE_EMPTY, FILE_DISK."""
    if told_size is not None and told_size > max_bytes:
        raise too_large(told_size, max_bytes)
    path, digest, size = path_of(file_id), hashlib.sha256(), 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > max_bytes:
                    raise too_large(size, max_bytes)
                digest.update(chunk)
                file.write(chunk)
        if size == 0:
            raise Invalid("FILE_EMPTY", gettext_noop("The file is empty."), field="file", hint=gettext_noop("Choose the file again."))
        return Received(size, digest.hexdigest(), sniff(path))
    except OSError as error:
        remove(file_id)
        raise Unavailable(
            "FILE_DISK", gettext_noop("The file could not be kept."), field="file", hint=gettext_noop("Try again in a few minutes.")
        ) from error
    except BaseException:
        remove(file_id)
        raise


def too_large(size: int, max_bytes: int) -> Invalid:
    return Invalid(
        "FILE_TOO_LARGE",
        gettext_noop("The file has %(size)s MB; at most %(max)s MB can be taken here."),
        field="file",
        hint=gettext_noop("Take the picture with a lower resolution or scan it in grey."),
        data={"size": _megabytes(size), "max": _megabytes(max_bytes)},
    )


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".removesuffix(".0")


def link(source: UUID, target: UUID) -> None:
    """The same bytes under one more id: a second name of the file, or a copy where the disk knows no second names."""
    path = path_of(target)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    try:
        os.link(path_of(source), path)
    except OSError:
        shutil.copyfile(path_of(source), path)


def take_over(written: Path, file_id: UUID) -> None:
    """A file we have written ourselves becomes a stored one, in one rename: there is never half of it."""
    path = path_of(file_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    shutil.move(written, path)


def remove(file_id: UUID) -> None:
    """Take the bytes away; already gone is fine."""
    path_of(file_id).unlink(missing_ok=True)
