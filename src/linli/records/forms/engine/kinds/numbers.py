"""Numbers, whole numbers and money. Money is yuan with at most two decimals, always Decimal."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_noop

from linli.lib.errors import Invalid
from linli.lib.money import format_money, parse_money
from linli.records.forms.types import Field

from .base import Kind, Reading, narrow

_PLAIN = re.compile(r"[+-]?\d{1,15}(\.\d{0,10})?|[+-]?\.\d{1,10}")


class NumberKind(Kind):
    """A decimal number with `places` decimals at most."""

    def places(self, field: Field) -> int:
        """Decimals allowed."""
        return field.places

    def read(self, field: Field, raw: Any, reading: Reading) -> Any:
        """The number. Errors: NOT_A_NUMBER, TOO_MANY_DECIMALS, TOO_SMALL, TOO_LARGE."""
        number = self._decimal(raw)
        places = self.places(field)
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            if places == 0:
                raise Invalid("NOT_WHOLE", gettext_noop("Enter a whole number, without decimals."))
            raise Invalid("TOO_MANY_DECIMALS", gettext_noop("Enter at most %(places)s decimals."), data={"places": places})
        self._bounds(field, number)
        return self.exact(field, number)

    def exact(self, field: Field, number: Decimal) -> Any:
        """The number in its stored form."""
        return number.quantize(Decimal(1).scaleb(-self.places(field)))

    def dump(self, value: Any) -> Any:
        """Decimals travel as text so that no client rounds them."""
        return str(value)

    def show(self, field: Field, value: Any) -> str:
        """Digits in groups of three, with the unit."""
        return f"{value:,} {field.unit}".strip()

    def _decimal(self, raw: Any) -> Decimal:
        if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
            raise _not_a_number()
        text = narrow(raw).replace(",", "").replace(" ", "") if isinstance(raw, str) else str(raw)
        if not _PLAIN.fullmatch(text):
            raise _not_a_number()
        try:
            return Decimal(text)
        except InvalidOperation as error:
            raise _not_a_number() from error

    def _bounds(self, field: Field, number: Decimal) -> None:
        if field.min is not None and number < Decimal(field.min):
            raise Invalid("TOO_SMALL", gettext_noop("Enter %(min)s or more."), data={"min": str(field.min)})
        if field.max is not None and number > Decimal(field.max):
            raise Invalid("TOO_LARGE", gettext_noop("Enter %(max)s or less."), data={"max": str(field.max)})


class IntegerKind(NumberKind):
    """A whole number."""

    def places(self, field: Field) -> int:
        """None allowed."""
        return 0

    def exact(self, field: Field, number: Decimal) -> int:
        """A Python int."""
        return int(number)

    def dump(self, value: Any) -> Any:
        """Whole numbers below 10^15 are safe as JSON numbers."""
        return value


class MoneyKind(NumberKind):
    """An amount of yuan with fen."""

    def read(self, field: Field, raw: Any, reading: Reading) -> Decimal:
        """The amount. Errors: those of `linli.lib.money`, TOO_SMALL, TOO_LARGE. Negative amounts only where `min` allows them."""
        if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
            raise _not_a_number()
        negative = field.min is not None and Decimal(field.min) < 0
        amount = parse_money(raw if isinstance(raw, str) else format(Decimal(str(raw)), "f"), negative=negative)
        self._bounds(field, amount)
        return amount

    def show(self, field: Field, value: Any) -> str:
        """With the yuan sign and groups of three."""
        return format_money(value)


def _not_a_number() -> Invalid:
    return Invalid("NOT_A_NUMBER", gettext_noop("Enter a number, for example 1200.50."))
