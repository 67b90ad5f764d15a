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
    return _codes([f"{number}:{kind}:{serial}"])[0]


def verify_codes(number: str, kinds: Sequence[str]) -> list[str]:
    """Codes of all papers of a case, in the order of their serials from one."""
    return _codes([f"{number}:{kind}:{serial}" for serial, kind in enumerate(kinds, 1)])


def _codes(papers: list[str]) -> list[str]:
    found = []
    for digest in keyring().blind_indexes(papers, "paper_verify_code"):
        v = int.from_bytes(hashlib.sha256(digest).digest()[:8], "big")
        found.append(_PAIRS[v & 1023] + _PAIRS[v >> 10 & 1023] + _PAIRS[v >> 20 & 1023] + _PAIRS[v >> 30 & 1023] + _PAIRS[v >> 40 & 1023])
    return found
