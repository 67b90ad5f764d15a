"""UUID version 7 (RFC 9562 section 5.7): keys that sort by the time they were made.

Neither Python 3.11 nor PostgreSQL 15 has them. The 74 bits after the timestamp count upwards within a millisecond (RFC 9562 section 6.2,
method 2), so that keys made in one process always increase, also when the clock steps back.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from uuid import UUID

_RAND_BITS = 74
_RAND_MASK = (1 << _RAND_BITS) - 1
_RAND_B = (1 << 62) - 1
_LAST_MS = (1 << 48) - 1
# A fresh millisecond starts in the lower half of the random space, a later key of it steps on by up to 2**32: there is always room.
_START_BITS = _RAND_BITS - 1
_STEP_BITS = 32

_lock = threading.Lock()
_last_ms = -1
_last_rand = 0


def uuid7_at(ms: int, rand_bits: int) -> UUID:
    """The UUIDv7 of a Unix time in milliseconds and 74 given bits; for generators that must repeat themselves.

    ValueError when `ms` does not fit 48 bits or `rand_bits` 74.
    """
    if not 0 <= ms <= _LAST_MS:
        raise ValueError(f"milliseconds out of range for a UUIDv7: {ms}")
    if not 0 <= rand_bits <= _RAND_MASK:
        raise ValueError("rand_bits must fit 74 bits")
    return UUID(int=_bits(ms, rand_bits))


def uuid7_hex(ms: int, rand_bits: int) -> str:
    """The 32 hexadecimal digits of `uuid7_at`, unchecked: for generators that make millions."""
    return f"{_bits(ms, rand_bits):032x}"


def _bits(ms: int, rand_bits: int) -> int:
    return (ms << 80) | (0x7 << 76) | (rand_bits >> 62 << 64) | (0b10 << 62) | (rand_bits & _RAND_B)


def uuid7() -> UUID:
    """A new key, greater than every key this process made before."""
    global _last_ms, _last_rand
    now = time.time_ns() // 1_000_000
    with _lock:
        if now > _last_ms:
            _last_ms, _last_rand = now, secrets.randbits(_START_BITS)
        else:
            _last_rand += 1 + secrets.randbits(_STEP_BITS)
            if _last_rand > _RAND_MASK:
                _last_ms, _last_rand = _last_ms + 1, secrets.randbits(_START_BITS)
        return uuid7_at(_last_ms, _last_rand)


def uuid7_ms(value: UUID) -> int:
    """The Unix time in milliseconds inside a UUIDv7; ValueError for another version."""
    if value.version != 7:
        raise ValueError(f"not a UUIDv7: {value}")
    return value.int >> 80


def _forget() -> None:
    """A forked child starts a random sequence of its own and a lock nobody holds."""
    global _lock, _last_rand
    _lock = threading.Lock()
    _last_rand = secrets.randbits(_START_BITS)


os.register_at_fork(after_in_child=_forget)
