"""Encryption of personal fields, blind indexes to find them by, and signatures; keys are rings that rotate.

A ring is read from JSON: {"current": "k1", "keys": {"k1": base64 of 32 bytes}, "index": base64 of 32 bytes}. New values are encrypted
with the current key, old ones open with any key of the ring. The index secret does not rotate: changing it means recomputing every
blind index.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linli.lib.errors import Unavailable

_VERSION = 1
_NONCE = 12
_TAG = 16
_KEY = 32
_INDEX_BYTES = 16
_KEY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class KeyRing:
    """Encrypts and finds personal values. ValueError from a malformed ring; `Unavailable` when a stored value does not open."""

    def __init__(self, current: str, keys: Mapping[str, bytes], index: bytes) -> None:
        if current not in keys:
            raise ValueError(f"the current key {current!r} is not in the ring")
        for name, key in keys.items():
            if not _KEY_ID.fullmatch(name):
                raise ValueError(f"a key's name is 1 to 32 of a-z, 0-9, _ and -: {name!r}")
            if len(key) != _KEY:
                raise ValueError(f"key {name!r} must have {_KEY} bytes")
        if len(index) != _KEY:
            raise ValueError(f"the index secret must have {_KEY} bytes")
        self.current = current
        self._secrets = dict(keys)
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._index = index
        # Subkeys: a signature can never serve as a blind index, nor the other way round.
        self._index_key = hmac.digest(index, b"linli blind index v1", "sha256")
        self._sign_key = hmac.digest(index, b"linli signature v1", "sha256")

    @classmethod
    def from_json(cls, text: str) -> KeyRing:
        """Read a key file's content; the errors never quote a secret."""
        try:
            raw: Any = json.loads(text)
            keys = {str(name): base64.b64decode(value, validate=True) for name, value in raw["keys"].items()}
            return cls(str(raw["current"]), keys, base64.b64decode(raw["index"], validate=True))
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError, binascii.Error):
            raise ValueError("a key ring is a JSON object with current, keys and index (base64)") from None

    @classmethod
    def generate(cls, name: str = "k1") -> KeyRing:
        """A fresh ring with one key."""
        return cls(name, {name: secrets.token_bytes(_KEY)}, secrets.token_bytes(_KEY))

    def to_json(self) -> str:
        """The key file's content. It is secret: write it with mode 0600."""
        keys = {name: base64.b64encode(key).decode() for name, key in self._secrets.items()}
        return json.dumps({"current": self.current, "keys": keys, "index": base64.b64encode(self._index).decode()}, indent=1)

    def rotated(self, name: str) -> KeyRing:
        """A ring with a new current key that still opens what this one opens; ValueError when the name is taken."""
        if name in self._secrets:
            raise ValueError(f"the ring already has a key {name!r}")
        return KeyRing(name, {**self._secrets, name: secrets.token_bytes(_KEY)}, self._index)

    def without(self, name: str) -> KeyRing:
        """A ring that no longer has this key; ValueError when it is the current one or not there."""
        if name == self.current or name not in self._secrets:
            raise ValueError(f"{name!r} is the current key, or there is no such key")
        return KeyRing(self.current, {key: secret for key, secret in self._secrets.items() if key != name}, self._index)

    @property
    def header(self) -> bytes:
        """What every value encrypted with the current key begins with; no value of another key does."""
        return _header_of(self.current)

    @property
    def key_ids(self) -> tuple[str, ...]:
        return tuple(self._secrets)

    def encrypt(self, plain: str, aad: bytes = b"") -> bytes:
        """AES-256-GCM of the text: version 1, length of key id 1, key id, nonce 12, ciphertext and tag.

        `aad` ties the value to its place (for example table, column and row): it only opens with the same `aad`.
        """
        header = _header_of(self.current)
        nonce = secrets.token_bytes(_NONCE)
        return header + nonce + self._ciphers[self.current].encrypt(nonce, plain.encode(), header + aad)

    def decrypt(self, blob: bytes | memoryview, aad: bytes = b"") -> str:
        """The text; `Unavailable` CRYPTO_DAMAGED or CRYPTO_KEY_UNKNOWN."""
        blob = bytes(blob)
        name, header = _read_header(blob)
        if name not in self._ciphers:
            raise Unavailable(
                "CRYPTO_KEY_UNKNOWN",
                "A stored value is encrypted with the key %(key)s, which is not in the key file.",
                hint="Ask the operator to restore this key to the key file.",
                data={"key": name},
            )
        nonce, sealed = blob[len(header) : len(header) + _NONCE], blob[len(header) + _NONCE :]
        try:
            return self._ciphers[name].decrypt(nonce, sealed, header + aad).decode()
        except InvalidTag:
            raise _damaged() from None

    def needs_rotation(self, blob: bytes | memoryview) -> bool:
        """Whether a stored value was encrypted with another key than the current one."""
        return _read_header(bytes(blob))[0] != self.current

    def blind_index(self, value: str, purpose: str) -> bytes:
        """16 bytes that are equal for equal values of one purpose, and say nothing without the secret. Normalise the value first."""
        return self._mac(self._index_key, value, purpose)[:_INDEX_BYTES]

    def blind_indexes(self, values: Iterable[str], purpose: str) -> list[bytes]:
        """The same of many values."""
        head = self._scope(purpose)
        return [hmac.digest(self._index_key, head + value.encode(), "sha256")[:_INDEX_BYTES] for value in values]

    def sign(self, value: str, purpose: str) -> str:
        """A signature of 43 URL-safe characters."""
        return base64.urlsafe_b64encode(self._mac(self._sign_key, value, purpose)).decode().rstrip("=")

    def verify(self, value: str, signature: str, purpose: str) -> bool:
        """Whether a signature is this ring's for value and purpose; compared in constant time."""
        return hmac.compare_digest(self.sign(value, purpose).encode(), signature.encode("utf-8", "replace"))

    @classmethod
    def _mac(cls, key: bytes, value: str, purpose: str) -> bytes:
        """HMAC-SHA256 over purpose and value."""
        return hmac.digest(key, cls._scope(purpose) + value.encode(), "sha256")

    @staticmethod
    def _scope(purpose: str) -> bytes:
        """The length keeps ("a", "bc") and ("ab", "c") apart."""
        scope = purpose.encode()
        return len(scope).to_bytes(2, "big") + scope

    def __repr__(self) -> str:
        return f"<KeyRing current={self.current!r} keys={list(self._secrets)}>"


def _header_of(name: str) -> bytes:
    return bytes((_VERSION, len(name))) + name.encode()


def key_of(blob: bytes | memoryview) -> str:
    """Name of the key a value is encrypted with; `Unavailable` CRYPTO_DAMAGED."""
    return _read_header(bytes(blob))[0]


def _read_header(blob: bytes) -> tuple[str, bytes]:
    """Key id and header of an encrypted value; `Unavailable` CRYPTO_DAMAGED."""
    if len(blob) < 2 or blob[0] != _VERSION or len(blob) < 2 + blob[1] + _NONCE + _TAG:
        raise _damaged()
    header = blob[: 2 + blob[1]]
    name = header[2:].decode("ascii", "replace")
    if not _KEY_ID.fullmatch(name):
        raise _damaged()
    return name, header


def _damaged() -> Unavailable:
    return Unavailable(
        "CRYPTO_DAMAGED",
        "A stored value cannot be opened: it is damaged or belongs somewhere else.",
        hint="Ask the operator to compare it with the last backup.",
    )
