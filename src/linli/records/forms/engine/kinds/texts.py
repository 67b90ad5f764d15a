"""Free text, and texts that a validator of `linli.lib` reads: names, phones, plates, credit codes, bank cards, mail addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_noop

from linli.lib import masking
from linli.lib.bankcard import parse_bank_card
from linli.lib.contact import parse_phone
from linli.lib.errors import Invalid
from linli.lib.names import parse_person_name
from linli.lib.plates import parse_plate
from linli.lib.uscc import parse_uscc
from linli.records.forms.types import Field

from .base import Kind, Reading, narrow, text_of

Mask = Callable[[str], str]


class TextKind(Kind):
    """A text of one line, or of several; lengths count characters."""

    def __init__(self, *, longest: int, lines: bool = False, mask: Mask | None = None) -> None:
        self.longest = longest
        self.lines = lines
        self._mask = mask

    def read(self, field: Field, raw: Any, reading: Reading) -> str:
        """The trimmed text. Errors: NOT_TEXT, BAD_CHARACTERS, TOO_SHORT, TOO_LONG."""
        text = text_of(raw, lines=self.lines)
        if not self.lines and "\n" in text:
            text = " ".join(text.split("\n"))
        longest = field.max_length or self.longest
        if len(text) > longest:
            raise Invalid(
                "TOO_LONG", gettext_noop("At most %(max)s characters; this has %(count)s."), data={"max": longest, "count": len(text)}
            )
        if len(text) < field.min_length:
            raise Invalid("TOO_SHORT", gettext_noop("At least %(min)s characters are needed."), data={"min": field.min_length})
        return text

    def mask(self, field: Field, value: Any) -> str:
        """By the rule of the type, else everything."""
        return self._mask(value) if self._mask else super().mask(field, value)


class ParsedKind(Kind):
    """A text that one reader of `linli.lib` checks and brings into its stored form."""

    def __init__(self, parse: Callable[[str], str], *, longest: int, mask: Mask | None = None) -> None:
        self.parse = parse
        self.longest = longest
        self._mask = mask

    def read(self, field: Field, raw: Any, reading: Reading) -> str:
        """The stored form. Errors: TOO_LONG and those of the reader."""
        text = text_of(raw)
        longest = field.max_length or self.longest
        if len(text) > longest:
            raise Invalid(
                "TOO_LONG", gettext_noop("At most %(max)s characters; this has %(count)s."), data={"max": longest, "count": len(text)}
            )
        return self.parse(text)

    def mask(self, field: Field, value: Any) -> str:
        """By the rule of the type, else everything."""
        return self._mask(value) if self._mask else super().mask(field, value)


def _email(text: str) -> str:
    address = narrow(text)
    try:
        validate_email(address)
    except ValidationError as error:
        raise Invalid(
            "EMAIL_FORMAT", gettext_noop("This is not an e-mail address."), hint=gettext_noop("It looks like name@example.com.")
        ) from error
    return address


def text_kinds() -> dict[str, Kind]:
    """Kinds by type name."""
    return {
        "text": TextKind(longest=200),
        "long_text": TextKind(longest=2000, lines=True),
        "address": TextKind(longest=200, mask=masking.mask_address),
        "person_name": ParsedKind(lambda text: parse_person_name(text), longest=50, mask=masking.mask_name),
        "phone": ParsedKind(lambda text: parse_phone(text).number, longest=30, mask=masking.mask_phone),
        "bank_card": ParsedKind(lambda text: parse_bank_card(text), longest=30, mask=masking.mask_bank_card),
        "plate": ParsedKind(lambda text: parse_plate(text).number, longest=20, mask=masking.mask_plate),
        "uscc": ParsedKind(lambda text: parse_uscc(text).code, longest=20),
        "email": ParsedKind(_email, longest=120, mask=masking.mask_email),
    }
