"""Choices: yes/no, one of several, several of many, code tables, and statements to agree to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext, gettext_noop

from linli.lib.errors import Invalid
from linli.records.forms.engine.codes import Code, code_table
from linli.records.forms.types import Field

from .base import Kind, Reading, narrow

_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})


def choices_of(field: Field) -> Sequence[Code]:
    """What can be chosen, in order."""
    return code_table(field.codes) if field.codes else tuple(Code(option.value, option.label) for option in field.options)


def _label(field: Field, value: object) -> str:
    return next((code.label for code in choices_of(field) if code.value == value), str(value))


class YesNoKind(Kind):
    """True or false; not answered is neither."""

    def read(self, field: Field, raw: Any, reading: Reading) -> bool:
        """Error: NOT_YES_NO."""
        if isinstance(raw, bool):
            return raw
        text = narrow(raw).lower()
        if text in _YES:
            return True
        if text in _NO:
            return False
        raise Invalid("NOT_YES_NO", gettext_noop("Choose yes or no."))

    def show(self, field: Field, value: Any) -> str:
        """Yes or No."""
        return gettext("Yes") if value else gettext("No")


class StatementKind(YesNoKind):
    """A text to agree to. Not agreeing is the same as not answering, so a required one must be ticked."""

    def blank(self, raw: Any) -> bool:
        """Whether it is not ticked."""
        return raw is False or super().blank(raw) or (isinstance(raw, str) and raw.strip().lower() in _NO)

    def show(self, field: Field, value: Any) -> str:
        """Agreed."""
        return gettext("Agreed")


class ChoiceKind(Kind):
    """One of the options or codes."""

    def read(self, field: Field, raw: Any, reading: Reading) -> str:
        """The value chosen. Error: NOT_AN_OPTION."""
        value = narrow(raw)
        if all(code.value != value for code in choices_of(field)):
            raise Invalid("NOT_AN_OPTION", gettext_noop("Choose one of the options offered."))
        return value

    def show(self, field: Field, value: Any) -> str:
        """The label of the option."""
        return _label(field, value)


class MultiChoiceKind(Kind):
    """Several of the options, kept in the order in which they are offered."""

    many = True

    def read(self, field: Field, raw: Any, reading: Reading) -> list[str]:
        """The values ticked. Errors: NOT_AN_OPTION, TOO_MANY_CHOSEN."""
        offered = [code.value for code in choices_of(field)]
        values = {narrow(item) for item in (raw if isinstance(raw, list) else [raw])} - {""}
        if not values <= set(offered):
            raise Invalid("NOT_AN_OPTION", gettext_noop("Choose one of the options offered."))
        if field.max_count is not None and len(values) > field.max_count:
            raise Invalid("TOO_MANY_CHOSEN", gettext_noop("Choose at most %(max)s."), data={"max": field.max_count})
        return [value for value in offered if value in values]

    def show(self, field: Field, value: Any) -> str:
        """The labels, separated."""
        return gettext(", ").join(_label(field, item) for item in value)
