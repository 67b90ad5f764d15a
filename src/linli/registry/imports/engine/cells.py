"""Cells as text: out of the formats that keep types, into files that must not be run, and rid of what systems add when they export."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache

from linli.lib.tables import json_table
from linli.lib.width import half_width

UNREADABLE = "\ufffd"
"""What stands for bytes that are no text in the file's encoding."""

_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_AS_FORMULA = re.compile(r'="([^"]*)"')
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")


def text_of(value: object) -> str:
    """A typed cell as text: whole numbers without a decimal point, days in ISO, nothing for what is missing."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | Decimal):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _number(value: float | Decimal) -> str:
    if value != value:  # not a number: how tables of numbers say that there is none
        return ""
    if value in (float("inf"), float("-inf")):
        return str(value)
    exact = Decimal(str(value))  # the digits that were written, not the nearest number to them
    return str(int(exact)) if exact == int(exact) else str(value)


def guard(text: str) -> str:
    """A cell for a text file that a spreadsheet may open: what would run as a formula begins with an apostrophe. `unguard` undoes it."""
    return "'" + text if _DANGEROUS.match(text) else text


def unguard(text: str) -> str:
    """The cell that was guarded; other text stays as it is."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def clean(text: str) -> str:
    """Half-width and trimmed, without invisible characters and the signs that exports put before numbers to keep them text."""
    if not text:
        return ""
    if not text.isprintable():
        text = _INVISIBLE.sub("", text)
    text = half_width(text).strip()
    if text.startswith(('="', "'", "`")):
        match = _AS_FORMULA.fullmatch(text)
        text = match[1].strip() if match else text.lstrip("'`").strip()
    return text


@cache
def _empty() -> frozenset[str]:
    return frozenset(half_width(word).casefold() for word in json_table("imports")["empty"])


def says_nothing(cleaned: str) -> bool:
    """Whether a cleaned cell is empty or holds one of the words and signs that offices write into empty cells."""
    return not cleaned or cleaned.casefold() in _empty()
