"""Positions in the feed and in a snapshot, as text a subscriber keeps without reading it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_noop

from linli.lib.errors import Invalid


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything up to (xid, seq) has been told. ``epoch`` names the database server that numbered the transactions."""

    epoch: int
    xid: int
    seq: int

    def __str__(self) -> str:
        return _pack("c", self.epoch, self.xid, self.seq)

    @classmethod
    def read(cls, text: str) -> Cursor:
        """`Invalid` CURSOR_UNKNOWN for what is no cursor of ours."""
        kind, *parts = _parts(text)
        if kind != "c" or len(parts) != 3 or not all(part.isdigit() for part in parts):
            raise _unknown()
        return cls(*map(int, parts))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a snapshot goes on: behind a key; ``since`` is the position of the feed at which it began."""

    since: Cursor
    key: UUID

    def __str__(self) -> str:
        return _pack("s", self.since.epoch, self.since.xid, self.since.seq, self.key.hex)

    @classmethod
    def read(cls, text: str) -> Place:
        kind, *parts = _parts(text)
        if kind != "s" or len(parts) != 4 or not all(part.isdigit() for part in parts[:3]):
            raise _unknown()
        try:
            return cls(Cursor(*map(int, parts[:3])), UUID(hex=parts[3]))
        except ValueError:
            raise _unknown() from None


def _pack(*parts: object) -> str:
    return base64.urlsafe_b64encode(".".join(map(str, parts)).encode()).decode().rstrip("=")


def _parts(text: str) -> list[str]:
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii").split(".")
    except ValueError:
        raise _unknown() from None


def _unknown() -> Invalid:
    return Invalid(
        "CURSOR_UNKNOWN",
        gettext_noop("This is no position of this feed."),
        field="after",
        hint=gettext_noop("Send `next` of the page before, unchanged, or begin with the records."),
    )
