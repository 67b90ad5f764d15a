"""Unified social credit codes (GB 32100-2015) and the organisation codes inside them (GB 11714)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from linli.lib.errors import Invalid
from linli.lib.width import half_width

_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FORM = re.compile(rf"[{_CHARS}]{{2}}[0-9]{{6}}[{_CHARS}]{{10}}")
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORG_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_PLATFORM_FORM = re.compile(r"ZD([0-9]{12})([0-9]{4})")


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A valid code read: registering department and kind of body, six-digit division of registration, GB 11714 organisation code."""

    code: str
    department_kind: str
    region_code: str
    org_code: str


def check_char(body: str) -> str:
    """The 18th character for the first 17; ValueError for another length or a character outside the 31."""
    if len(body) != len(_WEIGHTS) or not set(body) <= set(_CHARS):
        raise ValueError("a credit code body is 17 characters of the 31 allowed")
    total = sum(_CHARS.index(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return _CHARS[-total % 31]


def org_check_char(body: str) -> str:
    """The ninth character of an organisation code for its first eight; ValueError unless these are 0-9 and A-Z."""
    if len(body) != len(_ORG_WEIGHTS) or not set(body) <= set(_ORG_CHARS):
        raise ValueError("an organisation code body is eight characters of 0-9 and A-Z")
    total = sum(_ORG_CHARS.index(char) * weight for char, weight in zip(body, _ORG_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def parse_uscc(text: str, *, field: str | None = "uscc") -> CreditCode:
    """Check and read a code; `Invalid` with USCC_FORMAT, USCC_CHECK (last character) or USCC_ORG_CHECK (17th)."""
    code = half_width(text).strip().upper()
    if not _FORM.fullmatch(code):
        raise Invalid(
            "USCC_FORMAT",
            "A unified social credit code has 18 characters, without I, O, S, V and Z.",
            field=field,
            hint="Copy the code from the licence.",
        )
    if check_char(code[:17]) != code[17]:
        raise Invalid("USCC_CHECK", "The credit code has a typing error.", field=field, hint="Compare each character with the licence.")
    if org_check_char(code[8:16]) != code[16]:
        raise Invalid(
            "USCC_ORG_CHECK",
            "The organisation code inside the credit code is wrong.",
            field=field,
            hint="Compare characters 9 to 17 with the licence.",
        )
    return CreditCode(code, code[:2], code[2:8], code[8:17])


def is_org_code(text: str) -> bool:
    """Whether the text is a GB 11714 organisation code, with or without its hyphen."""
    code = half_width(text).strip().upper()
    if len(code) == 10 and code[8] == "-":
        code = code[:8] + code[9]
    return len(code) == 9 and set(code[:8]) <= set(_ORG_CHARS) and org_check_char(code[:8]) == code[8]


def platform_org_code(division: str, serial: int) -> str:
    """The platform's own code of a body without a credit code (owners' committee, volunteer team): ZD + division 12 + serial 4."""
    code = f"ZD{division}{serial:04d}"
    if serial < 1 or not _PLATFORM_FORM.fullmatch(code):
        raise ValueError(f"no platform organisation code from {division!r} and {serial}")
    return code
