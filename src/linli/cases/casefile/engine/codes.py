"""Codes that go out with a case."""

from __future__ import annotations

import hashlib

from linli.foundation.scope.engine import keyring


def query_code(number: str) -> str:
    """Six digits that only the receipt knows. Derived from the number under the index key: a receipt can be printed again, nothing is stored."""
    digest = keyring().blind_index(number, "case_query_code")
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def verify_code(number: str, kind: str, serial: int) -> str:
    """The code on a paper with which anybody can check that it is genuine: 10 characters without look-alikes."""
    alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    value = int.from_bytes(hashlib.sha256(keyring().blind_index(f"{number}:{kind}:{serial}", "paper_verify_code")).digest()[:8], "big")
    return "".join(alphabet[(value >> (5 * i)) & 31] for i in range(10))
