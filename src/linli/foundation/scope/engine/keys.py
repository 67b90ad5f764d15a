"""The key ring, read once from a file outside the database and the repository."""

from __future__ import annotations

import functools
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from linli.lib.crypto import KeyRing


@functools.cache
def keyring() -> KeyRing:
    if not settings.KEYS_FILE:
        raise ImproperlyConfigured("LINLI_KEYS_FILE is not set: it names the file that holds the encryption keys")
    return KeyRing.from_json(Path(settings.KEYS_FILE).read_text(encoding="utf-8"))


def blind_index(value: str, purpose: str) -> bytes:
    """A keyed digest for finding an encrypted value by equality; "" has none."""
    return keyring().blind_index(value, purpose) if value else b""
