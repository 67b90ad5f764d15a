"""Provenance in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

LICENCE, SHARED, APPROVAL, COLLECTED, STATED = "licence", "shared", "approval", "collected", "stated"
"""Codes of the sources every city has (packs/national/provenance.csv)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from and the day it is of."""

    source: str
    label: str
    rank: int
    as_of: date
    entry_id: UUID | None = None
    verified: bool = False
    locked_until: date | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What one source says of one attribute. ``verified``: somebody looked on the spot. ``locked_until``: a person has decided for this value.

    ``entry_id`` is the row of the source's file it stands in; None for what was entered by hand.
    """

    source: str
    value: str
    as_of: date
    verified: bool = False
    locked_until: date | None = None
    entry_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """An entry in plain values: what a source said of a subject on a day. ``batch_id`` None: what the register itself said before;
    ``brought``: the subject came into the register with it, and what has no provenance of its own is from there."""

    entry_id: UUID
    source: str
    as_of: date
    verified: bool
    batch_id: UUID | None
    brought: bool
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """A subject as the register has it: its values as text, and the day it came in - the age of what was entered by hand and has no provenance of its own.

    ``brought``: it came with an entry (perhaps withdrawn since), so that what has no provenance of its own is that entry's word, nobody's by hand.
    """

    subject_id: UUID
    region_path: str
    party_id: UUID | None
    entered: date
    values: dict[str, str]
    brought: bool = False
