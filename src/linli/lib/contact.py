"""Telephone numbers as people in China write them (services.md 1.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from linli.lib.errors import Invalid
from linli.lib.width import half_width


class PhoneKind(StrEnum):
    """What kind of number it is; only mobiles receive text messages."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    SERVICE = "service"
    SHORT = "short"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Phone:
    """A valid number: `number` is the stored form; `e164` is None for 400/800 and short numbers, which work inside China only."""

    number: str
    kind: PhoneKind
    e164: str | None
    extension: str = ""


_SPACES = re.compile(r"[\s()]+")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
# Beijing, Guangzhou, Shanghai ... (01x, 02x) have three-digit area codes, all others four.
_LANDLINE = re.compile(r"(0(?:[12][0-9]|[3-9][0-9]{2}))-?([2-9][0-9]{6,7})(?:-([0-9]{1,6}))?")
_SERVICE = re.compile(r"([48]00)-?([0-9]{3})-?([0-9]{4})")
_SHORT = re.compile(r"1[0-9]{2}|12[0-9]{3}|9[0-9]{4}")
_FOREIGN = re.compile(r"\+[1-9][0-9]{6,14}")
_CHINA = re.compile(r"(?:\+|00)86-?")


def parse_phone(text: str, *, field: str | None = "phone") -> Phone:
    """Read any kind of number; `Invalid` PHONE_FORMAT."""
    raw = _DASHES.sub("-", _SPACES.sub("", half_width(text)))
    phone = _domestic(raw) or _foreign(raw)
    if phone is None:
        raise Invalid(
            "PHONE_FORMAT",
            "This is not a telephone number.",
            field=field,
            hint="Give a mobile number, a landline with its area code, or a foreign number starting with + and the country code.",
        )
    return phone


def parse_mobile(text: str, *, field: str | None = "mobile") -> Phone:
    """Read a mainland mobile number, for places that send text messages; `Invalid` MOBILE_FORMAT."""
    raw = _DASHES.sub("-", _SPACES.sub("", half_width(text)))
    prefix = _CHINA.match(raw)  # only at the start: 0086 may also stand inside a number
    digits = raw[prefix.end() if prefix else 0 :].replace("-", "")
    if not _MOBILE.fullmatch(digits):
        raise Invalid("MOBILE_FORMAT", "A mobile number has 11 digits and starts with 13 to 19.", field=field, hint="Type the 11 digits.")
    return Phone(digits, PhoneKind.MOBILE, f"+86{digits}")


def _domestic(raw: str) -> Phone | None:
    international = _CHINA.match(raw)
    local = raw[international.end() :] if international else raw
    if _MOBILE.fullmatch(bare := local.replace("-", "")):
        return Phone(bare, PhoneKind.MOBILE, f"+86{bare}")
    if international and not local.startswith("0"):
        local = "0" + local
    if match := _LANDLINE.fullmatch(local):
        area, own, extension = match[1], match[2], match[3] or ""
        return Phone(f"{area}-{own}" + (f"-{extension}" if extension else ""), PhoneKind.LANDLINE, f"+86{area[1:]}{own}", extension)
    if international:
        return None
    if match := _SERVICE.fullmatch(local):
        return Phone("-".join(match.groups()), PhoneKind.SERVICE, None)
    return Phone(local, PhoneKind.SHORT, None) if _SHORT.fullmatch(local) else None


def _foreign(raw: str) -> Phone | None:
    compact = raw.replace("-", "")
    if compact.startswith("+86") or not _FOREIGN.fullmatch(compact):
        return None
    return Phone(compact, PhoneKind.FOREIGN, compact)
