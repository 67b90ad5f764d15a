"""Luhn check digits (ISO/IEC 7812-1 annex B): case numbers and bank cards."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"[0-9]+")
# A doubled digit counts as the sum of its own digits.
_DOUBLED = str.maketrans("0123456789", "0246813579")


def check_digit(body: str) -> str:
    """The digit to append to `body`; ValueError unless it is all ASCII digits."""
    if not _DIGITS.fullmatch(body):
        raise ValueError("a Luhn body is digits only")
    total = sum(map(int, body[::-2].translate(_DOUBLED))) + sum(map(int, body[-2::-2]))
    return str(-total % 10)


def is_valid(number: str) -> bool:
    """Whether the last digit is the check digit of those before it; False for anything but two or more digits."""
    return len(number) >= 2 and bool(_DIGITS.fullmatch(number)) and check_digit(number[:-1]) == number[-1]
