"""What is compared and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Record:
    """One office's statement about a person, in the register's normal form and in plain text; an empty text means that it says nothing.

    ``sex`` is a code of GB/T 2261.1 ("1" man, "2" woman; anything else says nothing).
    """

    key: str
    name: str = ""
    sex: str = ""
    birth_date: date | None = None
    id_number: str = ""
    phone: str = ""
    address: str = ""


class Part(NamedTuple):
    """One bar of the waterfall: what was compared, what was found, and what it weighs (bits: log2 of the Bayes factor)."""

    comparison: str
    level: str
    weight: float


@dataclass(frozen=True, slots=True)
class Score:
    """``weight`` in bits is the prior and all parts together; ``probability`` says the same between 0 and 1."""

    probability: float
    weight: float
    parts: tuple[Part, ...]

    def level(self, comparison: str) -> str:
        """What was found for one comparison; empty when it said nothing."""
        return next((part.level for part in self.parts if part.comparison == comparison), "")


class Band(StrEnum):
    """What may be done with a pair."""

    AUTO = "auto"
    REVIEW = "review"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Rules:
    """Least weights, in bits, for linking without asking and for asking a person."""

    auto: float
    review: float


class Objection(StrEnum):
    """A rule outside the weights that keeps a pair from being linked silently."""

    NONE = ""
    TWO_NUMBERS = "two_numbers"
    """Both hold a valid ID number, and these differ: twins, or one person with two numbers."""
    SHARED_NUMBER = "shared_number"
    """One ID number, but the name, the date of birth or the sex says that these are two people."""
    OTHER_NAME = "other_name"
    """Everything may agree, but the names are different ones and no ID number says that it is one person: brothers and sisters look like this."""
    TOO_LITTLE = "too_little"
    """Nothing but the name (and what many share) was there to compare."""


class Key(NamedTuple):
    """A way to find candidates: records of the register with these values in the fields that ``kind`` stands for (see `engine.blocking`)."""

    kind: str
    values: tuple[str, ...]


class Pair(NamedTuple):
    """Two records (their keys; the lesser first within one file), how likely they are one person, and what may be done."""

    left: str
    right: str
    weight: float
    band: Band
    objection: Objection
