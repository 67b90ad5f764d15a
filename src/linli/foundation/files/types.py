"""What is known of stored bytes. No database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ScanState(StrEnum):
    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"
    OFF = "off"  # no scanner is set up


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that have arrived on disk."""

    size: int
    sha256: str
    content_type: str


@dataclass(frozen=True, slots=True)
class ScanResult:
    """``signature`` names what was found."""

    state: ScanState
    signature: str = ""
