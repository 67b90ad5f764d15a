"""Codes that go out with a case."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from linli.foundation.scope.engine import keyring

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PAIRS = [second + first for first in _ALPHABET for second in _ALPHABET]
"""Two characters for ten bits, the lower five first."""


def query_code(number: str) -> str:
    """Six digits that only the receipt knows. Derived from the number under the index key: a receipt can be printed again, nothing is stored."""
    digest = keyring().blind_index(number, "case_query_code")
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def verify_code(number: str, kind: str, serial: int) -> str:
    """The code on a paper with which anybody can check that it is genuine: 10 characters without look-alikes."""
    value = int.from_bytes(hashlib.sha256(keyring().blind_index(f"{number}:{kind}:{serial}", "paper_verify_code")).digest()[:8], "big")
    return "".join([_PAIRS[(value >> shift) & 1023] for shift in (0, 10, 20, 30, 40)])


def verify_codes(number: str, kinds: Sequence[str]) -> list[str]:
    """Codes of all papers of a case, in the order of their serials from one."""
    return [verify_code(number, kind, serial) for serial, kind in enumerate(kinds, 1)]
