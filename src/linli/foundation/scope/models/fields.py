"""Columns of our own: region paths, columns PostgreSQL fills, encrypted text."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Cast, Now

from linli.foundation.scope.engine.keys import keyring, unseal


class _Unreturned:
    """A column PostgreSQL fills by itself and INSERT does not return: reading it back would need the right to see the row."""

    db_returning = False


class XidField(_Unreturned, models.BigIntegerField):  # type: ignore[type-arg]
    """The writing transaction's number. A sequence's order is not commit order: feeds, sealing and replay read by (xid, seq) below the oldest running one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["db_default"] = Cast(Cast(models.Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField())
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)


class SeqField(_Unreturned, models.BigIntegerField):  # type: ignore[type-arg]
    """The next value of a named sequence (made by a RunSQL in the app's first migration)."""

    def __init__(self, *args: Any, sequence: str, **kwargs: Any) -> None:
        self.sequence = sequence
        kwargs["db_default"] = models.Func(models.Value(sequence), function="nextval")
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["db_default"], kwargs["editable"]
        return name, path, args, {**kwargs, "sequence": self.sequence}


class WrittenAtField(_Unreturned, models.DateTimeField):  # type: ignore[type-arg]
    """When the transaction that wrote the row began, by the database's clock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["db_default"] = Now()
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)


class PathField(models.CharField):  # type: ignore[type-arg]
    """A region path; compared byte by byte so that a range is an index range."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs["db_collation"] = "C"
        super().__init__(*args, **kwargs)


class EncryptedText(models.BinaryField):  # type: ignore[type-arg]
    """Text kept encrypted (AES-256-GCM, key outside the database). In Python a str; NULL and "" stay as they are."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return "" if value is None else unseal(bytes(value))

    def to_python(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value in (None, ""):
            return None
        if isinstance(value, str):
            value = keyring().encrypt(value)
        return super().get_db_prep_value(value, connection, prepared)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(null=True, blank=True, editable=True)
        super().__init__(*args, **kwargs)
