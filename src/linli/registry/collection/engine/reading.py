"""What a phone sends, read: shapes only, rules are in the actions. Pure: no database."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.lib.errors import Invalid
from linli.registry.collection.types import PHOTO_BYTES, Newcomer, Position, Report

MOST_VISITS = 30
LONGEST = 160


def read_visit(payload: Mapping[str, Any]) -> tuple[list[UUID], Report]:
    """The visits of a home and how they ended."""
    ids = payload.get("visits")
    confirmed = payload.get("confirmed") or []
    if not isinstance(ids, list) or len(ids) > MOST_VISITS or not isinstance(confirmed, list) or len(confirmed) > 4 * MOST_VISITS:
        raise unreadable()
    report = Report(
        result=text(payload, "result"),
        at=moment(payload),
        note=text(payload, "note", longest=2000).strip(),
        photo=photo(payload.get("photo")),
        position=position(payload.get("position")),
        confirmed=tuple((key(one, "person"), text(one, "attribute"), text(one, "base")) for one in confirmed if isinstance(one, Mapping)),
    )
    return [_uuid(one) for one in ids], report


def read_newcomer(payload: Mapping[str, Any]) -> Newcomer:
    names = ("name", "id_number", "birth_date", "sex", "phone")
    return Newcomer(key(payload, "place"), **{name: text(payload, name).strip() for name in names})


def text(payload: Mapping[str, Any], name: str, *, longest: int = LONGEST) -> str:
    """A text, "" where there is none."""
    value = payload.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise unreadable()
    return value


def key(payload: Mapping[str, Any], name: str) -> UUID:
    return _uuid(payload.get(name))


def _uuid(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise unreadable() from error


def moment(payload: Mapping[str, Any]) -> datetime:
    """When it was noted, by the phone's clock; a clock that is ahead is not believed."""
    now = timezone.now()
    value = payload.get("at")
    if not value:
        return now
    try:
        at = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError as error:
        raise unreadable() from error
    return min(at if at.tzinfo else timezone.make_aware(at), now)


def photo(value: Any) -> bytes:
    """The bytes of a data address of a JPEG or PNG picture; PHOTO_FORMAT, PHOTO_TOO_LARGE (field ``photo``)."""
    if not value:
        return b""
    head, comma, body = str(value).partition(",")
    if head not in ("data:image/jpeg;base64", "data:image/png;base64") or not comma:
        raise Invalid("PHOTO_FORMAT", gettext_noop("The photo cannot be read."), field="photo", hint=gettext_noop("Take it again."))
    try:
        content = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(
            "PHOTO_FORMAT", gettext_noop("The photo cannot be read."), field="photo", hint=gettext_noop("Take it again.")
        ) from error
    if len(content) > PHOTO_BYTES:
        raise Invalid(
            "PHOTO_TOO_LARGE",
            gettext_noop("The photo is larger than %(most)s MB."),
            field="photo",
            data={"most": PHOTO_BYTES // 1024 // 1024},
        )
    return content


def position(value: Any) -> Position | None:
    """Degrees and metres; anything else is no position."""
    if not isinstance(value, Mapping):
        return None
    try:
        found = Position(float(value["longitude"]), float(value["latitude"]), float(value.get("accuracy") or 0))
    except (KeyError, TypeError, ValueError):
        return None
    numbers = (found.longitude, found.latitude, found.accuracy)
    fits = all(math.isfinite(number) for number in numbers) and abs(found.longitude) <= 180 and abs(found.latitude) <= 90
    return found if fits else None


def unreadable() -> Invalid:
    return Invalid("NOTE_FORMAT", gettext_noop("What was noted cannot be read."), hint=gettext_noop("Note it again."))
