"""Values of a body out of text and back: what is typed, what a claim says, what the trail of sources compares."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from linli.lib.codes import table
from linli.lib.contact import parse_phone
from linli.lib.errors import Invalid
from linli.lib.uscc import is_org_code, parse_uscc
from linli.lib.width import half_width
from linli.registry.bodies.types import CODES, FLAGS

MOST_YUAN: Final = Decimal("99999999999999.99")
_NAME = re.compile(r"[^\s\x00-\x1f](?:[^\x00-\x1f]*[^\s\x00-\x1f])?")
LONGEST: Final[Mapping[str, int]] = {"authority": 60, "supervisor": 60, "address": 160, "scope": 500, "no_uscc_reason": 100}
_REGISTRATION = re.compile(r"[0-9A-Z-]{6,30}")


def read_name(text: str, *, field: str = "name") -> str:
    """A body's name as it is registered: 2 to 100 characters, brackets and spaces inside it included. `Invalid` NAME_FORMAT."""
    name = re.sub(r"\s+", " ", text.strip())
    if not 2 <= len(name) <= 100 or not _NAME.fullmatch(name):
        raise Invalid("NAME_FORMAT", "A name has 2 to 100 characters.", field=field, hint="Copy it from the licence.")
    return name


def read(attribute: str, text: str) -> Any:
    """The stored form of what was written; "" is nothing. `Invalid` names the attribute as field."""
    text = text.strip()
    if attribute in FLAGS:
        return text == "1"
    if attribute in CODES:
        return table(CODES[attribute]).check(text, field=attribute) if text else ""
    if attribute in _READERS:
        return _READERS[attribute](text, attribute) if text else _NOTHING.get(attribute, "")
    if len(text) > LONGEST[attribute]:
        raise Invalid("TEXT_LONG", "At most %(most)s characters.", field=attribute, data={"most": LONGEST[attribute]})
    return text


def written(value: Any) -> str:
    """The text that `read` reads; amounts without needless zeros."""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def check_code(uscc: str, kind: str) -> None:
    """USCC_KIND when the first two characters are those of another kind of body (services.md 1.3)."""
    begins = table("body_kind").get(kind).extra["credit"]
    known = {entry.extra["credit"] for entry in table("body_kind")} - {""}
    if uscc and begins != "Y1" and uscc[:2] != begins and (begins or uscc[:2] in known):
        raise Invalid(
            "USCC_KIND",
            "A credit code that begins with %(begins)s belongs to another kind of organisation.",
            field="uscc",
            hint="Choose the kind that the licence names.",
            data={"begins": uscc[:2]},
        )


def _uscc(text: str, field: str) -> str:
    return parse_uscc(text, field=field).code


def _org_code(text: str, field: str) -> str:
    if not is_org_code(text):
        raise Invalid(
            "ORG_CODE", "This is not an organisation code.", field=field, hint="It has nine characters, the last one checks the others."
        )
    return half_width(text).strip().upper().replace("-", "")


def _registration_no(text: str, field: str) -> str:
    number = half_width(text).strip().upper()
    if not _REGISTRATION.fullmatch(number):
        raise Invalid("REGISTRATION_NO", "A registration number has 6 to 30 digits and letters.", field=field)
    return number


def _yuan(text: str, field: str) -> Decimal:
    try:
        amount = Decimal(half_width(text).replace(",", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= MOST_YUAN or amount != amount.quantize(Decimal("0.01")):
        raise Invalid("AMOUNT", "This is not an amount in yuan.", field=field, hint="Write digits only, with at most two decimals.")
    return amount


def _number(text: str, field: str) -> int:
    digits = half_width(text).replace(",", "")
    if not re.fullmatch(r"[0-9]{1,7}", digits):
        raise Invalid("NUMBER", "This is not a number of people.", field=field, hint="Write digits only.")
    return int(digits)


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("VALUE_FORMAT", "This is not a date.", field=field) from None


def _phone(text: str, field: str) -> str:
    return parse_phone(text, field=field).number


_READERS: Final[Mapping[str, Callable[[str, str], Any]]] = {
    "uscc": _uscc,
    "org_code": _org_code,
    "registration_no": _registration_no,
    "capital": _yuan,
    "employees": _number,
    "established_on": _day,
    "licence_until": _day,
    "phone": _phone,
}
_NOTHING: Final = {"capital": None, "employees": None, "established_on": None, "licence_until": None}
