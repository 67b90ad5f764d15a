"""Identity documents by type code (services.md 1.2; table id_type). Type codes are the platform's until GA/T 2000.156 is adopted."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from linli.lib.errors import Invalid
from linli.lib.idcard import IdKind, IdNumber, normalise, parse_id_number

RESIDENT_CARD, HOUSEHOLD_BOOK, OFFICER_CARD, PASSPORT = "111", "113", "114", "414"
TAIWAN_PASS, HK_MACAO_PASS, FOREIGNER_CARD = "511", "516", "553"
HK_PERMIT, MACAO_PERMIT, TAIWAN_PERMIT = "810", "820", "830"

_NUMBER_KINDS = {
    RESIDENT_CARD: IdKind.RESIDENT,
    HOUSEHOLD_BOOK: IdKind.RESIDENT,
    FOREIGNER_CARD: IdKind.FOREIGNER,
    HK_PERMIT: IdKind.HK_PERMIT,
    MACAO_PERMIT: IdKind.MACAO_PERMIT,
    TAIWAN_PERMIT: IdKind.TAIWAN_PERMIT,
}
_FORMS = {
    # Free text of up to 30 characters.
    OFFICER_CARD: re.compile(r"[^\s\x00-\x1f](?:[^\x00-\x1f]{0,28}[^\s\x00-\x1f])?"),
    PASSPORT: re.compile(r"[0-9A-Z](?:[0-9A-Z-]{1,18}[0-9A-Z])?"),
    # Eight digits on today's card; the old booklet had ten and a bracket.
    TAIWAN_PASS: re.compile(r"[0-9]{8}|[0-9]{10}(?:\([0-9A-Z]{1,2}\))?"),
    # Life-long number, and two digits counting re-issues.
    HK_MACAO_PASS: re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"),
}
# The permanent residence card of 2017: three letters of nationality and twelve digits, valid until replaced.
_OLD_FOREIGNER = re.compile(r"[A-Z]{3}[0-9]{12}")
_BIRTH_CERTIFICATE = re.compile(r"[A-Z][0-9]{9}")


@dataclass(frozen=True, slots=True)
class IdDocument:
    """A document number in its stored form; `id_number` is what an 18-character number says."""

    id_type: str
    number: str
    id_number: IdNumber | None = None


def parse_document(
    id_type: str,
    text: str,
    *,
    today: date,
    regions: Container[str] | None = None,
    extra_provinces: Container[str] = frozenset(),
    sex: str | None = None,
    birth_date: date | None = None,
    field: str | None = "id_number",
) -> IdDocument:
    """Check a number against its document type; `Invalid` ID_TYPE, ID_FORMAT, or the codes of `parse_id_number`."""
    number = normalise(text)
    if id_type == FOREIGNER_CARD and _OLD_FOREIGNER.fullmatch(number):
        return IdDocument(id_type, number)
    if id_type in _NUMBER_KINDS:
        parsed = parse_id_number(
            number, today=today, regions=regions, extra_provinces=extra_provinces, sex=sex, birth_date=birth_date, field=field
        )
        if parsed.kind is not _NUMBER_KINDS[id_type]:
            raise Invalid(
                "ID_TYPE", "The number belongs to another kind of document.", field=field, hint="Choose the matching document type."
            )
        return IdDocument(id_type, parsed.number, parsed)
    if id_type not in _FORMS:
        raise Invalid("ID_TYPE", "Unknown document type.", field=field, hint="Choose a document type from the list.")
    if not _FORMS[id_type].fullmatch(number):
        raise Invalid("ID_FORMAT", "The number does not have the form of this document.", field=field, hint="Copy it as printed.")
    return IdDocument(id_type, number)


def parse_birth_certificate(text: str, *, field: str | None = "birth_cert_no") -> str:
    """The number of a medical birth certificate, for newborns not yet registered; `Invalid` BIRTH_CERT_FORMAT."""
    number = normalise(text)
    if not _BIRTH_CERTIFICATE.fullmatch(number):
        raise Invalid(
            "BIRTH_CERT_FORMAT",
            "A birth certificate number is a letter and nine digits.",
            field=field,
            hint="Copy it from the certificate.",
        )
    return number
