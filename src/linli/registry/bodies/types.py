"""Plain values about organisations."""

from __future__ import annotations

from typing import Final

ATTRIBUTES: Final = (
    "kind",
    "uscc",
    "no_uscc_reason",
    "org_code",
    "registration_no",
    "authority",
    "supervisor",
    "address",
    "industry",
    "capital",
    "employees",
    "established_on",
    "licence_until",
    "scope",
    "phone",
    "has_party",
    "has_league",
    "has_union",
    "has_women",
    "hazard",
    "attention",
)
"""What can be corrected with a source. Name, status, roles and position have actions of their own (domain/community.md 2.2 module 5, 7)."""

TOLD: Final = ("name", "status", "representative", "representative_id")
"""What further is said by a source like an attribute. The last is the identity number of who heads it, of somebody the register knows: that links both."""
STANDING: Final = (*TOLD, *ATTRIBUTES)
"""Everything of which it is kept who says it."""

CODES: Final = {"kind": "body_kind", "industry": "industry", "hazard": "body_hazard"}
"""Attributes kept as a code, and the table of it (lib/codes)."""

FLAGS: Final = frozenset({"has_party", "has_league", "has_union", "has_women", "attention"})
"""Yes or no; as text "1" and ""."""

ACTIVE, SUSPENDED, REVOKED, DEREGISTERED = "active", "suspended", "revoked", "deregistered"
ENDED: Final = frozenset({DEREGISTERED})
"""A body that is no more: nobody holds a role in it and nothing about it changes."""

ON_FILE: Final = "on_file"
"""An organisation the street keeps on file because it does not meet the conditions of registration (domain/community.md 7)."""
LEGAL: Final = "legal"
HEADS: Final = ("legal", "owner", "principal")
"""Roles of whom the body is found by: one holder at a time."""
HEAD_OF: Final = {"individual": "owner", "on_file": "principal"}
"""The role of who heads a body of a kind; of all others it is the legal representative."""
PREFIX: Final = "body."
"""How attributes of bodies are called among provenance, claims and the rules of survivorship: people have names and telephones, too."""
PHONE_INDEX: Final = "phone"
"""Purpose of the blind index, the same as that of people: a number is looked for once."""
