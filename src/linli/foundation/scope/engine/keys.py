"""The key ring: read from a file outside the database and the repository, and read anew when that file has changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from linli.lib.crypto import KeyRing
from linli.lib.errors import Unavailable
from linli.lib.registry import Registry

LOOK_EVERY_S = 1.0
"""Within this time every process works with a new key; asking for the ring costs a look at the clock in between."""

_Stamp: TypeAlias = tuple[str, int, int, int]


class _Live:
    """The ring of this process. A file that cannot be read for a moment leaves the ring as it is."""

    def __init__(self) -> None:
        self.ring: KeyRing | None = None
        self.stamp: _Stamp | None = None
        self.next_look = 0.0

    def look(self) -> KeyRing:
        """The file's ring, read if it is another file than before. ImproperlyConfigured without a name, OSError or ValueError at the first reading only."""
        if not settings.KEYS_FILE:
            raise ImproperlyConfigured("LINLI_KEYS_FILE is not set: it names the file that holds the encryption keys")
        path = Path(settings.KEYS_FILE)
        try:
            found = path.stat()
            stamp = (str(path), found.st_ino, found.st_mtime_ns, found.st_size)
            if self.ring is None or stamp != self.stamp:
                self.ring, self.stamp = KeyRing.from_json(path.read_text(encoding="utf-8")), stamp
        except (OSError, ValueError):
            if self.ring is None or self.stamp is None or self.stamp[0] != str(path):
                raise
        self.next_look = time.monotonic() + LOOK_EVERY_S
        assert self.ring is not None  # noqa: S101 - narrows a type
        return self.ring


_live = _Live()


def keyring() -> KeyRing:
    """The keys as the file has them, at most a second ago. Not to be held longer than a piece of work."""
    ring = _live.ring
    return ring if ring is not None and time.monotonic() < _live.next_look else _live.look()


def read_keys_again() -> KeyRing:
    """The keys as the file has them now."""
    return _live.look()


def unseal(blob: bytes) -> str:
    """The text of an encrypted value. Another process may have written it with a key that is younger than our ring: then we look again."""
    ring = keyring()
    try:
        return ring.decrypt(blob)
    except Unavailable as error:
        again = read_keys_again()
        if error.code != "CRYPTO_KEY_UNKNOWN" or again is ring:
            raise
        return again.decrypt(blob)


def blind_index(value: str, purpose: str) -> bytes:
    """A keyed digest for finding an encrypted value by equality; "" has none. It does not change when the data key does."""
    return keyring().blind_index(value, purpose) if value else b""


Resealer: TypeAlias = Callable[[], None]
"""Encrypts with the current key what is kept outside the database and still has an older one. Done before a key is taken out of the ring."""

RESEALERS: Registry[Resealer] = Registry("resealer")
