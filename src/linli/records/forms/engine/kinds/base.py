"""What every kind of field can do: read a raw answer, give it back as JSON, show it, and mask it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_noop

from linli.lib.errors import Invalid
from linli.lib.width import half_width
from linli.records.forms.types import Field, FileInfo


@dataclass(frozen=True)
class Reading:
    """What reading an answer may depend on: the business day, the known uploads by id, and the answers given before."""

    today: date
    files: Mapping[str, FileInfo] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


class Kind:
    """One field type. `read` raises `Invalid`; a raw answer is text, a list of texts, a mapping of parts, or a native JSON value."""

    parts: ClassVar[tuple[str, ...]] = ()
    """Names of the sub-inputs of a composite answer (`doc__type`, `doc__number`); empty for a single input."""
    many: ClassVar[bool] = False
    """Whether a page may send several values under the same name."""

    def blank(self, raw: Any) -> bool:
        """Whether nothing was answered."""
        if isinstance(raw, str):
            return not raw.strip()
        if isinstance(raw, Mapping):
            return all(self.blank(value) for value in raw.values())
        if isinstance(raw, list):
            return all(self.blank(value) for value in raw)
        return raw is None

    def read(self, field: Field, raw: Any, reading: Reading) -> Any:
        """The value of a raw answer that is not blank."""
        raise NotImplementedError

    def dump(self, value: Any) -> Any:
        """The value as JSON; also what `read` accepts again."""
        return value

    def show(self, field: Field, value: Any) -> str:
        """The value for a person."""
        return str(value)

    def mask(self, field: Field, value: Any) -> str:
        """The value with the private part hidden; kinds without a rule of their own hide everything."""
        return "****"


def text_of(raw: Any, *, lines: bool = False) -> str:
    """A trimmed text without control characters. Errors: NOT_TEXT for other JSON types, BAD_CHARACTERS for what a database cannot keep."""
    if not isinstance(raw, str):
        raise Invalid("NOT_TEXT", gettext_noop("This must be text."))
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not lines:
        text = text.replace("\t", " ")
    allowed = "\n\t" if lines else ""
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in allowed for character in text):
        raise Invalid(
            "BAD_CHARACTERS",
            gettext_noop("This contains characters that cannot be stored."),
            hint=gettext_noop("Type the text again instead of pasting it."),
        )
    return text


def narrow(raw: Any) -> str:
    """Text with full-width digits and letters made ordinary, as Chinese input methods produce them."""
    return half_width(text_of(raw)).strip()
