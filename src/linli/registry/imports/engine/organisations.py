"""Cells about organisations into the register's own form: codes, amounts with their units, terms; and what a credit code says besides itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from django.utils.translation import gettext_noop

from linli.lib.codes import table
from linli.lib.errors import Invalid
from linli.registry.bodies.engine.values import check_code, read, read_name, written
from linli.registry.bodies.types import ATTRIBUTES, PREFIX
from linli.registry.imports.engine.days import parse_day

NAME, USCC, KIND, ORG_CODE, REGISTRATION = (PREFIX + name for name in ("name", "uscc", "kind", "org_code", "registration_no"))
HEAD, NUMBER = PREFIX + "representative", PREFIX + "representative_id"
UNBROKEN = frozenset({USCC, ORG_CODE, REGISTRATION})
"""What is written without blanks, however the office groups it."""
NO_END = 9000
"""From which year on an end of a licence says that there is none."""
_AMOUNT = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(.*)")
_DIGIT = re.compile(r"[0-9]")


def body_reader(column: object, inner: Callable[[str], str]) -> Callable[[str], str]:
    """A cell as the register keeps the attribute: as at the desk, so that a file never brings what nobody could type."""
    attribute = str(getattr(column, "attribute", ""))
    name = attribute.removeprefix(PREFIX)

    def run(text: str) -> str:
        value = inner("".join(text.split()) if attribute in UNBROKEN else text)
        if attribute == NAME:
            return read_name(value)
        return written(read(name, value)) if value and name in ATTRIBUTES else value

    return run


def amount(text: str, units: Mapping[str, int]) -> str:
    """Yuan, out of a number and what stands behind it: the longest unit that begins it."""
    match = _AMOUNT.fullmatch(text)
    known = sorted(units, key=len, reverse=True)
    unit = next((one for one in known if match and match[2].replace(" ", "").startswith(one)), None) if match else None
    if match is None or unit is None:
        raise Invalid(
            "AMOUNT", gettext_noop("This is not an amount in yuan."), hint=gettext_noop("Write digits only, with at most two decimals.")
        )
    return written((Decimal(match[1].replace(",", "")) * units[unit]).quantize(Decimal("0.01")))


def term(text: str, formats: tuple[str, ...]) -> str:
    """The day a licence ends, which may lie ahead; nothing where it has no end."""
    if not _DIGIT.search(text):
        return ""
    day = parse_day(text, formats)
    return "" if day.year >= NO_END else day.isoformat()


def agree(values: dict[str, str]) -> list[str]:
    """What a credit code says: the organisation code and, where the office does not, the kind. Attributes that disagree with it are left out and named."""
    code = values.get(USCC, "")
    if not code:
        return []
    wrong = []
    if values.get(ORG_CODE, code[8:17]) != code[8:17]:
        wrong.append(ORG_CODE)
    values[ORG_CODE] = code[8:17]
    kind = values.get(KIND)
    if kind is not None:
        try:
            check_code(code, kind)
        except Invalid:
            wrong.append(KIND)
            del values[KIND]
    if KIND not in values:
        known = [one.code for one in table("body_kind") if one.extra["credit"] == code[:2]]
        values |= {KIND: known[0]} if len(known) == 1 else {}
    return wrong
