"""The one family of errors that crosses floors.

Every refusal a person can meet is a `LinliError`: a stable code for machines, an English msgid for people (translated by the channel that
shows it), the field it belongs to, and what to do next. Channels turn it into a page or into an RFC 9457 problem document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar

_OWN = frozenset({"code", "message", "field", "status", "hint", "data"})


def _unchanged(text: str) -> str:
    return text


class LinliError(Exception):
    """A refusal with a code, a translatable message and a way forward.

    `message` and `hint` are English msgids and may hold `%(name)s` placeholders, filled from `data` after translation.
    The attributes are set once; raise a new error instead of editing one.
    """

    default_status: ClassVar[int] = 400

    code: str
    message: str
    field: str | None
    status: int
    hint: str
    data: dict[str, Any]

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str | None = None,
        hint: str = "",
        status: int | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.field = field
        self.hint = hint
        self.data = dict(data or {})
        self.status = self.default_status if status is None else status

    def __setattr__(self, name: str, value: object) -> None:
        if name in _OWN and name in self.__dict__:
            raise AttributeError(f"{type(self).__name__}.{name} is set once; raise a new error instead")
        super().__setattr__(name, value)

    def __str__(self) -> str:
        return f"{self.code}: {self.text()}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), {name: getattr(self, name) for name in sorted(_OWN)})

    def text(self, translate: Callable[[str], str] = _unchanged) -> str:
        """The message for a person, translated and with its placeholders filled."""
        return _fill(translate(self.message), self.data)

    def next_step(self, translate: Callable[[str], str] = _unchanged) -> str:
        """The hint for a person, translated and with its placeholders filled; empty when there is none."""
        return _fill(translate(self.hint), self.data) if self.hint else ""

    def as_problem(self, translate: Callable[[str], str] = _unchanged) -> dict[str, Any]:
        """RFC 9457 problem details; `code`, `field` and `hint` are extension members. `data` is not sent: it may name people."""
        return {
            "type": f"urn:linli:problem:{self.code.lower().replace('_', '-')}",
            "title": _title(self.status),
            "status": self.status,
            "detail": self.text(translate),
            "code": self.code,
            "field": self.field,
            "hint": self.next_step(translate),
        }


class Invalid(LinliError):  # noqa: N818  (reads as the verdict it is)
    """The input breaks a rule; correct it and send it again."""

    default_status = 422


class NotFound(LinliError):  # noqa: N818  (reads as the verdict it is)
    """It does not exist, or is out of the actor's sight; the two are not told apart."""

    default_status = 404


class Refused(LinliError):  # noqa: N818  (reads as the verdict it is)
    """The actor may see it, but may not do this."""

    default_status = 403


class Conflict(LinliError):  # noqa: N818  (reads as the verdict it is)
    """The thing is not in a state that allows this, or someone changed it first."""

    default_status = 409


class TooMany(LinliError):  # noqa: N818  (reads as the verdict it is)
    """A rate or a quota is used up; wait."""

    default_status = 429


class Unavailable(LinliError):  # noqa: N818  (reads as the verdict it is)
    """Something we depend on is missing or does not answer."""

    default_status = 503


def _fill(text: str, data: Mapping[str, Any]) -> str:
    """Fill placeholders; a text without data is left alone, so that a plain per cent sign needs no doubling."""
    return text % data if data else text


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _rebuild(kind: type[LinliError], fields: dict[str, Any]) -> LinliError:
    return kind(**fields)
