"""Random names and secrets."""

from __future__ import annotations

import hashlib
import secrets


def new_system_id() -> str:
    """The public name of a system: 80 random bits."""
    return f"s-{secrets.token_hex(10)}"


def new_secret() -> str:
    """A client secret, code or token of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is kept of it."""
    return hashlib.sha256(secret.encode()).digest()
