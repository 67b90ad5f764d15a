"""Provenance in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

LICENCE, SHARED, APPROVAL, COLLECTED, STATED = "licence", "shared", "approval", "collected", "stated"
"""Codes of the sources every city has (packs/national/provenance.csv)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from and the day it is of."""

    source: str
    label: str
    rank: int
    as_of: date
