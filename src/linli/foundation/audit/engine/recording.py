"""Recording in progress, and how a value is written down without giving it away."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from linli.foundation.audit.types import Recording

recording: ContextVar[Recording | None] = ContextVar("linli_recording", default=None)

LONGEST = 200
_AS_IT_IS = frozenset({type(None), bool, int, float})


def repeated() -> None:
    """Say of the running action that an earlier call with the same key did its work: the trail keeps that one entry."""
    record = recording.get()
    if record is not None:
        record.repeated = True


def plain(value: Any, *, secret: bool = False) -> Any:
    """A JSON value for the trail. Secret values are noted as present or absent only."""
    if secret:
        return None if value in (None, "", b"") else "***"
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return f"<{len(value)} bytes>"
    if isinstance(value, str) and len(value) > LONGEST:
        return value[:LONGEST] + "…"
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, (list, tuple, dict)):
        text = str(value)
        return value if len(text) <= 2000 else text[:LONGEST] + "…"
    return str(value)
