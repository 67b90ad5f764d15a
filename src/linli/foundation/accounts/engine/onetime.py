"""Time-based one-time passwords (RFC 6238: SHA-1, 6 digits, 30 seconds - what every authenticator app speaks) and recovery codes."""

from __future__ import annotations

import base64
import hmac
import secrets
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

STEP_S = 30
DIGITS = 6
DRIFT = 1
"""Steps a telephone's clock may be off, either way."""
RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0 o 1 l i


def new_secret() -> str:
    """160 random bits in base32, as RFC 4226 advises."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def _code(secret: str, step: int) -> str:
    # RFC 6238 names SHA-1; inside HMAC its collisions do not matter.
    return HOTP(base64.b32decode(secret), DIGITS, SHA1()).generate(step).decode()  # noqa: S303


def code_at(secret: str, unix_time: float) -> str:
    """The code an authenticator app shows at a moment (seconds since 1970)."""
    return _code(secret, int(unix_time) // STEP_S)


def matching_step(secret: str, code: str, unix_time: float) -> int | None:
    """The time step a code belongs to, within one step of now; None when it belongs to none. The caller refuses a step used before."""
    code = "".join(code.split())
    now = int(unix_time) // STEP_S
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(_code(secret, step).encode(), code.encode("utf-8", "replace")):
            found = step
    return found


def provisioning_uri(secret: str, account: str, issuer: str) -> str:
    """What the QR code for an authenticator app says."""
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?secret={secret}&issuer={quote(issuer)}&digits={DIGITS}&period={STEP_S}"


def new_recovery_codes() -> list[str]:
    """Ten codes of ten characters (49 bits each), in two halves for reading aloud."""
    words = ("".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES))
    return [f"{word[:5]}-{word[5:]}" for word in words]
