"""How our SMS gateway request is signed: HMAC-SHA256 over the time and the body, so that nobody can send or replay in our name."""

from __future__ import annotations

import hmac

FRESH_S = 300
"""Seconds a signature is accepted before and after its time."""


def sign(key: str, timestamp: str, body: bytes) -> str:
    """64 hexadecimal characters; ``timestamp`` is seconds since 1970."""
    return hmac.digest(key.encode(), timestamp.encode() + b"." + body, "sha256").hex()


def verify(key: str, timestamp: str, body: bytes, signature: str, now: float) -> bool:
    """Whether the signature is right and fresh; compared in constant time."""
    try:
        fresh = abs(now - int(timestamp)) <= FRESH_S
    except ValueError:
        return False
    return hmac.compare_digest(sign(key, timestamp, body).encode(), signature.encode("utf-8", "replace")) and fresh
