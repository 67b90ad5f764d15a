"""Luhn check digits (ISO/IEC 7812-1 annex B): case numbers and bank cards."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"[0-9]+")
# A doubled digit counts as the sum of its own digits.
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def check_digit(body: str) -> str:
    """The digit to append to `body`; ValueError unless it is all ASCII digits."""
    if not _DIGITS.fullmatch(body):
        raise ValueError("a Luhn body is digits only")
    total = sum(_DOUBLED[int(char)] if index % 2 == 0 else int(char) for index, char in enumerate(reversed(body)))
    return str(-total % 10)


def is_valid(number: str) -> bool:
    """Whether the last digit is the check digit of those before it; False for anything but two or more digits."""
    return len(number) >= 2 and bool(_DIGITS.fullmatch(number)) and check_digit(number[:-1]) == number[-1]
