"""Plain values about people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

ATTRIBUTES = (
    "name",
    "sex",
    "birth_date",
    "id_number",
    "phone",
    "bank_account",
    "bank_name",
    "ethnicity",
    "marital",
    "education",
    "politics",
    "live_address",
    "hukou_address",
    "residence_status",
    "employment",
    "disability",
    "assistance",
    "lives_here_since",
)
"""What `apply_value` may set; the rest of a person follows from these or has an action of its own."""

CODES = {
    "sex": "sex",
    "ethnicity": "ethnicity",
    "marital": "marital",
    "education": "education",
    "politics": "politics",
    "residence_status": "residence_status",
}
"""Attributes kept as a code, and the table of it (lib/codes)."""

OVERRULED = frozenset(ATTRIBUTES) - {"id_number", "birth_date", "sex"}
"""What the community may decide against what offices say."""

UNKNOWN = {"sex": "0", "marital": "90", "education": "90"}
"""Codes that say that nobody has said: as good as no value where somebody says something."""

STATABLE = frozenset({"phone", "live_address", "hukou_address", "bank_account", "bank_name", "education", "marital"})
"""What residents may state about themselves. Who somebody is, is corrected with the office that keeps it."""

ERASABLE = frozenset({"phone", "bank_account", "bank_name", "education", "marital", "politics", "employment"})
"""What the register can do without. Which of them may be erased at a resident's wish says the pack (retention.yaml)."""

BENEFIT = "benefit."
"""How the names of facts that pay somebody begin."""

ID_INDEX, PHONE_INDEX = "id_number", "phone"
"""Purposes of the blind indexes."""


LIFE_EVENTS = ("birth", "death", "marriage", "divorce", "move_in", "move_out", "move", "household", "split", "join")
"""What happens to people and changes the register."""

NUMBER_MISSING, NUMBER_DAYS = "id_number_missing", 30
"""A newborn without an identity number: the community asks again after so many days."""


@dataclass(frozen=True, slots=True)
class Prefill:
    """A value for a form, who says so and since when."""

    value: object
    label: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody read a person's data, or was given it: shown to that person. ``office``: unit and post, where they are known; ``parts``: which values."""

    at: datetime
    who: str
    what: str
    purpose: str
    office: str = ""
    parts: tuple[str, ...] = ()
