"""Field types as code: one `Kind` a type."""

from __future__ import annotations

from functools import cache

from linli.records.forms.types import FieldType

from .base import Kind, Reading
from .choices import ChoiceKind, MultiChoiceKind, StatementKind, YesNoKind
from .computed import ComputedKind
from .dates import DateKind, MonthKind
from .files import FileKind
from .identity import IdDocumentKind, IdNumberKind, SignatureKind
from .numbers import IntegerKind, MoneyKind, NumberKind
from .texts import text_kinds

__all__ = ["Kind", "Reading", "kind_of"]


@cache
def _kinds() -> dict[FieldType, Kind]:
    kinds: dict[FieldType, Kind] = {FieldType(name): kind for name, kind in text_kinds().items()}
    return kinds | {
        FieldType.NUMBER: NumberKind(),
        FieldType.INTEGER: IntegerKind(),
        FieldType.MONEY: MoneyKind(),
        FieldType.DATE: DateKind(),
        FieldType.MONTH: MonthKind(),
        FieldType.YES_NO: YesNoKind(),
        FieldType.CHOICE: ChoiceKind(),
        FieldType.CODE: ChoiceKind(),
        FieldType.MULTI_CHOICE: MultiChoiceKind(),
        FieldType.ID_NUMBER: IdNumberKind(),
        FieldType.ID_DOCUMENT: IdDocumentKind(),
        FieldType.FILE: FileKind(),
        FieldType.SIGNATURE: SignatureKind(),
        FieldType.STATEMENT: StatementKind(),
        FieldType.COMPUTED: ComputedKind(),
    }


def kind_of(field_type: FieldType) -> Kind:
    """The code of a field type."""
    return _kinds()[field_type]
