"""Values the form works out itself; they are never read from what a person sends."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from linli.lib.errors import Invalid
from linli.lib.money import format_money
from linli.records.forms.types import Field

from .base import Kind, Reading


class ComputedKind(Kind):
    """The result of an expression in the declared form (`result`)."""

    def read(self, field: Field, raw: Any, reading: Reading) -> Any:
        """The result as the declared type. Error: NOT_COMPUTABLE when the expression gives something else."""
        if field.result in ("number", "money", "integer") and isinstance(raw, (int, float, Decimal)) and not isinstance(raw, bool):
            number = Decimal(str(raw))
            if number.is_finite() and abs(number) < Decimal(10) ** 18:
                if field.result == "integer":
                    return int(number.to_integral_value(ROUND_HALF_UP))
                return number.quantize(Decimal("0.01"), ROUND_HALF_UP)
        if field.result == "yes_no" and isinstance(raw, bool):
            return raw
        if field.result == "date" and isinstance(raw, date):
            return raw
        if field.result == "text" and isinstance(raw, (str, int, Decimal)):
            return str(raw)[:2000]
        raise Invalid("NOT_COMPUTABLE", gettext_noop("This value cannot be worked out yet."))

    def dump(self, value: Any) -> Any:
        """ISO dates and decimal texts; the rest is JSON already."""
        if isinstance(value, date):
            return value.isoformat()
        return str(value) if isinstance(value, Decimal) else value

    def show(self, field: Field, value: Any) -> str:
        """In the reader's language, with the unit."""
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        if isinstance(value, date):
            return date_format(value, "DATE_FORMAT")
        if field.result == "money":
            return format_money(value)
        text = f"{value:,}" if isinstance(value, (int, Decimal)) else str(value)
        return f"{text} {field.unit}".strip()
