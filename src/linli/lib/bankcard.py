"""Bank card numbers for payments into accounts: 16 to 19 digits with a Luhn digit (services.md 1.6)."""

from __future__ import annotations

import re

from linli.lib import luhn
from linli.lib.errors import Invalid
from linli.lib.width import half_width

_SEPARATORS = re.compile(r"[\s-]+")
_CARD = re.compile(r"[0-9]{16,19}")


def parse_bank_card(text: str, *, field: str | None = "bank_card") -> str:
    """The bare digits; `Invalid` with CARD_FORMAT or CARD_CHECK."""
    number = _SEPARATORS.sub("", half_width(text))
    if not _CARD.fullmatch(number):
        raise Invalid(
            "CARD_FORMAT", "A bank card number has 16 to 19 digits.", field=field, hint="Copy the number from the front of the card."
        )
    if not luhn.is_valid(number):
        raise Invalid("CARD_CHECK", "The bank card number has a typing error.", field=field, hint="Compare each digit with the card.")
    return number
