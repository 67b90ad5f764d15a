"""Money in yuan: exact decimals to the cent, rounding rules of payment tables, and the way amounts are printed (digits and capitals)."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from enum import StrEnum

from linli.lib.errors import Invalid
from linli.lib.tables import json_table
from linli.lib.width import half_width

CENT = Decimal("0.01")
JIAO = Decimal("0.1")
YUAN = Decimal(1)
LIMIT = Decimal(10) ** 16
"""Amounts stay below this many yuan, which is as far as the capital numerals go."""

_SIGNS = "\u00a5\uffe5"
_FORM = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")


class Rounding(StrEnum):
    """How a computed amount becomes payable. Directions are away from zero, so a negative adjustment mirrors its positive."""

    CENT = "cent"
    JIAO = "jiao"
    YUAN = "yuan"
    CENT_UP = "cent_up"
    JIAO_UP = "jiao_up"
    YUAN_UP = "yuan_up"


_RULES = {
    Rounding.CENT: (CENT, ROUND_HALF_UP),
    Rounding.JIAO: (JIAO, ROUND_HALF_UP),
    Rounding.YUAN: (YUAN, ROUND_HALF_UP),
    Rounding.CENT_UP: (CENT, ROUND_UP),
    Rounding.JIAO_UP: (JIAO, ROUND_UP),
    Rounding.YUAN_UP: (YUAN, ROUND_UP),
}


def round_money(amount: Decimal | int, rule: Rounding = Rounding.CENT) -> Decimal:
    """The amount by a rule, always with two decimals. Floats are refused (TypeError): they are not exact."""
    if isinstance(amount, float):
        raise TypeError("money is never a float")
    step, direction = _RULES[rule]
    return Decimal(amount).quantize(step, rounding=direction).quantize(CENT)


def parse_money(text: str, *, field: str | None = "amount", negative: bool = False) -> Decimal:
    """Yuan as typed ("1,234.5", with or without the sign); `Invalid` with MONEY_FORMAT, MONEY_PRECISION, MONEY_NEGATIVE or MONEY_RANGE."""
    typed = half_width(text).strip()
    unsigned = re.sub(rf"^(-?)\s*[{_SIGNS}]\s*", r"\1", typed)
    match = _FORM.fullmatch(unsigned)
    if match is None:
        raise Invalid("MONEY_FORMAT", "This is not an amount of money.", field=field, hint="Type digits, for example 1234.50.")
    if match[1] and len(match[1].rstrip("0")) > 2:
        raise Invalid("MONEY_PRECISION", "An amount has at most two decimals.", field=field, hint="Round it to the cent.")
    amount = Decimal(unsigned.replace(",", ""))
    if amount < 0 and not negative:
        raise Invalid("MONEY_NEGATIVE", "The amount must not be negative.", field=field, hint="Leave out the minus sign.")
    if abs(amount) >= LIMIT:
        raise Invalid("MONEY_RANGE", "The amount is too large.", field=field, hint="Check the number of digits; the unit is yuan.")
    return amount.quantize(CENT) + 0


def format_money(amount: Decimal | int, *, symbol: bool = True) -> str:
    """Digits with thousands separators and two decimals, rounded half up, with the yuan sign unless told otherwise."""
    value = round_money(amount)
    return f"{'-' if value < 0 else ''}{_SIGNS[0] if symbol else ''}{abs(value):,.2f}"


def capitals(amount: Decimal | int) -> str:
    """The amount in capital numerals as on vouchers (rounded half up to the cent); ValueError at 10**16 yuan and above."""
    value = round_money(amount)
    if abs(value) >= LIMIT:
        raise ValueError("too large for capital numerals")
    words = json_table("money")
    yuan, cents = divmod(int(abs(value) * 100), 100)
    jiao, fen = divmod(cents, 10)
    text = words["minus"] if value < 0 else ""
    if yuan or not cents:
        text += (_integer(yuan) or words["digits"][0]) + words["yuan"]
    if not cents:
        return text + str(words["exact"])
    if jiao:
        text += words["digits"][jiao] + words["jiao"]
    elif yuan:
        text += words["digits"][0]
    # After jiao the closing word may be written or left out (Payment and Settlement Measures, annex 1); after fen it is not written.
    closing: str = words["digits"][fen] + words["fen"] if fen else words["exact"]
    return text + closing


def _integer(yuan: int) -> str:
    """Capital numerals of a whole number by groups of four digits; empty for zero."""
    words = json_table("money")
    zero: str = words["digits"][0]
    text = ""
    gap = False
    for index in reversed(range(4)):
        group = yuan // 10_000**index % 10_000
        if not group:
            gap = bool(text)
            continue
        # One zero stands for any run of zeros between two digits that are written.
        text += (zero if text and (gap or group < 1000) else "") + _group(group) + words["groups"][index]
        gap = False
    return text


def _group(group: int) -> str:
    words = json_table("money")
    text = ""
    gap = False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += (words["digits"][0] if gap else "") + words["digits"][digit] + words["places"][place]
        gap = False
    return text
