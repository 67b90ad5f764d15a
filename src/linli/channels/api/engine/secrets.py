"""Random names and secrets of partner systems."""

from __future__ import annotations

import hashlib
import secrets


def new_client_id() -> str:
    """The public name of a partner system: 80 random bits."""
    return f"p-{secrets.token_hex(10)}"


def new_secret() -> str:
    """A client secret of 256 random bits."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    """An opaque bearer token of 256 random bits."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()
