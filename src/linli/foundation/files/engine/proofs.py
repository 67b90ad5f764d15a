"""What this city signs and hands out, and how whoever holds it finds out that it is still as it was signed.

A signed document is JSON: the signed part under a name of its own, and beside it the `signature`. Apps above register their kinds; a check needs
no row of the database, so that a report is known long after its comparison is gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from linli.foundation.scope.engine import keyring
from linli.lib.registry import Registry
from linli.ui.types import Text

Line: TypeAlias = tuple[Text, str]
SIGNATURE = "signature"
LARGEST = 2_000_000
"""Bytes of a document that is looked at for a signature of its own."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Proof:
    """A kind of what is signed. ``part``: name of the signed part of a document; ``purpose`` and ``digest_purpose`` keep signatures of different things apart;
    the latter is of a file's SHA-256 alone, "" where files are not signed. ``lines``: what a document says about itself, for a reader."""

    title: Text
    part: str
    purpose: str
    digest_purpose: str = ""
    lines: Callable[[Mapping[str, Any]], list[Line]] = lambda document: []


PROOFS: Registry[Proof] = Registry("proof")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``title``: what it was taken for; ``lines`` only of what is genuine: what is not is not repeated."""

    genuine: bool
    title: Text = ""
    lines: tuple[Line, ...] = ()


FALSE = Verdict(False)


def canonical(document: Mapping[str, Any]) -> str:
    """The text that is signed."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sign_document(proof: Proof, document: Mapping[str, Any]) -> str:
    return keyring().sign(canonical(document), proof.purpose)


def sign_digest(proof: Proof, sha256: str) -> str:
    return keyring().sign(sha256, proof.digest_purpose)


def check_document(content: bytes) -> Verdict | None:
    """None for what is no signed document of a kind we know."""
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not isinstance(told.get(SIGNATURE), str):
        return None
    for proof in PROOFS.values():
        document = told.get(proof.part)
        if isinstance(document, dict):
            genuine = _holds(document, told[SIGNATURE], proof.purpose)
            return Verdict(True, proof.title, tuple(proof.lines(document))) if genuine else Verdict(False, proof.title)
    return None


def _holds(document: Mapping[str, Any], signature: str, purpose: str) -> bool:
    try:
        return keyring().verify(canonical(document), signature, purpose)
    except (UnicodeEncodeError, RecursionError):  # half characters, or nested beyond reason: nothing we have signed
        return False


def check_digest(sha256: str, signature: str) -> Verdict:
    """Whether a file of this SHA-256 was signed by us."""
    sha256 = sha256.strip().lower()
    if _SHA256.fullmatch(sha256):
        for proof in PROOFS.values():
            if proof.digest_purpose and keyring().verify(sha256, signature.strip(), proof.digest_purpose):
                return Verdict(True, proof.title)
    return FALSE
