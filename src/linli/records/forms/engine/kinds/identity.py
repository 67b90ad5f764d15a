"""Identity numbers, other identity documents, and signatures. Formats: domain/services.md §1.1 and §1.2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop

from linli.lib import masking
from linli.lib.errors import Invalid
from linli.lib.idcard import parse_id_number
from linli.lib.iddocuments import parse_document
from linli.lib.names import normalise_name
from linli.records.forms.engine.codes import Code, code_table
from linli.records.forms.types import Field

from .base import Kind, Reading, narrow, text_of

DOCUMENT_TABLE: Final = "id_type"


class IdNumberKind(Kind):
    """An 18-character identity number, including residence permits of the same form."""

    def read(self, field: Field, raw: Any, reading: Reading) -> str:
        """The number in its stored form. Errors: those of `linli.lib.idcard`, ID_FORMAT to ID_CHECK."""
        return parse_id_number(text_of(raw), today=reading.today).number

    def mask(self, field: Field, value: Any) -> str:
        """First six and last four stay."""
        return masking.mask_id_number(value)


def documents_of(field: Field) -> list[Code]:
    """The documents a field accepts: those it lists, else all."""
    return [code for code in code_table(DOCUMENT_TABLE) if not field.documents or code.value in field.documents]


class IdDocumentKind(Kind):
    """A kind of document and its number: `{"type": "516", "number": "H12345678"}`."""

    parts = ("type", "number")

    def blank(self, raw: Any) -> bool:
        """A document without a number is not answered: its type is preselected in the page."""
        return raw is None or raw in ("", []) or (isinstance(raw, Mapping) and super().blank(raw.get("number")))

    def read(self, field: Field, raw: Any, reading: Reading) -> dict[str, str]:
        """Type and number in stored form. Errors: DOCUMENT_FORMAT and those of `linli.lib.iddocuments`."""
        if not isinstance(raw, Mapping) or not set(raw) <= {"type", "number"}:
            raise Invalid("DOCUMENT_FORMAT", gettext_noop("Give the kind of document and its number."))
        kind = narrow(raw.get("type") or "")
        if all(code.value != kind for code in documents_of(field)):
            raise Invalid("ID_TYPE", gettext_noop("Choose the kind of document."))
        read = parse_document(kind, text_of(raw.get("number")), today=reading.today)
        return {"type": kind, "number": read.number}

    def show(self, field: Field, value: Any) -> str:
        """Kind and number."""
        return f"{self._label(value['type'])} {value['number']}"

    def mask(self, field: Field, value: Any) -> str:
        """The kind is not private; the number is masked like an identity number."""
        return f"{self._label(value['type'])} {masking.mask_id_number(value['number'])}"

    def _label(self, kind: str) -> str:
        return next((code.label for code in code_table(DOCUMENT_TABLE) if code.value == kind), kind)


class SignatureKind(Kind):
    """A typed name and a tick: `{"name": "...", "agreed": true}`. With `matches` the name must be the one given in that field."""

    parts = ("name", "agreed")

    def blank(self, raw: Any) -> bool:
        """Nothing typed and nothing ticked."""
        return not isinstance(raw, Mapping) or (super().blank(raw.get("name")) and not _ticked(raw.get("agreed")))

    def read(self, field: Field, raw: Any, reading: Reading) -> dict[str, Any]:
        """Errors: SIGNATURE_NAME, SIGNATURE_TICK, SIGNATURE_OTHER."""
        name = normalise_name(text_of(raw.get("name") or ""))
        if not name or len(name) > 50:
            raise Invalid("SIGNATURE_NAME", gettext_noop("Type your full name to sign."))
        if not _ticked(raw.get("agreed")):
            raise Invalid("SIGNATURE_TICK", gettext_noop("Tick the box to confirm your signature."))
        wanted = reading.values.get(field.matches) if field.matches else None
        if wanted and name != normalise_name(str(wanted)):
            raise Invalid(
                "SIGNATURE_OTHER",
                gettext_noop("The name signed differs from the name given above."),
                hint=gettext_noop("Sign with the name given above, or correct that name."),
            )
        return {"name": name, "agreed": True}

    def show(self, field: Field, value: Any) -> str:
        """The name."""
        return str(value["name"])

    def mask(self, field: Field, value: Any) -> str:
        """Like a name."""
        return masking.mask_name(value["name"])


def _ticked(raw: Any) -> bool:
    return raw is True or (isinstance(raw, str) and raw.strip().lower() in ("true", "on", "yes", "1"))
