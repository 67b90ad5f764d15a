"""The key that signs ID tokens (RS256): made once, in the state folder, readable by the service only and encrypted with the key ring.

Losing it is harmless: a new one is made, and systems fetch the public half again when they see an unknown key id.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from linli.lib.crypto import KeyRing, key_of

ALGORITHM = "RS256"
BITS = 3072
_PLACE = b"signon signing key"


@dataclass(frozen=True)
class SigningKey:
    """A private key, its public half as JSON Web Key, and the key's id (RFC 7638 thumbprint)."""

    private: rsa.RSAPrivateKey = field(repr=False)
    public: Mapping[str, str]

    @property
    def kid(self) -> str:
        return self.public["kid"]

    def sign(self, claims: Mapping[str, Any]) -> str:
        return jwt.encode(dict(claims), self.private, algorithm=ALGORITHM, headers={"kid": self.kid})


def load_key(folder: Path, ring: KeyRing) -> SigningKey:
    """The key of an installation; the first process that asks makes it, the others read what it made."""
    file = folder / "signing_key"
    if not file.exists():
        _make(file, ring)
    return _read(file, file.stat().st_mtime_ns, ring)


def reseal(folder: Path, ring: KeyRing) -> None:
    """Encrypt the kept key with the ring's current one; the key itself, and what it has signed, stays."""
    file = folder / "signing_key"
    if not file.exists():
        return
    sealed = base64.b64decode(file.read_bytes())
    if key_of(sealed) != ring.current:
        half = _write_beside(file, ring, ring.decrypt(sealed, _PLACE))
        half.replace(file)


@functools.lru_cache(maxsize=4)
def _read(file: Path, changed_ns: int, ring: KeyRing) -> SigningKey:
    pem = ring.decrypt(base64.b64decode(file.read_bytes()), _PLACE)
    private = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError("the signing key is not an RSA key")
    return SigningKey(private, _public(private))


def _public(private: rsa.RSAPrivateKey) -> dict[str, str]:
    raw = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    core = {name: str(raw[name]) for name in ("e", "kty", "n")}
    thumb = hashlib.sha256(json.dumps(core, separators=(",", ":"), sort_keys=True).encode()).digest()
    return {**core, "alg": ALGORITHM, "use": "sig", "kid": base64.urlsafe_b64encode(thumb).decode().rstrip("=")}


def _make(file: Path, ring: KeyRing) -> None:
    """Write a new key beside and link it into place: of two processes at once, one wins and both read the same."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    half = _write_beside(file, ring, pem.decode())
    with contextlib.suppress(FileExistsError):
        os.link(half, file)
    half.unlink()


def _write_beside(file: Path, ring: KeyRing, pem: str) -> Path:
    half = file.with_name(f"{file.name}.{secrets.token_hex(6)}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(base64.b64encode(ring.encrypt(pem, _PLACE)))
    return half
